# SPDX-License-Identifier: Apache-2.0
"""How a history network is made; free of Torch."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pulsewright.hls_model.closed_loop.rule import INPUTS, QUANTILES
from pulsewright.quant.settings import BitWidths, FloatTraining, QuantisedTraining, Refinement


class HistoryTraining(BaseModel):
    """Network, number formats, tuples and trainings of a history network.

    hidden: neurons of the hidden layers. tuples: histories drawn from each curve. seed: of tuples,
    split and both trainings.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hidden: tuple[Annotated[int, Field(ge=1, le=1024)], ...] = (16,)
    bits: BitWidths = BitWidths()
    tuples: Annotated[int, Field(ge=2, le=100_000)] = 300
    float_training: FloatTraining = FloatTraining(
        epochs=25, batch_size=1024, learning_rate=0.008, weight_decay=0.001, growth=1.0
    )
    quantised: QuantisedTraining = QuantisedTraining(
        epochs=15, batch_size=1024, learning_rate=0.002, refinement=Refinement.NONE
    )
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0

    @property
    def sizes(self) -> tuple[int, ...]:
        """13 inputs, hidden neurons, two quantiles."""
        return (INPUTS, *self.hidden, len(QUANTILES))
