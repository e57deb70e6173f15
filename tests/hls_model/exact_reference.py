# SPDX-License-Identifier: Apache-2.0
"""The law of docs/arithmetic.md once more, in unbounded integers and exact fractions.

Written from the law alone and deliberately slow: no NumPy, no shifts, no bit tricks.
"""

import dataclasses
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class ReferenceLayer:
    """One dense layer; `output_width` None stands for "not requantised".

    channel_shifts: the accumulator of neuron j counts in steps 2**channel_shifts[j] times the
    finest one; empty where all neurons share one step. `shift` is from the finest step.
    multiplier, offset: of the wider law, one for each neuron; empty without it. There is no ReLU
    before it, and `least` and `greatest` are what its codes saturate to.
    """

    weights: Sequence[Sequence[int]]
    bias: Sequence[int]
    relu: bool
    shift: int = 0
    output_width: int | None = None
    rounding: str = "half_even"
    channel_shifts: Sequence[int] = ()
    multiplier: Sequence[int] = ()
    offset: Sequence[int] = ()
    least: int = 0
    greatest: int = 0


def rounded(value: Fraction, rounding: str) -> int:
    below = math.floor(value)
    if rounding == "floor":
        return below
    rest = value - below
    if rest == Fraction(1, 2):
        if rounding == "half_up":
            return below + 1
        if rounding == "half_even":
            return below if below % 2 == 0 else below + 1
    elif rounding in ("half_up", "half_even"):
        return below if rest < Fraction(1, 2) else below + 1
    raise ValueError(rounding)


def shifted(value: int, shift: int, rounding: str) -> int:
    """value * 2**-shift, rounded to an integer."""
    return rounded(Fraction(value) / Fraction(2) ** shift, rounding)


def clamped(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)


def requantised(accumulator: int, shift: int, rounding: str, low: int, high: int) -> int:
    """Round first, saturate second."""
    return clamped(shifted(accumulator, shift, rounding), low, high)


def wider_codes(layer: ReferenceLayer, accumulators: Sequence[int]) -> list[int]:
    codes = []
    for value, factor, offset in zip(accumulators, layer.multiplier, layer.offset, strict=True):
        scaled = Fraction(int(factor)) * value + int(offset)
        code = rounded(scaled / 2**layer.shift, layer.rounding)
        codes.append(clamped(code, layer.least, layer.greatest))
    return codes


def layer_output(layer: ReferenceLayer, inputs: Sequence[int]) -> list[int]:
    outputs = []
    if len(layer.multiplier):
        plain = dataclasses.replace(layer, relu=False, output_width=None, multiplier=())
        return wider_codes(layer, layer_output(plain, inputs))
    shifts = layer.channel_shifts or [0] * len(layer.bias)
    for weights, bias, channel_shift in zip(layer.weights, layer.bias, shifts, strict=True):
        value = int(bias) + sum(int(w) * int(x) for w, x in zip(weights, inputs, strict=True))
        if layer.relu:
            value = max(value, 0)
        if layer.output_width is None:
            value *= 2**channel_shift
        else:
            top = 2**layer.output_width - 1
            value = requantised(value, layer.shift - channel_shift, layer.rounding, 0, top)
        outputs.append(value)
    return outputs


def network_output(layers: Iterable[ReferenceLayer], inputs: Sequence[int]) -> list[int]:
    values = [int(x) for x in inputs]
    for layer in layers:
        values = layer_output(layer, values)
    return values


def accumulator_range(
    weights: Sequence[Sequence[int]],
    bias: Sequence[int],
    low: int,
    high: int,
    channel_shifts: Sequence[int] = (),
) -> tuple[int, int]:
    """Least and greatest accumulator over every input with components in low..high.

    In steps of each neuron, or in finest steps if `channel_shifts` are given.
    """
    ends = [
        (
            2**c * (int(b) + sum(min(int(w) * low, int(w) * high) for w in row)),
            2**c * (int(b) + sum(max(int(w) * low, int(w) * high) for w in row)),
        )
        for row, b, c in zip(weights, bias, channel_shifts or [0] * len(bias), strict=True)
    ]
    return min(least for least, _ in ends), max(greatest for _, greatest in ends)


def reference_layer(layer) -> ReferenceLayer:
    """The parameters of a `DenseLayer`; the shift is taken from the formats, by the law."""
    target = layer.output_format
    shift = 0
    wider = {}
    if layer.requantiser is not None:
        shift = layer.requantiser.shift
        wider = {
            "multiplier": layer.requantiser.multiplier.tolist(),
            "offset": layer.requantiser.offset.tolist(),
            "least": -(2 ** (target.width - 1)) if target.signed else 0,
            "greatest": 2 ** (target.width - target.signed) - 1,
        }
        if layer.requantiser.top is not None:
            wider["greatest"] = layer.requantiser.top
    elif target is not None:
        shift = layer.input_format.frac + layer.weight_format.frac - target.frac
    return ReferenceLayer(
        weights=layer.weights.tolist(),
        bias=layer.bias.tolist(),
        relu=layer.relu,
        shift=shift,
        output_width=None if target is None else target.width,
        rounding=layer.rounding.value,
        channel_shifts=layer.channel_shifts,
        **wider,
    )


def reference_layers(model) -> list[ReferenceLayer]:
    """The parameters of an `IntegerMlp`."""
    return [reference_layer(layer) for layer in model.layers]


def model_output(model, codes) -> list[list[int]]:
    """What every row of integer codes must give, by the law."""
    layers = reference_layers(model)
    outputs = [network_output(layers, row) for row in codes.tolist()]
    if model.output == "argmax":
        return [[row.index(max(row))] for row in outputs]
    return outputs
