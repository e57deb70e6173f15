# SPDX-License-Identifier: Apache-2.0
"""Stimulus of the plain test bench: extreme codes first, then random ones."""

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

VECTORS = 64


def vector_codes(model: IntegerMlp, vectors: int = VECTORS) -> IntegerArray:
    """Input codes (vectors, inputs), the same for the same model.

    First all inputs at the minimum, at the maximum and at 0, alternating ends, and each input alone
    at either end; from there on uniform codes.
    """
    low, high = model.input_format.minimum, model.input_format.maximum
    inputs = model.sizes[0]
    alternating = np.where(np.arange(inputs) % 2, low, high)
    alone = [extreme * row for row in np.eye(inputs, dtype=np.int64) for extreme in (low, high)]
    corners = [
        np.full(inputs, low),
        np.full(inputs, high),
        np.zeros(inputs, dtype=np.int64),
        alternating,
        (low + high) - alternating,
        *alone[: vectors // 2],
    ]
    random = np.random.default_rng(int(model.digest[:8], 16))
    uniform = random.integers(low, high + 1, (max(vectors - len(corners), 0), inputs))
    return np.concatenate([np.stack(corners), uniform]).astype(np.int64)[:vectors]
