# SPDX-License-Identifier: Apache-2.0
"""How much is trained for a reproduction."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pulsewright.flow.recipe_sections import TrainingSection
from pulsewright.quant.paper.drawn_rows import PUBLISHED_SEED
from pulsewright.quant.paper.protocol import PublishedTraining
from pulsewright.quant.settings import FloatTraining
from pulsewright.quant.splits import SplitKind

Fractions = tuple[Annotated[float, Field(gt=0, le=1)], ...]
Seeds = Annotated[tuple[Annotated[int, Field(ge=0, lt=2**31)], ...], Field(min_length=1)]


class ReproductionSettings(BaseModel):
    """Networks, seeds, fractions of the training rows, and the two trainings.

    The defaults keep two cores busy for some 25 minutes. The axes that the paper has no figure for
    have fewer fractions. seeds: of the published protocol; 42 by rows is the published split.
    own_seeds, own_networks: of the project's own training, always on all rows. By rows a seed has
    the same test rows in both trainings, so that they can be compared in pairs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    networks: tuple[str, ...] = ("A1", "A2", "A3")
    seeds: Seeds = (PUBLISHED_SEED, 0, 1, 2, 3)
    level_rows: Fractions = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    level_unseen: Fractions = (0.001, 0.01, 0.1, 1.0)
    increment_rows: Fractions = (0.001, 0.01, 0.05, 0.1, 1.0)
    increment_unseen: Fractions = (1.0,)
    published: PublishedTraining = PublishedTraining()
    own_networks: tuple[str, ...] = ("A1", "A2", "A3")
    own_seeds: Seeds = (0, 1, 2, 3)
    own: TrainingSection = TrainingSection()

    def own_training(self, kind: SplitKind) -> FloatTraining:
        """The project's own training on a split."""
        return self.own.float_for(kind)
