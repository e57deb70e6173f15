# SPDX-License-Identifier: Apache-2.0
"""Trials of a programming controller on curves as they were measured, in integers of picoampere.

Nothing of a curve's future reaches the controller: it gets reads, the resolution of the instrument
and the pulse setting. Targets and tolerances are set from the smooth curve, by whoever judges.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.closed_loop.history import History, PulseSetting
from pulsewright.hls_model.closed_loop.rule import Target
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.datasets.curve_quality import CurveQuality, curve_quality
from pulsewright.quant.datasets.pulse_curves import PARAMETERS, PulseCurves

BoolArray = npt.NDArray[np.bool_]

PICOAMPERES = 1e12
LARGEST_READ = 2**31 - 1
MOST_READS = 60
FRACTIONS = (0.25, 0.5, 0.75)
TOLERANCE = 1 / 32
# Devices whose noise is a tenth of their rise cannot be told from dead ones by a few reads.
MOST_NOISE = 0.1

Controller = Callable[["Situation"], IntegerArray]
"""From a situation to the pulses to give next, (trials,), 1 or more."""


Record = Callable[[IntegerArray, IntegerArray], None]


class Situation(NamedTuple):
    """What a controller may know, of several trials.

    curve: which network has not seen it. trial: numbers of the trials, by which a device is known
    again.
    """

    history: History
    setting: PulseSetting
    target: Target
    curve: IntegerArray
    trial: IntegerArray


class Trials(NamedTuple):
    """(trials,) the curve, the level and the tolerance in pA."""

    curve: IntegerArray
    level: IntegerArray
    tolerance: IntegerArray


class Outcome(NamedTuple):
    """(trials,) pulses given, reads (the first, before any pulse, included), last read in pA."""

    pulses: IntegerArray
    reads: IntegerArray
    current: IntegerArray


@dataclass(frozen=True)
class MeasuredDevices:
    """Curves as devices: reads in pA, settings in mV and us, and what judges know of them."""

    curves: PulseCurves

    @cached_property
    def quality(self) -> CurveQuality:
        """Grid, noise and shape; the smooth curve is for judges and training alone."""
        return curve_quality(self.curves)

    @cached_property
    def reads(self) -> IntegerArray:
        """(curves, pulses) in pA."""
        return picoamperes(self.curves.currents)

    @cached_property
    def resolution(self) -> IntegerArray:
        """(curves,) the step of the instrument in pA, 1 or more."""
        return np.maximum(picoamperes(self.quality.resolution), 1)

    @cached_property
    def setting(self) -> PulseSetting:
        """(curves,) each, in mV and us."""
        scales = [quantity.per_si for quantity in PARAMETERS]
        columns = np.rint(self.curves.parameters * scales).astype(np.int64).T
        return PulseSetting(*columns)

    @cached_property
    def standard(self) -> BoolArray:
        """(curves,) which are of the setting measured most often."""
        frequent = np.bincount(self.curves.parameter_set).argmax()
        return np.asarray(self.curves.parameter_set == frequent)

    @cached_property
    def learnable(self) -> BoolArray:
        """(curves,) alive, with a noise below a tenth of the rise, and no two glitches."""
        quality = self.quality
        quiet = quality.noise < MOST_NOISE * quality.rise
        learnable: BoolArray = quiet & ~quality.dead & (quality.glitches.sum(axis=1) < 2)
        return learnable


def picoamperes(currents: npt.NDArray[np.float64]) -> IntegerArray:
    """Amperes, any shape, as integers of pA; below zero, where only noise gets, 0.

    Raises:
        PulsewrightError: one is above 2.1 mA.
    """
    scaled = np.rint(currents * PICOAMPERES)
    if (scaled > LARGEST_READ).any():
        raise PulsewrightError(
            f"a current of {currents.max()} A is above the 2.1 mA that 32 bits of picoampere hold; "
            "give currents in A"
        )
    return np.maximum(scaled, 0).astype(np.int64)


def make_trials(
    devices: MeasuredDevices,
    chosen: BoolArray,
    fractions: tuple[float, ...] = FRACTIONS,
    tolerance: float = TOLERANCE,
    least_tolerance: int = 0,
) -> Trials:
    """Levels at `fractions` of the rise of each chosen curve, with a tolerance relative to it.

    chosen: (curves,). tolerance: of the rise. least_tolerance: in pA; what the instrument cannot
    tell is no error. Levels that the first read is at already are left out.

    Raises:
        PulsewrightError: no trial is left.
    """
    smooth, rise = devices.quality.smooth, devices.quality.rise
    listed = []
    for curve in np.flatnonzero(chosen).tolist():
        allowed = max(round(tolerance * rise[curve] * PICOAMPERES), least_tolerance, 1)
        for fraction in fractions:
            level = round((smooth[curve, 0] + fraction * rise[curve]) * PICOAMPERES)
            if level - allowed > devices.reads[curve, 0]:
                listed.append((curve, level, allowed))
    if not listed:
        raise PulsewrightError(
            "no curve starts below a level that it is to reach; give curves that rise"
        )
    return Trials(*np.array(listed, dtype=np.int64).T)


def run_trials(
    devices: MeasuredDevices,
    trials: Trials,
    controller: Controller,
    most_reads: int = MOST_READS,
    record: Record | None = None,
) -> Outcome:
    """Program every device to its level: pulses, a read, and again until it is there or past.

    Ends at level - tolerance or above, after the last pulse of the curve, or after `most_reads`.
    record: is told the numbers of the trials of each round, and their bursts.
    """
    last_place = devices.curves.pulses - 1
    place = np.zeros_like(trials.curve)
    previous = np.zeros_like(place)
    reads = np.ones_like(place)
    while True:
        current = devices.reads[trials.curve, place]
        active = np.flatnonzero(
            (current < trials.level - trials.tolerance)
            & (place < last_place)
            & (reads < most_reads)
        )
        if not active.size:
            return Outcome(place, reads, current)
        burst = controller(_situation(devices, trials, previous, place, active))
        if record is not None:
            record(active, burst)
        previous[active] = place[active]
        place[active] = np.minimum(place[active] + np.maximum(burst, 1), last_place)
        reads[active] += 1


def _situation(
    devices: MeasuredDevices,
    trials: Trials,
    previous: IntegerArray,
    place: IntegerArray,
    active: IntegerArray,
) -> Situation:
    curve = trials.curve[active]
    history = History(
        previous[active],
        place[active],
        devices.reads[curve, 0],
        devices.reads[curve, previous[active]],
        devices.reads[curve, place[active]],
        devices.resolution[curve],
    )
    setting = PulseSetting(*(column[curve] for column in devices.setting))
    target = Target(trials.level[active], trials.tolerance[active])
    return Situation(history, setting, target, curve, active)


def overshot(trials: Trials, outcome: Outcome) -> BoolArray:
    """(trials,) which ended above level + tolerance."""
    return np.asarray(outcome.current > trials.level + trials.tolerance)


def short(trials: Trials, outcome: Outcome) -> BoolArray:
    """(trials,) which ended below level - tolerance."""
    return np.asarray(outcome.current < trials.level - trials.tolerance)
