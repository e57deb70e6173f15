# SPDX-License-Identifier: Apache-2.0
"""One dense layer in integers: formats, parameters, and the exact range of its accumulator."""

from functools import cached_property
from typing import Annotated, Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from pulsewright.hls_model.reference.fixed_point import (
    LARGEST_FRAC,
    FixedPoint,
    IntegerArray,
    Rounding,
    width_for_range,
)
from pulsewright.hls_model.reference.integer_array import (
    LARGEST_MAGNITUDE,
    IntegerField,
    integer_array,
)
from pulsewright.hls_model.reference.requantiser import Requantiser, check_reach

LARGEST_CHANNEL_SHIFT = 31


def _channel_shifts(value: Any) -> tuple[int, ...]:
    """Accept what `integer_array` accepts, in one dimension; nothing at all is an empty tuple."""
    if isinstance(value, list | tuple) and not value:
        return ()
    array = integer_array(value)
    if array.ndim != 1:
        raise ValueError(f"channel_shifts must have shape (neurons,), got {array.shape}")
    return tuple(array.tolist())


class DenseLayer(BaseModel):
    """acc[j] = bias[j] + sum_i weights[j, i] * x[i], then ReLU and requantise if it is hidden.

    weights: (neurons, inputs) in `weight_format`; bias: (neurons,) at the accumulator's scale.
    channel_shifts: one scale per output channel. Weights and bias of neuron j stand for
    2**channel_shifts[j] times what their formats say, so that its aligned accumulator
    acc[j] << channel_shifts[j] has `accumulator_frac`, and what follows works on that. Each is
    0..31 and the smallest 0, since `weight_format` carries the finest scale. Empty: one scale for
    the whole tensor.
    relu: True on hidden layers. `output_format` is unsigned; None keeps the full accumulator
    (the output layer, or a hidden layer without a requantiser).
    requantiser: makes the codes of `output_format` by multipliers and offsets of its own instead
    of by the shift that the formats imply. There is no ReLU before it: on a hidden layer the clip
    at 0 is one. An output layer may have it too, and a signed `output_format`.

    Raises:
        pydantic.ValidationError: shapes or formats disagree, or a weight, a channel shift or what
            the requantiser computes leaves its range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    weights: IntegerField
    bias: IntegerField
    input_format: FixedPoint
    weight_format: FixedPoint
    relu: bool
    output_format: FixedPoint | None = None
    rounding: Rounding = Rounding.HALF_EVEN
    channel_shifts: Annotated[tuple[int, ...], BeforeValidator(_channel_shifts)] = ()
    requantiser: Requantiser | None = None

    @model_serializer(mode="wrap")
    def _without_absent_requantiser(
        self, serialise: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        """A layer without one is written as it was before there were any: digests stay."""
        fields: dict[str, Any] = serialise(self)
        if self.requantiser is None:
            fields.pop("requantiser", None)
        return fields

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.weights.ndim != 2 or 0 in self.weights.shape:
            raise ValueError(f"weights must be (neurons, inputs), got shape {self.weights.shape}")
        if self.bias.shape != (self.neurons,):
            raise ValueError(f"bias must have shape ({self.neurons},), got {self.bias.shape}")
        if not self.weight_format.signed:
            raise ValueError(f"weights are signed, got format {self.weight_format}")
        low, high = int(self.weights.min()), int(self.weights.max())
        if low < self.weight_format.narrow_minimum or high > self.weight_format.maximum:
            raise ValueError(
                f"weights reach {low}..{high}, outside the narrow range "
                f"{self.weight_format.narrow_minimum}..{self.weight_format.maximum}"
            )
        self._check_channel_shifts()
        if abs(self.accumulator_frac) > LARGEST_FRAC:
            raise ValueError(
                f"the accumulator has {self.accumulator_frac} fractional bits, "
                f"{self.input_format.frac} of inputs and {self.weight_format.frac} of weights, "
                f"outside -{LARGEST_FRAC}..{LARGEST_FRAC}; scale the network"
            )
        if self.requantiser is not None:
            self._check_requantiser(self.requantiser)
        elif self.output_format is not None and (self.output_format.signed or not self.relu):
            raise ValueError(
                f"output_format = {self.output_format} with relu = {self.relu}; "
                "only a hidden ReLU layer requantises, to an unsigned format"
            )
        reach = self.accumulator_magnitude << self.left_shift
        if reach > LARGEST_MAGNITUDE:
            raise ValueError(
                f"the accumulator may reach {reach.bit_length()} bits and a sign, "
                f"at most {LARGEST_MAGNITUDE.bit_length()} are computed exactly; "
                "use fewer bits, or requantise the layer before"
            )
        return self

    def _check_requantiser(self, requantiser: Requantiser) -> None:
        if self.output_format is None:
            raise ValueError("a requantiser makes codes of output_format, which is None; give one")
        if self.relu and self.output_format.signed:
            raise ValueError(
                f"output_format = {self.output_format} on a hidden layer, whose codes are "
                "unsigned; put what they are shifted by into the next layer's bias"
            )
        if self.channel_shifts:
            raise ValueError(
                "channel_shifts beside a requantiser; put them into its multipliers, and leave "
                "channel_shifts empty"
            )
        if requantiser.neurons != self.neurons:
            raise ValueError(
                f"the requantiser is of {requantiser.neurons} neurons, the layer has {self.neurons}"
            )
        top = requantiser.largest_code(self.output_format)
        if not self.output_format.minimum <= top <= self.output_format.maximum:
            raise ValueError(
                f"the requantiser's top is {top}, outside output_format = {self.output_format}; "
                "give a code of that format, or leave it out"
            )
        check_reach(requantiser, *self.neuron_ranges)

    def _check_channel_shifts(self) -> None:
        if not self.channel_shifts:
            return
        if len(self.channel_shifts) != self.neurons:
            raise ValueError(
                f"channel_shifts must be empty or one for each of the {self.neurons} neurons, "
                f"got {len(self.channel_shifts)}"
            )
        low, high = min(self.channel_shifts), max(self.channel_shifts)
        if low < 0 or high > LARGEST_CHANNEL_SHIFT:
            raise ValueError(
                f"channel_shifts reach {low}..{high}, outside 0..{LARGEST_CHANNEL_SHIFT}; give the "
                "neurons weight scales nearer to each other, or one for the tensor"
            )
        if low > 0:
            raise ValueError(
                f"the smallest of channel_shifts is {low}, it must be 0; "
                "weight_format carries the finest scale"
            )

    @property
    def neurons(self) -> int:
        """Number of outputs M."""
        return int(self.weights.shape[0])

    @property
    def inputs(self) -> int:
        """Number of inputs K."""
        return int(self.weights.shape[1])

    @property
    def accumulator_frac(self) -> int:
        """Fractional bits of the aligned accumulator, frac_x + frac_w.

        Also those of products, bias and accumulator of every neuron whose channel shift is 0.
        """
        return self.input_format.frac + self.weight_format.frac

    @property
    def shift(self) -> int:
        """Right shift before the codes: the requantiser's, or frac_x + frac_w - frac_y.

        0 where the accumulator is handed on.
        """
        if self.requantiser is not None:
            return self.requantiser.shift
        return 0 if self.output_format is None else self.accumulator_frac - self.output_format.frac

    @property
    def left_shift(self) -> int:
        """What accumulators are shifted left by where `shift` is negative, else 0."""
        return max(-self.shift, 0)

    @cached_property
    def aligned_weights(self) -> IntegerArray:
        """Weights (neurons, inputs) at the finest scale, weights[j] << channel_shifts[j], int64."""
        return self._aligned(self.weights)

    @cached_property
    def aligned_bias(self) -> IntegerArray:
        """Biases (neurons,) at `accumulator_frac`, bias[j] << channel_shifts[j], int64."""
        return self._aligned(self.bias)

    def _aligned(self, values: IntegerArray) -> IntegerArray:
        """Values (neurons, ...) << channel_shifts; they fit, since `accumulator_magnitude` does."""
        if not self.channel_shifts:
            return values
        shifts = np.array(self.channel_shifts, dtype=np.int64)
        aligned = values << shifts.reshape(-1, *[1] * (values.ndim - 1))
        aligned.setflags(write=False)
        return aligned

    def _scales(self) -> npt.NDArray[np.object_]:
        """2**channel_shifts (neurons,) in unbounded integers."""
        shifts = self.channel_shifts or (0,) * self.neurons
        return np.array([1 << shift for shift in shifts], dtype=object)

    @cached_property
    def neuron_ranges(self) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
        """Smallest and largest accumulators (neurons,), by interval arithmetic."""
        weights, bias = self.weights.astype(object), self.bias.astype(object)
        ends = weights * self.input_format.minimum, weights * self.input_format.maximum
        return np.minimum(*ends).sum(axis=1) + bias, np.maximum(*ends).sum(axis=1) + bias

    @cached_property
    def accumulator_range(self) -> tuple[int, int]:
        """Smallest and largest accumulator of any neuron over all inputs, each at its own scale."""
        low, high = self.neuron_ranges
        return int(low.min()), int(high.max())

    @cached_property
    def aligned_range(self) -> tuple[int, int]:
        """Smallest and largest aligned accumulator of any neuron over all inputs."""
        low, high = self.neuron_ranges
        scales = self._scales()
        return int((low * scales).min()), int((high * scales).max())

    @cached_property
    def scaled_range(self) -> tuple[int, int]:
        """Smallest and largest multiplier * acc + offset of any neuron over all inputs.

        Without a requantiser those of the aligned accumulator.
        """
        if self.requantiser is None:
            return self.aligned_range
        low, high = self.requantiser.scaled_ranges(*self.neuron_ranges)
        return int(low.min()), int(high.max())

    @property
    def code_magnitude(self) -> int:
        """Bound on what `scaled_range` is rounded to, before or after saturation."""
        low, high = self.scaled_range
        return (max(high, -low) >> max(self.shift, 0)) + 1

    @cached_property
    def accumulator_magnitude(self) -> int:
        """Bound on |aligned acc| and on every partial sum of it, in any order of summation."""
        largest_input = max(self.input_format.maximum, -self.input_format.minimum)
        weights, bias = np.abs(self.weights.astype(object)), np.abs(self.bias.astype(object))
        return int(((weights.sum(axis=1) * largest_input + bias) * self._scales()).max())

    @property
    def accumulator_format(self) -> FixedPoint:
        """The narrowest signed format that holds every final accumulator at its neuron's scale.

        It is what adders and registers hold; `frac` is that of a channel shift of 0. Partial sums
        may leave it: two's complement additions are exact modulo 2**width.
        """
        return self._signed_format(*self.accumulator_range)

    @property
    def aligned_format(self) -> FixedPoint:
        """The narrowest signed format that holds every aligned accumulator."""
        return self._signed_format(*self.aligned_range)

    def _signed_format(self, low: int, high: int) -> FixedPoint:
        return FixedPoint(
            width=width_for_range(low, high, signed=True), frac=self.accumulator_frac, signed=True
        )

    @property
    def result_format(self) -> FixedPoint:
        """Format of what the layer hands on."""
        if self.output_format is not None:
            return self.output_format
        if not self.relu:
            return self.aligned_format
        _, high = self.aligned_range
        return FixedPoint(
            width=width_for_range(0, max(high, 0), signed=False),
            frac=self.accumulator_frac,
            signed=False,
        )
