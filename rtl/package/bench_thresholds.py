# SPDX-License-Identifier: Apache-2.0
"""Input codes that leave hidden neurons at the edge of another code, which shows in a result."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.inference import forward
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

BooleanArray = npt.NDArray[np.bool_]


def threshold_codes(model: IntegerMlp, candidates: IntegerArray, most: int) -> IntegerArray:
    """At most `most` rows of `candidates` (rows, inputs), those first that tell most.

    A row tells of a hidden neuron, and of a direction, if one more or one less in its accumulator
    changes a result of the model, so that a wrong lowest bit, rounding or saturation is seen. Each
    row that is taken tells of something that those before do not, until all is told; then anew.
    """
    everything = [told for told in _tellings(model, candidates) if told.any()]
    untold: list[BooleanArray] = []
    chosen: list[int] = []
    while everything and len(chosen) < most:
        untold = untold or everything
        scores = np.sum(untold, axis=0)
        scores[chosen] = -1
        row = int(scores.argmax())
        chosen.append(row)
        untold = [told for told in untold if not told[row]]
        if scores[row] <= 0:
            break
    return candidates[chosen]


def _tellings(model: IntegerMlp, candidates: IntegerArray) -> Iterator[BooleanArray]:
    """Of each hidden neuron and direction: which rows (rows,) tell."""
    results = forward(model.layers, candidates)
    codes = candidates
    for index, layer in enumerate(model.layers[:-1]):
        before, codes = codes, forward([layer], codes)
        for step in (1, -1):
            changed = forward([_with_bias(layer, step)], before)
            for neuron in range(layer.neurons):
                told = changed[:, neuron] != codes[:, neuron]
                rows = np.flatnonzero(told)
                if rows.size:
                    one = codes[rows]
                    one[:, neuron] = changed[rows, neuron]
                    rest = forward(model.layers[index + 1 :], one)
                    told[rows] = (rest != results[rows]).any(axis=1)
                yield told


def _with_bias(layer: DenseLayer, step: int) -> DenseLayer:
    """The layer with `step` more in every accumulator."""
    fields = {name: getattr(layer, name) for name in DenseLayer.model_fields}
    return DenseLayer(**(fields | {"bias": layer.bias + step}))
