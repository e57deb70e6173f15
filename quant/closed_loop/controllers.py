# SPDX-License-Identifier: Apache-2.0
"""The controllers that are compared: history networks held out by fold, and families of blind ones.

Every family has members with other parameters; which member is taken is decided on other sessions.
"""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.closed_loop import blind
from pulsewright.hls_model.closed_loop.history import History, PulseSetting
from pulsewright.hls_model.closed_loop.logarithm import OCTAVE
from pulsewright.hls_model.closed_loop.rule import GUARD, Target, bursts
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.closed_loop.bayes import BayesController
from pulsewright.quant.closed_loop.bayes_population import BayesPopulation
from pulsewright.quant.closed_loop.trials import Controller, Situation

AIMS = (20, 30, 40, 50, 60, 70, 80, 90, 100)
LONGEST_BURSTS = (8, 16, 32)
FIRST_BURSTS = (1, 2)
FAR = (2, 4, 8)
RISKS = (0.1, 0.05, 0.02, 0.01, 0.003, 0.001)
WIDER = (1, 2)
# Of the network, for the Pareto curve and where its rule is tuned as blind ones are.
GUARDS = (1, 2, 3, 4)
# Octaves that the way by the 5 % quantile is longer, as a logarithm.
BOLDER = (0.1, 0.2, 0.3)


class Family(NamedTuple):
    """members: controllers by what distinguishes them. usual: the one that is taken untuned."""

    name: str
    members: Mapping[str, Controller]
    usual: str


def blind_families() -> list[Family]:
    """Single pulses, doubling, extrapolation in N and in log N."""
    return [
        Family("single", {"1": _single}, "1"),
        Family("doubling", {str(far): partial(_doubling, far) for far in FAR}, "4"),
        Family(
            "extrapolated",
            {
                f"{percent} %, {most}": partial(_extrapolated, percent, most)
                for percent in AIMS
                for most in LONGEST_BURSTS
            },
            "100 %, 16",
        ),
        Family(
            "extrapolated in log",
            {
                f"{percent} %, {first}": partial(_extrapolated_in_log, percent, first)
                for percent in AIMS
                for first in FIRST_BURSTS
            },
            "20 %, 1",
        ),
    ]


def history_family(models: Mapping[int, IntegerMlp], fold: IntegerArray) -> Family:
    """The rule with the network of each curve's fold, which has not seen that fold's curves.

    models: by fold. fold: (curves,). The usual member is the rule as firmware has it.
    """
    members = {str(guard): partial(_history, models, fold, guard, 0) for guard in GUARDS}
    for octaves in BOLDER:
        bolder = partial(_history, models, fold, GUARD, round(octaves * OCTAVE))
        members[f"{GUARD}, {octaves:g} octaves bolder"] = bolder
    return Family("history network", members, str(GUARD))


def bayes_family(populations: Mapping[int, BayesPopulation], fold: IntegerArray) -> Family:
    """The Bayesian controller with the population of each curve's fold, as `history_family`."""
    members = {
        f"{100 * risk:g} %, {wider}": BayesController(populations, fold, risk, wider)
        for risk in RISKS
        for wider in WIDER
    }
    return Family("Bayesian population", members, "1 %, 2")


def _single(situation: Situation) -> IntegerArray:
    return blind.single(situation.history, situation.target)


def _doubling(far: int, situation: Situation) -> IntegerArray:
    return blind.doubling(situation.history, situation.target, far)


def _extrapolated(percent: int, most: int, situation: Situation) -> IntegerArray:
    return blind.extrapolated(situation.history, situation.target, percent, most)


def _extrapolated_in_log(percent: int, first: int, situation: Situation) -> IntegerArray:
    return blind.extrapolated_in_log(situation.history, situation.target, percent, first)


def _history(
    models: Mapping[int, IntegerMlp],
    fold: IntegerArray,
    guard: int,
    bolder: int,
    situation: Situation,
) -> IntegerArray:
    of_fold = fold[situation.curve]
    burst = np.ones_like(situation.curve)
    for one in np.unique(of_fold).tolist():
        rows = of_fold == one
        burst[rows] = bursts(
            models[one],
            History(*(column[rows] for column in situation.history)),
            PulseSetting(*(column[rows] for column in situation.setting)),
            Target(*(column[rows] for column in situation.target)),
            guard,
            bolder,
        )
    return burst
