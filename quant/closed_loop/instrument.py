# SPDX-License-Identifier: Apache-2.0
"""Measured devices read by another instrument: fewer bits, more noise."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.trials import (
    LARGEST_READ,
    PICOAMPERES,
    MeasuredDevices,
    Outcome,
    Trials,
)


@dataclass(frozen=True)
class RereadDevices(MeasuredDevices):
    """The same curves through an instrument of steps of `step` pA that adds noise.

    step: 1 leaves the reads as they are. added_noise: standard deviation as a share of a read,
    beside the noise that was measured; the same seed draws the same. Judges see the curves as they
    were measured.

    Raises:
        PulsewrightError: the step is below 1, or the noise is not 0 to 1.
    """

    step: int = 1
    added_noise: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.step < 1 or not 0 <= self.added_noise <= 1:
            raise PulsewrightError(
                f"an instrument of steps of {self.step} pA that adds a noise of "
                f"{self.added_noise:g}; give 1 pA or more, and a share of 0 to 1"
            )

    @cached_property
    def reads(self) -> IntegerArray:
        """(curves, pulses) in pA, multiples of the step, 0 or more."""
        currents = self.curves.currents * PICOAMPERES
        drawn = np.random.default_rng(self.seed).standard_normal(currents.shape)
        steps = np.rint(currents * (1 + self.added_noise * drawn) / self.step)
        return np.clip(steps.astype(np.int64), 0, LARGEST_READ // self.step) * self.step

    @cached_property
    def resolution(self) -> IntegerArray:
        """(curves,) the coarser of this instrument's step and that of the measurement."""
        return np.maximum(MeasuredDevices(self.curves).resolution, self.step)


def full_scale_step(devices: MeasuredDevices, trials: Trials, bits: int) -> int:
    """PA a step of an ADC of `bits` whose range ends at the largest read of the trials' curves."""
    largest = int(devices.reads[np.unique(trials.curve)].max())
    return max(math.ceil(largest / ((1 << bits) - 1)), 1)


def judged_by_device(devices: MeasuredDevices, trials: Trials, outcome: Outcome) -> Outcome:
    """The outcome with the smooth curve's current after the last pulse instead of the last read."""
    smooth = devices.quality.smooth[trials.curve, outcome.pulses] * PICOAMPERES
    return outcome._replace(current=np.rint(smooth).astype(np.int64))
