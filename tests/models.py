# SPDX-License-Identifier: Apache-2.0
"""Random models of any shape and format, for tests of every room."""

import itertools
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, Rounding
from pulsewright.hls_model.reference.input_map import (
    AffineMap,
    Feature,
    InputMap,
    fit_affine,
    fit_log_table,
)
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.requantiser import Requantiser
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import (
    LayerFolding,
    fold,
    fold_piecewise_linear,
    fold_shared_multiplier,
)
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers

Part = TypeVar("Part", DenseLayer, IntegerMlp)


def plain_input_map(
    inputs: int,
    width: int,
    pulses: int | None = None,
    pulse_input: int = 0,
    log: bool = False,
    signed: bool = True,
) -> InputMap:
    """pulses: the input numbered `pulse_input` counts them, 0 to pulses - 1."""
    if not signed:
        return _unsigned_input_map(inputs, width, pulses, pulse_input)
    code_format = FixedPoint(width=width, frac=width - 1, signed=True)
    features = [
        Feature(name=f"x{i}", unit="mV", per_si=1000, minimum=-1000, maximum=1000)
        for i in range(inputs)
    ]
    maps = [fit_affine(feature, code_format) for feature in features]
    if pulses is not None:
        number = Feature(name="N", unit="pulse", per_si=1, minimum=0, maximum=pulses - 1)
        fit = fit_log_table if log else fit_affine
        maps[pulse_input] = fit(number, code_format)
    return InputMap(features=tuple(maps), code_format=code_format)


def _unsigned_input_map(inputs: int, width: int, pulses: int | None, pulse_input: int) -> InputMap:
    """The codes themselves, and of pulse numbers the same."""
    code_format = FixedPoint(width=width, frac=width, signed=False)
    ranges = [code_format.maximum] * inputs
    units = ["code"] * inputs
    if pulses is not None:
        ranges[pulse_input], units[pulse_input] = pulses - 1, "pulse"
    features = tuple(
        AffineMap(
            name=f"x{i}",
            unit=unit,
            per_si=1,
            minimum=0,
            maximum=maximum,
            multiplier=1,
            offset=0,
            shift=0,
        )
        for i, (unit, maximum) in enumerate(zip(units, ranges, strict=True))
    )
    return InputMap(features=features, code_format=code_format)


def random_model(
    sizes: Sequence[int] = (6, 64, 1),
    seed: int = 0,
    weight_width: int = 8,
    activation_width: int = 8,
    input_width: int = 8,
    rounding: Rounding = Rounding.HALF_EVEN,
    requantised: bool = True,
    extreme: bool = False,
    per_channel: bool = False,
    pulses: int | None = None,
    pulse_input: int = 0,
    log_pulses: bool = False,
    signed_inputs: bool = True,
    multipliers: int = 0,
    output: str = "accumulator",
) -> IntegerMlp:
    """Uniform weights, or only the two extremes of their range; biases that keep ReLUs busy.

    pulses: see `plain_input_map`.

    per_channel: every neuron has its own scale; weights and biases stay those of the same seed.

    multipliers: bits of those of requantisers, on hidden layers and on that of codes; 0: none.
    """
    random = np.random.default_rng(seed)
    input_map = plain_input_map(
        sizes[0], input_width, pulses, pulse_input, log_pulses, signed_inputs
    )
    x_format = input_map.code_format
    weight_format = FixedPoint(width=weight_width, frac=weight_width - 1, signed=True)
    layers = []
    for number, (inputs, neurons) in enumerate(itertools.pairwise(sizes)):
        hidden = number < len(sizes) - 2
        limit = weight_format.maximum
        if extreme:
            weights = random.choice([-limit, limit], (neurons, inputs))
        else:
            weights = random.integers(-limit, limit + 1, (neurons, inputs))
        bias_limit = 1 + inputs * limit * x_format.maximum // 8
        shifts = random_channel_shifts(neurons, seed + number) if per_channel else ()
        output_format = None
        if hidden and requantised:
            # The largest quarter of the accumulators saturates.
            top = (inputs * limit * x_format.maximum).bit_length()
            # Between the scales: the coarsest channels saturate, the finest use few codes.
            top += max(shifts, default=0) // 2
            frac = x_format.frac + weight_format.frac - max(top - 2 - activation_width, -2)
            output_format = FixedPoint(width=activation_width, frac=frac, signed=False)
        layer = DenseLayer(
            weights=weights,
            bias=random.integers(-bias_limit, bias_limit + 1, neurons),
            input_format=x_format,
            weight_format=weight_format,
            relu=hidden,
            output_format=output_format,
            rounding=rounding,
            channel_shifts=shifts,
        )
        if (hidden and multipliers) or (not hidden and output == "code"):
            layer = with_random_requantiser(
                layer, multipliers or 1, activation_width, seed=seed + number, signed=not hidden
            )
        layers.append(layer)
        x_format = layer.result_format
    return IntegerMlp(name="random", input_map=input_map, layers=tuple(layers), output=output)


