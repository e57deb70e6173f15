# SPDX-License-Identifier: Apache-2.0
"""Stimulus of the plain test bench: extreme codes first, then telling ones, then random ones."""

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.package.bench_thresholds import threshold_codes

VECTORS = 64
# Of which those are chosen that tell most.
CANDIDATES = 4096


def vector_codes(model: IntegerMlp, vectors: int = VECTORS) -> IntegerArray:
    """Input codes (vectors, inputs), the same for the same model.

    First all inputs at the minimum, at the maximum and at 0, alternating ends, each input alone
    at either end, and what drives a neuron of the first layer to its largest sum; then those of
    many uniform codes that bring hidden neurons to the edge of another code; and some of these.
    """
    low, high = model.input_format.minimum, model.input_format.maximum
    inputs = model.sizes[0]
    alternating = np.where(np.arange(inputs) % 2, low, high)
    alone = [extreme * row for row in np.eye(inputs, dtype=np.int64) for extreme in (low, high)]
    largest = np.where(model.layers[0].weights[: vectors // 8] > 0, high, low)
    corners = [
        np.full(inputs, low),
        np.full(inputs, high),
        np.zeros(inputs, dtype=np.int64),
        alternating,
        (low + high) - alternating,
        *alone[: vectors // 2],
        *largest,
    ]
    random = np.random.default_rng(int(model.digest[:8], 16))
    left = max(vectors - len(corners), 0)
    uniform = random.integers(low, high + 1, (CANDIDATES + left, inputs))
    most_telling = min((left + len(largest)) * 3 // 4, left)
    telling = threshold_codes(model, uniform[left:], most_telling)
    rows = np.concatenate([np.stack(corners), telling, uniform[len(telling) : left]])
    return rows.astype(np.int64)[:vectors]
