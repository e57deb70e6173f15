# SPDX-License-Identifier: Apache-2.0
"""Tensors of constants, exactly: numbers as in the file, times scales that are exact reals."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.qonnx import constants as float_constants

# Exact arithmetic, number by number, is for scales and biases; weights keep theirs apart.
MOST_EXACT_VALUES = 1 << 16

Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Constant:
    """scale * numbers, of the shape of `numbers`.

    numbers: float64, or objects of `Surd`. scale: objects of `Surd` of as many dimensions, each of
    size 1 or that of the numbers; None is 1. kind: what the file stores, as a number of
    onnx.TensorProto; FLOAT for what was computed.
    """

    numbers: Numbers
    scale: Numbers | None = None
    kind: int = onnx.TensorProto.FLOAT

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape."""
        return self.numbers.shape

    @property
    def size(self) -> int:
        """The number of values."""
        return int(self.numbers.size)

    def exact(self, what: str) -> Numbers:
        """All values as objects of `Surd`.

        Raises:
            PulsewrightError: there are too many.
        """
        if self.size > MOST_EXACT_VALUES:
            raise PulsewrightError(
                f"{what} has {self.size} values, at most {MOST_EXACT_VALUES} are computed with; "
                "quantise the weights last"
            )
        numbers = self.numbers if self.numbers.dtype == object else _surds(self.numbers)
        return numbers if self.scale is None else numbers * self.scale

    def rearranged(self, change: Callable[[Numbers], Numbers]) -> "Constant":
        """Numbers and scales after the same transposition or change of shape."""
        numbers = change(self.numbers)
        if self.scale is None:
            return Constant(numbers, None, self.kind)
        if self.scale.size == 1:
            return Constant(numbers, self.scale.reshape((1,) * numbers.ndim), self.kind)
        return Constant(numbers, change(np.broadcast_to(self.scale, self.shape)), self.kind)

    def scaled(self, factors: Numbers, *, divide: bool = False) -> "Constant | None":
        """With more scale, `factors` being objects of `Surd`; None if the result were larger."""
        if np.broadcast_shapes(self.shape, factors.shape) != self.shape:
            return None
        factors = factors.reshape((1,) * (self.numbers.ndim - factors.ndim) + factors.shape)
        if divide:
            factors = RECIPROCAL(factors)
        if self.scale is None:
            return Constant(self.numbers, np.asarray(factors, dtype=object))
        return Constant(self.numbers, np.asarray(self.scale * factors, dtype=object))


def _surds(numbers: Numbers) -> Numbers:
    known: dict[float, Surd] = {}
    surds = np.empty(numbers.shape, dtype=object)
    for place, number in enumerate(numbers.flat):
        if number not in known:
            known[number] = Surd.of(Fraction(float(number)))
        surds.flat[place] = known[number]
    return surds


# NumPy's functions of objects hand a single one back without its array.
RECIPROCAL: Callable[[Numbers], Numbers] = np.frompyfunc(Surd.reciprocal, 1, 1)


def constant_of(tensor: onnx.TensorProto, what: str) -> Constant:
    """An initialiser or the tensor of a Constant node.

    Raises:
        PulsewrightError: it is not numbers, its data do not fit its shape, or it holds NaN or
            infinity.
    """
    values = float_constants.constant_of(tensor, what).values
    return Constant(values, None, tensor.data_type)
