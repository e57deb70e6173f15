# SPDX-License-Identifier: Apache-2.0
"""Outcomes of all controllers on all sets of trials."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pulsewright.flow.closed_loop.bands import Band, bands
from pulsewright.flow.closed_loop.held_out import HeldOut
from pulsewright.flow.closed_loop.settings import ClosedLoopSettings
from pulsewright.flow.progress import Advance, StepAdvance, tracked
from pulsewright.hls_model.closed_loop.logarithm import OCTAVE
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.closed_loop.bayes_population import bayes_population
from pulsewright.quant.closed_loop.comparison import (
    Difference,
    Figures,
    figures,
    paired_difference,
    tuned,
)
from pulsewright.quant.closed_loop.controllers import (
    Family,
    bayes_family,
    blind_families,
    history_family,
)
from pulsewright.quant.closed_loop.memory_controller import BOLDER, MARGINS, RememberingNetwork
from pulsewright.quant.closed_loop.population import usual_rise
from pulsewright.quant.closed_loop.programmings import programmings, run_programmings
from pulsewright.quant.closed_loop.trials import (
    MeasuredDevices,
    Outcome,
    Trials,
    make_trials,
    overshot,
    run_trials,
)
from pulsewright.quant.datasets.sessions import sessions

BoolArray = npt.NDArray[np.bool_]

HISTORY = "history network"
REMEMBERING = "history network, device memory"
TUNED = "history network, tuned"
TUNED_REMEMBERING = "device memory, tuned"
BAYES = "Bayesian population"
BOLD = "bolder"
# Controllers that learned from other curves.
LEARNED = (HISTORY, TUNED, REMEMBERING, TUNED_REMEMBERING, BAYES)
BEST_BLIND = "best blind"
REFERENCE = "extrapolated"
COARSE_READS = "coarse reads"
# What a coarse instrument cannot tell is no error: two of its steps.
COARSE_STEPS_ALLOWED = 2


@dataclass(frozen=True)
class TrialSet:
    """Trials of one kind of devices, and every member's outcome by family.

    session: (trials,). families: outcomes by family and member. usual: the untuned member.
    """

    name: str
    held_out: HeldOut
    trials: Trials
    session: IntegerArray
    families: Mapping[str, Mapping[str, Outcome]]
    usual: Mapping[str, str]

    @property
    def title(self) -> str:
        """What is tried, and what the networks have not seen."""
        return f"{self.name}, {self.held_out.value} held out"

    @cached_property
    def allowed(self) -> BoolArray:
        """(trials,) where the untuned extrapolation overshot, which no tuned member may exceed."""
        return overshot(self.trials, self.families[REFERENCE][self.usual[REFERENCE]])

    @cached_property
    def chosen(self) -> dict[str, Outcome]:
        """One outcome a controller: blind families tuned, the best of all blind, learned ones.

        The Bayesian controller is tuned as the blind ones are, and so are the network's rule and
        that with memory, in rows of their own. The margin of the network with
        memory is tuned as well: the fewest reads on the other sessions without more overshoot
        there than the network has that remembers nothing.
        """
        blind = {name: one for name, one in self.families.items() if name not in LEARNED}
        outcomes = {
            name: tuned(self.trials, members, self.session, self.allowed)
            for name, members in blind.items()
        }
        everything = {
            f"{name}: {member}": outcome
            for name, members in blind.items()
            for member, outcome in members.items()
        }
        outcomes[BEST_BLIND] = tuned(self.trials, everything, self.session, self.allowed)
        outcomes[BAYES] = tuned(self.trials, self.families[BAYES], self.session, self.allowed)
        outcomes[HISTORY] = self.families[HISTORY][self.usual[HISTORY]]
        outcomes[TUNED] = tuned(self.trials, self.families[HISTORY], self.session, self.allowed)
        remembering = self.families[REMEMBERING]
        outcomes[REMEMBERING] = tuned(
            self.trials,
            {name: one for name, one in remembering.items() if BOLD not in name},
            self.session,
            overshot(self.trials, outcomes[HISTORY]),
        )
        outcomes[TUNED_REMEMBERING] = tuned(self.trials, remembering, self.session, self.allowed)
        return outcomes

    @cached_property
    def family_bands(self) -> dict[str, dict[str, Band]]:
        """Reads and overshoot of every member of every family, with intervals."""
        return {
            family: bands(self.trials, self.session, members)
            for family, members in self.families.items()
        }

    @cached_property
    def chosen_bands(self) -> dict[str, Band]:
        """The same of `chosen`."""
        return bands(self.trials, self.session, self.chosen)

    def figures(self, controller: str) -> Figures:
        """Of one of `chosen`."""
        return figures(self.trials, self.chosen[controller])

    def fewer_reads(self, controller: str) -> Difference:
        """Reads of the network less those of `controller`, paired, over drawn sessions."""
        one, other = self.chosen[HISTORY], self.chosen[controller]
        return paired_difference(
            one.reads.astype(np.float64), other.reads.astype(np.float64), self.session
        )

    def less_overshoot(self, controller: str) -> Difference:
        """The same of the share of trials that overshot."""
        one, other = (overshot(self.trials, self.chosen[name]) for name in (HISTORY, controller))
        return paired_difference(one.astype(np.float64), other.astype(np.float64), self.session)


def trial_sets(
    devices: MeasuredDevices,
    fold: Mapping[HeldOut, IntegerArray],
    models: Mapping[HeldOut, Mapping[int, IntegerMlp]],
    settings: ClosedLoopSettings,
    show: StepAdvance,
) -> list[TrialSet]:
    """Run all controllers: standard pulse, other pulses, coarse curves; those that there are.

    show: told of each controller that is done.

    Raises:
        PulsewrightError: no curve can be used.
    """
    found = [
        _trial_set(devices, kind, fold[kind.held_out], models[kind.held_out], settings, show)
        for kind in _device_kinds(devices)
        if kind.chosen.any()
    ]
    if not found:
        raise PulsewrightError("every curve is dead or glitched; give curves that rise")
    return found


class _DeviceKind(NamedTuple):
    """Curves that are tried together, and what the networks that try them have not seen."""

    name: str
    chosen: BoolArray
    held_out: HeldOut


def _device_kinds(devices: MeasuredDevices) -> tuple[_DeviceKind, ...]:
    quality = devices.quality
    fine = ~(quality.coarse | quality.dead | quality.spoilt)
    coarse = quality.coarse & ~quality.dead
    return (
        _DeviceKind("standard pulse", fine & devices.standard, HeldOut.SESSIONS),
        _DeviceKind("other pulses", fine & ~devices.standard, HeldOut.SESSIONS),
        _DeviceKind("other pulses", fine & ~devices.standard, HeldOut.CURVES),
        _DeviceKind(COARSE_READS, coarse, HeldOut.SESSIONS),
    )


def _trial_set(
    devices: MeasuredDevices,
    kind: _DeviceKind,
    fold: IntegerArray,
    models: Mapping[int, IntegerMlp],
    settings: ClosedLoopSettings,
    show: StepAdvance,
) -> TrialSet:
    """Run all controllers on the devices of one kind."""
    coarse_step = int(devices.resolution[kind.chosen].max()) if kind.name == COARSE_READS else 0
    trials = make_trials(
        devices,
        kind.chosen,
        settings.fractions,
        settings.tolerance,
        COARSE_STEPS_ALLOWED * coarse_step,
    )
    families = controllers(devices, fold, models)
    step = f"{kind.name}, {kind.held_out.value} held out"
    outcomes: dict[str, dict[str, Outcome]] = {one.name: {} for one in families}
    members = [(one.name, *member) for one in families for member in one.members.items()]
    for name, member, controller in tracked(members, partial(show, step)):
        outcomes[name][member] = run_trials(devices, trials, controller)
    session = sessions(devices.curves)
    outcomes[REMEMBERING] = _remembering_outcomes(
        devices, trials, session, fold, models, partial(show, f"{step}, device memory")
    )
    usual = {one.name: one.usual for one in families}
    return TrialSet(kind.name, kind.held_out, trials, session[trials.curve], outcomes, usual)


def _remembering_outcomes(
    devices: MeasuredDevices,
    trials: Trials,
    session: IntegerArray,
    fold: IntegerArray,
    models: Mapping[int, IntegerMlp],
    show: Advance,
) -> dict[str, Outcome]:
    """The network with device memory, by margin; a session is taken to be a device.

    session, fold: (curves,). Populations are of the curves that each network was trained on.
    """
    populations = {
        one: usual_rise(devices, np.flatnonzero(devices.learnable & (fold != one)))
        for one in models
    }
    order = programmings(trials, session)
    members = {
        f"{margin / OCTAVE:g} octaves{f', {bolder / OCTAVE:.1f} {BOLD}' if bolder else ''}": (
            RememberingNetwork(models, populations, fold, margin, bolder)
        )
        for margin, bolder in (*((margin, 0) for margin in MARGINS), *BOLDER)
    }
    return {
        name: run_programmings(devices, trials, order, controller)
        for name, controller in tracked(list(members.items()), show)
    }


def controllers(
    devices: MeasuredDevices, fold: IntegerArray, models: Mapping[int, IntegerMlp]
) -> list[Family]:
    """All families that remember nothing; populations are of the curves outside each fold."""
    populations = {
        one: bayes_population(devices, np.flatnonzero(devices.learnable & (fold != one)))
        for one in models
    }
    return [*blind_families(), bayes_family(populations, fold), history_family(models, fold)]


def error_after_reads(
    devices: MeasuredDevices, trials: Trials, family: Family, most_reads: int
) -> list[float]:
    """Median of |I - level| / level when a trial is stopped after 2, 3, .. reads."""
    controller = family.members[family.usual]
    return [
        figures(trials, run_trials(devices, trials, controller, reads)).relative_error
        for reads in range(2, most_reads + 1)
    ]
