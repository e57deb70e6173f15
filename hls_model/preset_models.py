# SPDX-License-Identifier: Apache-2.0
"""The paper's networks by their formats alone, for counts that do not depend on weights."""

from itertools import pairwise

import numpy as np

from pulsewright.hls_model.presets import preset_sizes
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.input_map import Feature, InputMap, fit_affine
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding, fold

PRESET_BITS = 8
# (pe, simd) of each layer, as in recipes/a1_int8.toml, a2_int8.toml and a3_int8.toml.
PRESET_FOLDINGS: dict[str, tuple[tuple[int, int], ...]] = {
    "A1": ((8, 6), (1, 8)),
    "A2": ((1, 6), (8, 8), (1, 8)),
    "A3": ((1, 6), (8, 8), (8, 8), (1, 8)),
}


def preset_model(name: str) -> IntegerMlp:
    """A preset with 8-bit weights, activations and inputs; **its weights are no trained ones**.

    Fold it with reloadable weights: accumulators are then as wide as any weights need, and layers
    have multipliers, so that counts are those of every network of these sizes and formats.
    """
    sizes = preset_sizes(name)
    x_format = FixedPoint(width=PRESET_BITS, frac=PRESET_BITS - 1, signed=True)
    features = tuple(
        fit_affine(
            Feature(name=f"x{i}", unit="mV", per_si=1000, minimum=-1000, maximum=1000), x_format
        )
        for i in range(sizes[0])
    )
    weight_format = FixedPoint(width=PRESET_BITS, frac=PRESET_BITS - 1, signed=True)
    activation = FixedPoint(width=PRESET_BITS, frac=PRESET_BITS - 1, signed=False)
    layers: list[DenseLayer] = []
    for number, (inputs, neurons) in enumerate(pairwise(sizes), start=1):
        hidden = number < len(sizes) - 1
        layers.append(
            DenseLayer(
                weights=np.ones((neurons, inputs), dtype=np.int64),
                bias=np.zeros(neurons, dtype=np.int64),
                input_format=layers[-1].result_format if layers else x_format,
                weight_format=weight_format,
                relu=hidden,
                output_format=activation if hidden else None,
            )
        )
    input_map = InputMap(features=features, code_format=x_format)
    return IntegerMlp(name=name, input_map=input_map, layers=tuple(layers))


def preset_engine(name: str) -> FoldedEngine:
    """The preset folded as in its recipe, with reloadable weights."""
    foldings = [LayerFolding(pe=pe, simd=simd) for pe, simd in PRESET_FOLDINGS[name]]
    return fold(preset_sizes(name), foldings, reloadable=True)
