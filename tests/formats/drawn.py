# SPDX-License-Identifier: Apache-2.0
"""Networks of every format that a model file admits, drawn by Hypothesis."""

import itertools
from dataclasses import dataclass

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st
from pydantic import ValidationError

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, Rounding
from pulsewright.hls_model.reference.input_map import AffineMap, FeatureMap, InputMap, TableMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.reference.requantiser import Requantiser
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from tests.models import changed

# Of a layer; the extreme ones seldom, since most results then leave a word.
SHIFTS = ((0,), (0,), (0, 1), (0, 1, 2, 3), (0, 2), (0, 1, 7, 31))
WIDEST_INPUT = 16


@dataclass(frozen=True)
class DrawnNetwork:
    """A network and how its engine is folded."""

    model: IntegerMlp
    folded: FoldedEngine

    @property
    def kinds(self) -> list[str]:
        """What is uncommon in it, for the counts."""
        layers, code = self.model.layers, self.model.input_format
        constant = [~(layer.weights != 0).any(axis=1) for layer in layers]
        held = {
            "unsigned inputs": not code.signed,
            "inputs above 8 bits": code.width > 8,
            "weights above 8 bits": any(layer.weight_format.width > 8 for layer in layers),
            "weights of 1 bit": any(layer.weight_format.width == 1 for layer in layers),
            "channel shift of 31": any(31 in layer.channel_shifts for layer in layers),
            "neuron without weights": any(one.any() for one in constant),
            "layer without weights": any(one.all() for one in constant),
            "hidden layer without requantiser": any(
                layer.output_format is None for layer in layers[:-1]
            ),
            "pulse number": any(f.unit == "pulse" for f in self.model.input_map.features),
            "reloadable": self.folded.reloadable,
            "incremental": self.folded.incremental,
            "shallow": self.folded.layers[0].shallow,
            "multipliers in a requantiser": any(one.multiplied for one in self.folded.layers),
            "requantiser without multipliers": any(
                layer.requantiser is not None and not layer.requantiser.multiplies
                for layer in layers
            ),
            "codes as output": self.model.output == "code",
            "index as output": self.model.output == "argmax",
        }
        return [kind for kind, holds in held.items() if holds]


