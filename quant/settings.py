# SPDX-License-Identifier: Apache-2.0
"""Training settings and number formats, as a recipe states them; free of Torch."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint

LearningRate = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Epochs = Annotated[int, Field(ge=1, le=100_000)]
BatchSize = Annotated[int, Field(ge=1, le=1_000_000)]
NarrowWidth = Annotated[int, Field(ge=2, le=8)]
Widths = NarrowWidth | Annotated[tuple[NarrowWidth, ...], Field(min_length=1, max_length=17)]
"""One width for all layers, or one a layer."""
ACCUMULATOR = "accumulator"
"""Of activations: a hidden layer hands on max(accumulator, 0), without a requantiser."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FloatTraining(_Settings):
    """Training of the network in floating point, AdamW with one-cycle learning rates."""

    epochs: Epochs = 480
    """Of all stages together."""
    batch_size: BatchSize = 512
    """Rows a step."""
    learning_rate: LearningRate = 0.03
    """The peak of the first stage's cycle; the later ones go up to a third."""
    weight_decay: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    """Per step, relative to the learning rate."""
    growth: Annotated[float, Field(ge=1, le=64, allow_inf_nan=False)] = 4.0
    """How many times as wide the hidden layers start before they are pruned to their size; 1 trains
    in one stage."""


# For curves and parameter sets that are not seen: a network that follows its rows closely goes
# astray on the others, and weight decay pays.
FLOAT_UNSEEN = FloatTraining(epochs=120, growth=1.0, weight_decay=0.5)


class ScaleFit(StrEnum):
    """How the first weight scales are chosen: hold the largest weight, or the least squared error.

    Scales are learned from there on.
    """

    MAX = "max"
    MSE = "mse"


class Refinement(StrEnum):
    """Which layers are searched for better integers after training; see `integer_refinement`."""

    NONE = "none"
    OUTPUT_LAYER = "output_layer"
    LAST_TWO_LAYERS = "last_two_layers"


class QuantisedTraining(_Settings):
    """Quantisation-aware training from the float network, Adam with a cosine learning rate."""

    epochs: Annotated[int, Field(ge=0, le=100_000)] = 30
    """0 calibrates alone, which is post-training quantisation."""
    batch_size: BatchSize = 1024
    """Rows a step."""
    learning_rate: LearningRate = 0.003
    """The first one, which falls to 0 along a cosine."""
    scale_fit: ScaleFit = ScaleFit.MSE
    """Where the scales of weights begin."""
    teacher: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    """Share of the float network's own predictions in the targets."""
    refinement: Refinement = Refinement.LAST_TWO_LAYERS
    """The search over integers at the end."""
    restarts: Annotated[int, Field(ge=1, le=1000)] = 1
    """How often all this is done, with other orders of rows and neurons; the best on validation is
    kept."""


class WeightScales(StrEnum):
    """How many scales a layer's weights have, one or one a neuron, and what they may be.

    PER_TENSOR, PER_CHANNEL: powers of two. PER_TENSOR_FLOAT, PER_CHANNEL_FLOAT: any float32, which
    takes a multiplier in the requantisers of hidden layers.
    """

    PER_TENSOR = "per_tensor"
    PER_CHANNEL = "per_channel"
    PER_TENSOR_FLOAT = "per_tensor_float"
    PER_CHANNEL_FLOAT = "per_channel_float"

    @property
    def by_channel(self) -> bool:
        """True if each neuron has its own."""
        return self in (WeightScales.PER_CHANNEL, WeightScales.PER_CHANNEL_FLOAT)

    @property
    def are_floats(self) -> bool:
        """True if they are not confined to powers of two."""
        return self in (WeightScales.PER_TENSOR_FLOAT, WeightScales.PER_CHANNEL_FLOAT)


class ActivationScales(StrEnum):
    """What the scale of a hidden layer's activations may be: a power of two, or any float32."""

    POWER_OF_TWO = "power_of_two"
    FLOAT = "float"


class BitWidths(_Settings):
    """Bits of weights, of hidden activations and of input codes, and how weights are scaled."""

    weights: Widths = 8
    """Bits of a weight: one width, or one for each layer."""
    activations: Widths | Literal["accumulator"] = 8
    """Bits of a hidden activation: one width, or one for each hidden layer; or "accumulator", which
    the one hidden layer hands on without a requantiser."""
    inputs: Annotated[int, Field(ge=2, le=16)] = 8
    """Bits of an input code."""
    weight_scales: WeightScales = WeightScales.PER_TENSOR
    """One scale a layer or one a neuron, powers of two or floats; floats take a multiplier in the
    requantisers of hidden layers."""
    activation_scales: ActivationScales = ActivationScales.POWER_OF_TWO
    """Powers of two, or floats, which take a multiplier in the requantisers of hidden layers."""

    @model_validator(mode="after")
    def _check_accumulators(self) -> Self:
        if self.keeps_accumulators and self.has_float_scales:
            raise ValueError(
                f'activations = "{ACCUMULATOR}" with weight_scales = "{self.weight_scales}" and '
                f'activation_scales = "{self.activation_scales}"; set weight_scales = "per_tensor" '
                'and activation_scales = "power_of_two"'
            )
        return self

    @property
    def keeps_accumulators(self) -> bool:
        """True if the hidden layer has no requantiser."""
        return self.activations == ACCUMULATOR

    @property
    def code_format(self) -> FixedPoint:
        """Format of the input codes: signed, -1 to 1."""
        return FixedPoint(width=self.inputs, frac=self.inputs - 1, signed=True)

    @property
    def has_float_scales(self) -> bool:
        """True if some scale need not be a power of two."""
        return self.weight_scales.are_floats or self.activation_scales is ActivationScales.FLOAT

    def weight_width(self, layer: int, layers: int) -> int:
        """Bits of the weights of layer 0..layers-1.

        Raises:
            PulsewrightError: the widths are given for another number of layers.
        """
        return _width("weight", self.weights, layer, layers)

    def activation_width(self, layer: int, layers: int) -> int:
        """Bits of the activations that hidden layer 0..layers-2 hands on.

        Raises:
            PulsewrightError: the widths are given for another number of hidden layers, or hidden
                layers hand on accumulators.
        """
        if isinstance(self.activations, str):
            raise PulsewrightError(
                f'activations = "{self.activations}" have the width that the weights give them; '
                "set a width from 2 to 8"
            )
        return _width("activation", self.activations, layer, layers - 1)

    def check_layers(self, layers: int) -> None:
        """Refuse widths that are given for another number of layers.

        Raises:
            PulsewrightError: they are, or accumulators for more hidden layers than one.
        """
        self.weight_width(0, layers)
        if self.keeps_accumulators and layers != 2:
            raise PulsewrightError(
                f'activations = "{ACCUMULATOR}" with {layers - 1} hidden layers, which would grow '
                "from layer to layer; use one hidden layer, or a width from 2 to 8"
            )
        if layers > 1 and not self.keeps_accumulators:
            self.activation_width(0, layers)


def _width(what: str, widths: int | tuple[int, ...], layer: int, layers: int) -> int:
    if isinstance(widths, int):
        return widths
    if len(widths) != layers:
        raise PulsewrightError(
            f"{len(widths)} {what} widths {list(widths)} for {layers} "
            f"{'hidden layers' if what == 'activation' else 'layers'}; give one width, or {layers}"
        )
    return widths[layer]