def with_random_requantiser(
    layer: DenseLayer, bits: int, code_width: int, seed: int = 0, signed: bool = False
) -> DenseLayer:
    """The layer with multipliers of up to `bits` bits whose codes use most of their range.

    Some neurons of several are constants; with one bit all others multiply by 1. Some layers do not
    use the largest codes of their format.
    """
    random = np.random.default_rng(seed)
    multiplier = random.integers(1 << (bits - 1), 1 << bits, layer.neurons)
    if layer.neurons > 2:
        multiplier[random.integers(layer.neurons)] = 0
    low, high = layer.accumulator_range
    reach = int(max(high, -low, 1)) << bits
    shift = max(reach.bit_length() - code_width - 1, 0)
    offset = random.integers(-reach // 4, reach // 4 + 1, layer.neurons)
    output_format = FixedPoint(width=code_width, frac=0, signed=signed)
    top = int(random.integers(0, output_format.maximum + 1)) if random.random() < 0.3 else None
    return changed(
        layer,
        relu=layer.relu,
        channel_shifts=(),
        output_format=output_format,
        requantiser=Requantiser(multiplier=multiplier, offset=offset, shift=shift, top=top),
    )


def random_channel_shifts(neurons: int, seed: int, largest: int = 4) -> tuple[int, ...]:
    """Shifts 0..largest, at least one of them 0 and, of several neurons, at least one not."""
    random = np.random.default_rng(seed)
    shifts = random.integers(0, largest + 1, neurons)
    order = random.permutation(neurons)
    shifts[order[0]] = 0
    if neurons > 1 and not shifts.any():
        shifts[order[1]] = random.integers(1, largest + 1)
    return tuple(shifts.tolist())


def random_codes(model: IntegerMlp, rows: int, seed: int = 0) -> IntegerArray:
    """Uniform input codes; the first two rows are the corners of the format."""
    number_format = model.input_format
    codes = np.random.default_rng(seed).integers(
        number_format.minimum, number_format.maximum + 1, (rows, model.sizes[0])
    )
    codes[0] = number_format.minimum
    codes[-1] = number_format.maximum
    return codes


def fold_model(
    model: IntegerMlp,
    foldings: Sequence[tuple[int, int]],
    incremental: bool = False,
    reloadable: bool = False,
    shallow: bool = False,
) -> FoldedEngine:
    layers = [LayerFolding(pe=pe, simd=simd) for pe, simd in foldings]
    return with_requantisers(fold(model.sizes, layers, incremental, reloadable, shallow), model)


def piecewise_linear_case(
    sizes: tuple[int, int, int], pulses: int, **parts: Any
) -> tuple[IntegerMlp, FoldedEngine]:
    """A model without a requantiser, and its engine for piecewise-linear curves."""
    model = random_model(sizes, requantised=False, pulses=pulses, **parts)
    return model, with_requantisers(fold_piecewise_linear(model.sizes), model)


def shared_multiplier_case(
    sizes: tuple[int, int, int], **parts: Any
) -> tuple[IntegerMlp, FoldedEngine]:
    """A model, and its engine with one multiplier."""
    model = random_model(sizes, **parts)
    return model, with_requantisers(fold_shared_multiplier(model.sizes), model)


def slowly_changing_codes(model: IntegerMlp, rows: int, seed: int = 0) -> IntegerArray:
    """Rows that differ from the one before in none, some or all inputs, at times by extremes."""
    random = np.random.default_rng(seed)
    code_format = model.input_format
    codes = random_codes(model, rows, seed)
    for row in range(1, rows):
        kept = random.random(model.sizes[0]) < random.choice([0, 0.5, 0.9, 1])
        codes[row] = np.where(kept, codes[row - 1], codes[row])
        if random.random() < 0.1:
            codes[row, random.integers(model.sizes[0])] = random.choice(
                [code_format.minimum, code_format.maximum]
            )
    return codes


def changed(part: Part, **fields: object) -> Part:
    """A validated copy with other fields; `model_copy` would keep cached ranges and digests."""
    kept = {name: getattr(part, name) for name in type(part).model_fields}
    return type(part)(**(kept | fields))