@st.composite
def networks(draw: st.DrawFn, widest_input: int = WIDEST_INPUT) -> DrawnNetwork:
    """Any network of a few neurons; what the model file does not admit is drawn again."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=4))
    signed = draw(st.booleans())
    code_format = FixedPoint(
        width=draw(st.one_of(st.integers(1, 9), st.integers(1, widest_input))),
        frac=draw(st.integers(-3, 15)),
        signed=signed,
    )
    input_map = draw(input_maps(sizes[0], code_format))
    layers: list[DenseLayer] = []
    try:
        for number, (inputs, neurons) in enumerate(itertools.pairwise(sizes)):
            taken = layers[-1].result_format if layers else code_format
            hidden = number < len(sizes) - 2
            layers.append(draw(dense_layers(inputs, neurons, taken, hidden)))
        model = IntegerMlp(name="drawn", input_map=input_map, layers=tuple(layers))
    except ValidationError:
        reject()
    incremental = sizes[0] > 1 and draw(st.booleans())
    foldings = [
        LayerFolding(
            pe=draw(st.integers(1, neurons)),
            simd=draw(st.integers(1, inputs - (incremental and number == 0))),
        )
        for number, (inputs, neurons) in enumerate(itertools.pairwise(sizes))
    ]
    return DrawnNetwork(
        model, fold(sizes, foldings, incremental, draw(st.booleans()), draw(st.booleans()))
    )


@st.composite
def wider_networks(draw: st.DrawFn) -> DrawnNetwork:
    """The same with multipliers in requantisers, and codes or an index as output."""
    drawn = draw(networks())
    several = drawn.model.layers[-1].neurons > 1
    output = draw(st.sampled_from([one for one in OutputKind if several or one != "argmax"]))
    layers: list[DenseLayer] = []
    try:
        for layer in drawn.model.layers:
            taken = layers[-1].result_format if layers else layer.input_format
            fields = {"input_format": taken}
            codes = layer.relu or (layer is drawn.model.layers[-1] and output == "code")
            if codes and (not layer.relu or draw(st.integers(0, 3))):
                fields |= draw(requantisers(changed(layer, **fields)))
            layers.append(changed(layer, **fields))
        model = changed(drawn.model, layers=tuple(layers), output=output)
    except ValidationError:
        reject()
    return DrawnNetwork(model, with_requantisers(drawn.folded, model))


@st.composite
def requantisers(draw: st.DrawFn, layer: DenseLayer) -> dict[str, object]:
    """Fields of a layer with one: codes of most of their range, sometimes all or none of it."""
    bits = draw(st.sampled_from([1, 1, 2, 8, 12, 21, 32]))
    each = {"min_size": layer.neurons, "max_size": layer.neurons}
    width = draw(st.one_of(st.integers(1, 8), st.integers(1, 16)))
    signed = not layer.relu and draw(st.booleans())
    output_format = FixedPoint(width=width, frac=draw(st.integers(-2, 3)), signed=signed)
    scaled = layer.accumulator_format.width + bits
    shift = draw(st.one_of(st.integers(scaled - width - 3, scaled - width + 3), st.integers(0, 62)))
    offset = st.integers(-(1 << min(scaled, 50)), 1 << min(scaled, 50))
    top = draw(st.one_of(st.none(), st.integers(output_format.minimum, output_format.maximum)))
    return {
        "channel_shifts": (),
        "output_format": output_format,
        "requantiser": Requantiser(
            multiplier=draw(st.lists(st.integers(0, (1 << bits) - 1), **each)),
            offset=draw(st.lists(st.one_of(st.just(0), offset), **each)),
            shift=min(max(shift, 0), 62),
            top=top,
        ),
    }


@st.composite
def dense_layers(
    draw: st.DrawFn, inputs: int, neurons: int, taken: FixedPoint, hidden: bool
) -> DenseLayer:
    """One layer. Widths from 1 bit on; a wide range's -2**(w-1) makes one bit more."""
    width = draw(st.one_of(st.integers(1, 8), st.sampled_from([2, 5, 7, 8, 8, 9, 12, 16])))
    weight_format = FixedPoint(width=width, frac=draw(st.integers(-2, 15)), signed=True)
    limit = weight_format.maximum
    wide_range = -(limit // 2) - 1
    weight = st.one_of(
        st.integers(-limit, limit), st.sampled_from([-limit, limit, max(wide_range, -limit)])
    )
    rows = [draw(st.lists(weight, min_size=inputs, max_size=inputs)) for _ in range(neurons)]
    without_weights = draw(st.sampled_from(["none", "none", "one", "all"]))
    for neuron in range({"none": 0, "one": 1, "all": neurons}[without_weights]):
        rows[neuron] = [0] * inputs
    bits = draw(st.sampled_from([0, 4, 8, 10, 13, 16, 20, 30]))
    bias = st.one_of(st.just(0), st.integers(-(1 << bits), 1 << bits))
    shift = st.sampled_from(draw(st.sampled_from(SHIFTS)))
    shifts = [draw(shift) for _ in range(neurons)]
    shifts = [one - min(shifts) for one in shifts]
    output_format = None
    if hidden and draw(st.integers(0, 4)):
        # Mostly near what an accumulator holds, sometimes far off: all 0, or all saturated.
        right = draw(st.one_of(st.integers(0, taken.width + width), st.integers(-3, 45)))
        frac = taken.frac + weight_format.frac - right
        output_format = FixedPoint(
            width=draw(st.one_of(st.integers(1, 8), st.integers(1, 16))), frac=frac, signed=False
        )
    return DenseLayer(
        weights=np.array(rows, dtype=np.int64),
        bias=np.array([draw(bias) for _ in range(neurons)], dtype=np.int64),
        input_format=taken,
        weight_format=weight_format,
        relu=hidden,
        output_format=output_format,
        rounding=draw(st.sampled_from(list(Rounding))),
        channel_shifts=tuple(shifts) if any(shifts) else (),
    )


@st.composite
def input_maps(draw: st.DrawFn, inputs: int, code_format: FixedPoint) -> InputMap:
    """The codes themselves; one input may count pulses, by a step or by a table."""
    low, high = code_format.minimum, code_format.maximum
    codes = {"per_si": 1, "minimum": low, "maximum": high}
    features: list[FeatureMap] = [
        AffineMap(name=f"x{i}", unit="code", **codes, multiplier=1, offset=0, shift=0)
        for i in range(inputs)
    ]
    kind = draw(st.sampled_from(["none", "step", "table"]))
    if kind != "none":
        last = draw(st.integers(1, 40))
        pulses = {"name": "N", "unit": "pulse", "per_si": 1, "minimum": 0, "maximum": last}
        if kind == "step":
            feature: FeatureMap = AffineMap(
                **pulses, multiplier=draw(st.integers(1, 5)), offset=low, shift=0
            )
        else:
            code = st.integers(low - 1, high + 1)
            table = draw(st.lists(code, min_size=last + 1, max_size=last + 1))
            feature = TableMap(**pulses, table=table)
        features[draw(st.integers(0, inputs - 1))] = feature
    return InputMap(features=tuple(features), code_format=code_format)


def drawn_codes(model: IntegerMlp, rows: int) -> IntegerArray:
    """Codes (rows, inputs): both corners, what begins the upper half, then uniform ones."""
    code = model.input_format
    random = np.random.default_rng(int(model.digest[:8], 16))
    codes = random.integers(code.minimum, code.maximum + 1, (rows, model.sizes[0]))
    codes[0], codes[1] = code.minimum, code.maximum
    codes[2] = (code.minimum + code.maximum + 1) // 2
    return codes


def physical_of(model: IntegerMlp, rows: int) -> IntegerArray:
    """Physical integers (rows, inputs) from one end of every feature to the other."""
    features = model.input_map.features
    lows, highs = ([getattr(f, end) for f in features] for end in ("minimum", "maximum"))
    random = np.random.default_rng(int(model.digest[:8], 16))
    physical = random.integers(lows, np.add(highs, 1), (rows, len(features)))
    physical[0], physical[1] = lows, highs
    return physical
