# SPDX-License-Identifier: Apache-2.0
"""Networks in Python's fractions, row by row, by the definitions of their operations.

Square roots have 300 digits after the point; what lies nearer to a step than that is not drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import Any

import numpy as np

from pulsewright.hls_model.exact.chain import ExactChain
from pulsewright.hls_model.exact.staircase import bipolar_staircase, integer_staircase
from pulsewright.hls_model.exact.surd import Surd

ROOT_BITS = 1000

Row = list[Fraction]


def root(square: Fraction) -> Fraction:
    scaled = (square.numerator << (2 * ROOT_BITS)) // square.denominator
    return Fraction(isqrt(scaled), 1 << ROOT_BITS)


def away_from_zero(value: Fraction, rounding: Callable[[Fraction], int]) -> int:
    return rounding(value) if value >= 0 else -rounding(-value)


ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "ROUND": round,
    "HALF_EVEN": round,
    "HALF_UP": lambda x: away_from_zero(x, lambda y: floor(y + Fraction(1, 2))),
    "HALF_DOWN": lambda x: away_from_zero(x, lambda y: ceil(y - Fraction(1, 2))),
    "FLOOR": floor,
    "CEIL": ceil,
    "DOWN": lambda x: away_from_zero(x, floor),
    "ROUND_TO_ZERO": lambda x: away_from_zero(x, floor),
    "UP": lambda x: away_from_zero(x, ceil),
}


@dataclass(frozen=True)
class Quantiser:
    scale: Fraction
    zero_point: Fraction
    low: int
    high: int
    rounding: str
    after: bool
    bipolar: bool = False

    def __call__(self, value: Fraction) -> Fraction:
        if self.bipolar:
            return self.scale if value >= 0 else -self.scale
        before, after = (0, self.zero_point) if self.after else (self.zero_point, 0)
        code = ROUNDINGS[self.rounding](value / self.scale + before) + after
        return (min(max(code, self.low), self.high) - self.zero_point) * self.scale


class Reference:
    """Operations, kept to be run on rows of fractions."""

    def __init__(self) -> None:
        self.operations: list[Callable[[Row], Row]] = []

    def times(self, factors: Sequence[Fraction]) -> None:
        every = list(factors)
        self.operations.append(
            lambda row: [x * f for x, f in zip(row, spread(every, row), strict=True)]
        )

    def divide(self, divisors: Sequence[Fraction]) -> None:
        every = list(divisors)
        self.operations.append(
            lambda row: [x / d for x, d in zip(row, spread(every, row), strict=True)]
        )

    def divide_by_roots(self, squares: Sequence[Fraction]) -> None:
        self.divide([root(one) for one in squares])

    def plus(self, summands: Sequence[Fraction]) -> None:
        every = list(summands)
        self.operations.append(
            lambda row: [x + s for x, s in zip(row, spread(every, row), strict=True)]
        )

    def normalise(self, normalisation: "BatchNormalisation") -> None:
        normalisation.onto(self)

    def clip(self, low: Fraction | None, high: Fraction | None) -> None:
        self.operations.append(
            lambda row: [
                x if low is None or x > low else low
                for x in ([x if high is None or x < high else high for x in row])
            ]
        )

    def quantise(self, quantiser: Quantiser) -> None:
        self.operations.append(lambda row: [quantiser(x) for x in row])

    def dense(self, weights: np.ndarray, scales: Sequence[Fraction]) -> None:
        """scales[j] * weights[j, i]."""
        rows, every = weights.tolist(), list(scales)
        self.operations.append(
            lambda row: [
                scale * sum(w * x for w, x in zip(weights_of, row, strict=True))
                for weights_of, scale in zip(rows, spread(every, rows), strict=True)
            ]
        )

    def run(self, row: Row) -> Row:
        for operation in self.operations:
            row = operation(row)
        return row


@dataclass(frozen=True)
class BatchNormalisation:
    """gamma * (x - mean) / root(variance + epsilon) + beta, by channel."""

    gamma: Sequence[Fraction]
    beta: Sequence[Fraction]
    mean: Sequence[Fraction]
    variance: Sequence[Fraction]
    epsilon: Fraction

    def onto(self, network: Reference) -> None:
        network.plus([-one for one in self.mean])
        network.divide_by_roots([one + self.epsilon for one in self.variance])
        network.times(self.gamma)
        network.plus(self.beta)


class Recorded(Reference):
    """Operations that are handed to a chain as well."""

    def __init__(self, chain: ExactChain) -> None:
        super().__init__()
        self.chain = chain

    def _name(self) -> str:
        return f"node {len(self.operations)}"

    def times(self, factors: Sequence[Fraction]) -> None:
        self.chain.times(self._name(), [Surd.of(one) for one in factors])
        super().times(factors)

    def divide(self, divisors: Sequence[Fraction]) -> None:
        self.chain.times(self._name(), [Surd.of(one).reciprocal() for one in divisors])
        super().divide(divisors)

    def divide_by_roots(self, squares: Sequence[Fraction]) -> None:
        self.chain.times(self._name(), [Surd.root(one).reciprocal() for one in squares])
        super().divide([root(one) for one in squares])

    def plus(self, summands: Sequence[Fraction]) -> None:
        self.chain.plus(self._name(), [Surd.of(one) for one in summands])
        super().plus(summands)

    def clip(self, low: Fraction | None, high: Fraction | None) -> None:
        self.chain.clip(self._name(), low, high)
        super().clip(low, high)

    def quantise(self, quantiser: Quantiser) -> None:
        if quantiser.bipolar:
            made = bipolar_staircase(self._name(), quantiser.scale)
        else:
            made = integer_staircase(
                self._name(),
                quantiser.scale,
                quantiser.zero_point,
                (quantiser.low, quantiser.high),
                quantiser.rounding,
                zero_point_after_rounding=quantiser.after,
            )
        self.chain.quantise(made)
        super().quantise(quantiser)

    def dense(self, weights: np.ndarray, scales: Sequence[Fraction]) -> None:
        self.chain.dense(self._name(), weights, [Surd.of(one) for one in scales])
        super().dense(weights, scales)


def spread(values: Sequence[Fraction], row: Sequence[Any]) -> Sequence[Fraction]:
    return list(values) * len(row) if len(values) == 1 else values


def float32(random: np.random.Generator, low: float, high: float) -> Fraction:
    """A number as a file has it."""
    return nearest_float32(np.exp(random.uniform(np.log(low), np.log(high))))


def nearest_float32(value: Fraction | float) -> Fraction:
    return Fraction(float(np.float32(float(value))))
