# SPDX-License-Identifier: Apache-2.0
"""What a dense layer takes: integers, and the exact numbers that they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulsewright.hls_model.exact.affine import Affine, products
from pulsewright.hls_model.exact.requantised import ExactLayer
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.reference.fixed_point import IntegerArray


@dataclass(frozen=True)
class Operands:
    """Input i is gain * x[i] + shift[i], x integers from low to high."""

    gain: Surd
    shift: tuple[Surd, ...]
    low: int
    high: int

    def weighted(self, where: str, weights: IntegerArray, scales: Sequence[Surd]) -> ExactLayer:
        """The layer of scales[j] * sum_i weights[j, i] * input i; weights (neurons, inputs)."""
        zero, sums = Surd.of(0), products(weights, self.shift)
        affine = (
            Affine(tuple(scales), (zero,) * len(scales))
            .times([self.gain] * len(scales))
            .plus([scale * one for scale, one in zip(scales, sums, strict=True)])
        )
        inverse = self.gain.reciprocal() if self.gain.sign() else zero
        zero_sums = tuple(one * inverse for one in sums)
        return ExactLayer(where, weights, affine, self.low, self.high, zero_sums)
