# SPDX-License-Identifier: Apache-2.0
"""The last layer: what its integers stand for, and biases that make them comparable."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.affine import Affine
from pulsewright.hls_model.exact.requantised import LARGEST_BIAS, ExactLayer
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.network_output import OutputKind

# Bits that weights may gain to make outputs comparable.
MOST_WIDENING = 16


@dataclass(frozen=True)
class Accumulators:
    """value = scale * (weights @ x + bias) + offset.

    scale: (outputs,). offset: one, or one an output.
    """

    weights: IntegerArray
    bias: IntegerArray
    scale: tuple[Surd, ...]
    offset: tuple[Surd, ...]
    negated: int


def accumulators(layer: ExactLayer, kind: OutputKind) -> Accumulators:
    """The integers whose exact values the last layer gives.

    Raises:
        PulsewrightError: an argmax is asked for of outputs whose integers cannot be compared.
    """
    layer, negated = layer.with_positive_gains()
    layer = _without_zero_gains(layer)
    gains, shifts = layer.affine.gain, layer.affine.shift
    in_steps = [shift * gain.reciprocal() for gain, shift in zip(gains, shifts, strict=True)]
    weights, zero_sums = layer.weights, list(layer.zero_sums)
    if kind is OutputKind.ARGMAX:
        weights, factor = _comparable(layer, in_steps)
        gains = tuple(gain * Surd.of(Fraction(1, factor)) for gain in gains)
        in_steps, zero_sums = (
            [one * Surd.of(factor) for one in values] for values in (in_steps, zero_sums)
        )
    bias, offsets = _biases(gains, shifts, in_steps, zero_sums)
    return Accumulators(weights, bias, gains, tuple(offsets), negated)


def _without_zero_gains(layer: ExactLayer) -> ExactLayer:
    """An output that is multiplied by 0 has weights of 0 instead, and the scale of another."""
    gains = layer.affine.gain
    constant = np.array([gain.sign() == 0 for gain in gains])
    if not constant.any():
        return layer
    other = next((gain for gain in gains if gain.sign()), Surd.of(1))
    return replace(
        layer,
        weights=np.where(constant[:, None], 0, layer.weights),
        affine=Affine(tuple(gain if gain.sign() else other for gain in gains), layer.affine.shift),
        zero_sums=tuple(
            one if gain.sign() else Surd.of(0)
            for one, gain in zip(layer.zero_sums, gains, strict=True)
        ),
    )


def _comparable(layer: ExactLayer, in_steps: list[Surd]) -> tuple[IntegerArray, int]:
    """Weights times the factor that makes all differences between the shifts whole steps."""
    remedy = 'set output = "accumulator", whose integers come with a scale and an offset each'
    if not layer.affine.has_one_gain:
        raise PulsewrightError(
            f'{layer.where}: output = "argmax" compares integers, and the outputs have different '
            f"scales; {remedy}"
        )
    differences = [one - in_steps[0] for one in in_steps]
    if not all(one.is_rational for one in differences):
        factor = MOST_WIDENING + 1
    else:
        factor = lcm(*(one.rational.denominator for one in differences))
    if factor > MOST_WIDENING:
        raise PulsewrightError(
            f'{layer.where}: output = "argmax" compares integers, and the biases of the outputs '
            f"are no integers at their scale; quantise the bias, or {remedy}"
        )
    return layer.weights * factor, factor


def _biases(
    gains: Sequence[Surd],
    shifts: Sequence[Surd],
    in_steps: Sequence[Surd],
    zero_sums: Sequence[Surd],
) -> tuple[IntegerArray, list[Surd]]:
    """Integer biases (neurons,), and offsets: 0 or one for all where integers can say the rest.

    All of the shifts if they are whole steps; else those of zero points; else, from the first
    output's on. Offsets of outputs of one scale differ only where no integers could say it.
    """
    one_gain = all(gain == gains[0] for gain in gains)
    for base in (
        [Surd.of(0)] * len(gains),
        [one - sums for one, sums in zip(in_steps, zero_sums, strict=True)],
        [in_steps[0]] * len(gains),
    ):
        rest = [one - start for one, start in zip(in_steps, base, strict=True)]
        same = all(start == base[0] for start in base)
        if same and (one_gain or base[0].sign() == 0) and _are_whole(rest):
            bias = [int(one.rational) for one in rest]
            return np.array(bias, dtype=np.int64), [base[0] * gains[0]]
    return np.zeros(len(gains), dtype=np.int64), list(shifts)


def _are_whole(values: Sequence[Surd]) -> bool:
    """True for integers that a bias may be."""
    return all(
        one.is_rational
        and one.rational.denominator == 1
        and abs(one.rational.numerator) <= LARGEST_BIAS
        for one in values
    )
