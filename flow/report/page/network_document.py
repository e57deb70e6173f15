# SPDX-License-Identifier: Apache-2.0
"""An integer network as the page's program reads it."""

from collections.abc import Iterable
from typing import Any

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.input_map import Feature, TableMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

# JavaScript reads a JSON number into a double.
EXACT_NUMBER = 1 << 53

Integer = int | str


def exact(value: int) -> Integer:
    """The integer, as text if a double would round it."""
    return value if abs(value) < EXACT_NUMBER else str(value)


def exact_list(values: Iterable[int]) -> list[Integer]:
    """Each integer by `exact`."""
    return [exact(int(value)) for value in values]


def network_document(model: IntegerMlp) -> dict[str, Any]:
    """Features, layers and outputs of a model, as plain JSON.

    Weights and biases are aligned (shifted by their channel shifts). low, high: range of a layer's
    codes, None where accumulators are handed on.
    """
    return {
        "output": model.output.value,
        "scales": [float(scale) for scale in model.scales],
        "offsets": [float(offset) for offset in model.offsets],
        "codes": {
            "low": exact(model.input_format.minimum),
            "high": exact(model.input_format.maximum),
        },
        "features": [_feature(feature) for feature in model.input_map.features],
        "layers": [_layer(layer) for layer in model.layers],
    }


def _feature(feature: Feature) -> dict[str, Any]:
    document = feature.model_dump(mode="json")
    if isinstance(feature, TableMap):
        document["table"] = exact_list(feature.table)
    else:
        document["offset"] = exact(document["offset"])
    return document


def _layer(layer: DenseLayer) -> dict[str, Any]:
    document: dict[str, Any] = {
        "weights": [exact_list(row) for row in layer.aligned_weights.tolist()],
        "bias": exact_list(layer.aligned_bias.tolist()),
        "relu": layer.relu,
        "rounding": layer.rounding.value,
        "shift": layer.shift,
        "low": None,
        "high": None,
    }
    if layer.output_format is not None:
        document["low"] = exact(layer.output_format.minimum)
        document["high"] = exact(layer.output_format.maximum)
    if layer.requantiser is not None and layer.output_format is not None:
        document["multiplier"] = exact_list(layer.requantiser.multiplier.tolist())
        document["offset"] = exact_list(layer.requantiser.offset.tolist())
        document["high"] = exact(layer.requantiser.largest_code(layer.output_format))
    return document
