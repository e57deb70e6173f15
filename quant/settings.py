# SPDX-License-Identifier: Apache-2.0
"""Training settings and bit widths, as a recipe states them; free of Torch."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hls_model.fixed_point import FixedPoint

LearningRate = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Epochs = Annotated[int, Field(ge=1, le=100_000)]
BatchSize = Annotated[int, Field(ge=1, le=1_000_000)]
NarrowWidth = Annotated[int, Field(ge=2, le=8)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FloatTraining(_Settings):
    """Training of the network in floating point, AdamW with one-cycle learning rates.

    epochs: of all stages. learning_rate: the peak of the first stage's cycle; the later ones go
    up to a third. weight_decay: per step, relative to the learning rate. growth: how many times as
    wide the hidden layers start before they are pruned to their size; 1 trains in one stage.
    """

    epochs: Epochs = 480
    batch_size: BatchSize = 512
    learning_rate: LearningRate = 0.03
    weight_decay: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    growth: Annotated[float, Field(ge=1, le=64, allow_inf_nan=False)] = 4.0


class QuantisedTraining(_Settings):
    """Quantisation-aware training from the float network, Adam with a cosine learning rate.

    Large batches: Brevitas' cost is per step, not per row. output_refit: solve the output layer in
    integers at the end.
    """

    epochs: Annotated[int, Field(ge=0, le=100_000)] = 30
    batch_size: BatchSize = 1024
    learning_rate: LearningRate = 0.003
    output_refit: bool = True


class BitWidths(_Settings):
    """Bits of weights, of hidden activations, and of input codes."""

    weights: NarrowWidth = 8
    activations: NarrowWidth = 8
    inputs: Annotated[int, Field(ge=2, le=16)] = 8

    @property
    def code_format(self) -> FixedPoint:
        """Format of the input codes: signed, -1 to 1."""
        return FixedPoint(width=self.inputs, frac=self.inputs - 1, signed=True)
