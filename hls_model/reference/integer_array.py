# SPDX-License-Identifier: Apache-2.0
"""Pydantic fields that hold arrays of 64-bit integers, and the integers that are computed with."""

from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, PlainSerializer, SkipValidation

from pulsewright.hls_model.reference.fixed_point import IntegerArray

LARGEST_INTEGER = (1 << 63) - 1
# One bit less than int64 has, so that a rounding's half step cannot carry out of it.
LARGEST_MAGNITUDE = (1 << 62) - 1


def integer_array(value: Any) -> IntegerArray:
    """Accept nested lists or arrays of integers alone: 1.0 and True are mistakes, not integers.

    Raises:
        ValueError: a number is no integer, or leaves 64 bits.
    """
    if not isinstance(value, np.ndarray) and _holds_bool(value):
        raise ValueError("expected integers, got bool")
    array = np.asarray(value)
    if array.dtype.kind not in "iu":
        raise ValueError(f"expected integers, got {array.dtype}")
    if array.size and int(array.max()) > LARGEST_INTEGER:
        raise ValueError(f"expected 64-bit signed integers, got {array.max()}")
    array = array.astype(np.int64)
    array.setflags(write=False)
    return array


def _holds_bool(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_holds_bool(item) for item in value)
    return isinstance(value, bool)


IntegerField = Annotated[
    SkipValidation[IntegerArray],
    BeforeValidator(integer_array),
    PlainSerializer(lambda array: array.tolist(), return_type=list),
]
