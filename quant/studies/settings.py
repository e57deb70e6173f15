# SPDX-License-Identifier: Apache-2.0
"""What all configurations of a study share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.paper.protocol import PublishedTraining
from pulsewright.quant.settings import FLOAT_UNSEEN, FloatTraining
from pulsewright.quant.splits import TEST_FRACTION, VALIDATION_FRACTION, Split, SplitKind, split


class StudySettings(BaseModel):
    """What all points of a study share.

    initiation_interval: cycles between inferences that the folding must reach; multipliers, latency
    and energy are those of the cheapest folding that does. published_a1: whether A1 is trained by
    the published protocol as well, which takes minutes, to compare with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    test_fraction: Annotated[float, Field(gt=0, lt=1)] = TEST_FRACTION
    validation_fraction: Annotated[float, Field(gt=0, lt=1)] = VALIDATION_FRACTION
    initiation_interval: Annotated[int, Field(ge=1, le=1_000_000)] = 8
    float_training: FloatTraining = FloatTraining()
    float_unseen: FloatTraining = FLOAT_UNSEEN
    published_a1: bool = False
    published_training: PublishedTraining = PublishedTraining()

    def float_for(self, kind: SplitKind) -> FloatTraining:
        """The settings of float training on a split."""
        return self.float_training if kind is SplitKind.ROWS else self.float_unseen

    def split(self, curves: PulseCurves, kind: SplitKind, seed: int) -> Split:
        """Train, validation and test rows.

        Raises:
            PulsewrightError: a part stays empty.
        """
        return split(curves, kind, seed, self.test_fraction, self.validation_fraction)
