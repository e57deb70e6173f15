# SPDX-License-Identifier: Apache-2.0
"""The smallest accumulators at which an affine function of them reaches a quantiser's steps."""

from pulsewright.hls_model.exact.staircase import Staircase
from pulsewright.hls_model.exact.surd import Surd

# Digits after the point of what is irrational, before a threshold is decided exactly.
GUARD_BITS = 128


def thresholds(gain: Surd, offset: Surd, staircase: Staircase) -> tuple[list[int], bool]:
    """For each step the smallest integer a with gain * a + offset on or behind it.

    gain: positive. Returns them and whether an integer lies on a step exactly.
    """
    if gain.is_rational and offset.is_rational:
        return _rational_thresholds(gain, offset, staircase)
    return _irrational_thresholds(gain, offset, staircase)


def _rational_thresholds(gain: Surd, offset: Surd, staircase: Staircase) -> tuple[list[int], bool]:
    """Step p / d is reached where a >= (p * b - n * d) * A' / (d * b * A), gain = A / A'."""
    positions, denominator = staircase.common_positions
    slope, constant = gain.rational, offset.rational
    factor = constant.denominator * slope.denominator
    subtrahend = constant.numerator * denominator * slope.denominator
    divisor = denominator * constant.denominator * slope.numerator
    found, ties = [], False
    for position, step in zip(positions, staircase.steps, strict=True):
        quotient, remainder = divmod(position * factor - subtrahend, divisor)
        ties |= remainder == 0
        found.append(quotient + (remainder != 0 or not step.inclusive))
    return found, ties


def _irrational_thresholds(
    gain: Surd, offset: Surd, staircase: Staircase
) -> tuple[list[int], bool]:
    """In fixed point with bounds on the error; what they leave open is decided exactly."""
    positions, denominator = staircase.common_positions
    inverse = gain.reciprocal()
    start = -(offset * inverse)
    slope, constant = (one.bounds(GUARD_BITS)[0] for one in (inverse, start))
    # Each bound is at most this far below the value.
    error = max(2 * len(one.terms) for one in (inverse, start)) + 1
    found, ties = [], False
    for position, step in zip(positions, staircase.steps, strict=True):
        product = position * slope
        margin = error * (abs(position) // denominator + 3)
        near = product // denominator + constant
        low, high = (near - margin) >> GUARD_BITS, (near + margin) >> GUARD_BITS
        if low == high and (near - margin) & ((1 << GUARD_BITS) - 1):
            found.append(low + 1)
            continue
        exact = inverse * Surd.of(step.position) + start
        floor = exact.floor()
        on_step = exact.is_rational and exact.rational == floor
        ties |= on_step
        found.append(floor + (not on_step or not step.inclusive))
    return found, ties
