# SPDX-License-Identifier: Apache-2.0
"""The history network with device memory, held out by fold as the network is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pulsewright.hls_model.closed_loop.history import History, PulseSetting
from pulsewright.hls_model.closed_loop.logarithm import OCTAVE
from pulsewright.hls_model.closed_loop.memory import (
    MARGIN,
    DeviceMemory,
    bursts_with_memory,
    remembered,
)
from pulsewright.hls_model.closed_loop.population import Population
from pulsewright.hls_model.closed_loop.rule import Target
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.closed_loop.trials import Outcome, Situation

# In octaves of 2**-12; which is taken is decided on other sessions.
MARGINS = (MARGIN // 2, MARGIN, MARGIN * 3 // 2)
# Margin and boldness, where the rule is tuned as blind ones are; `bursts` says what bolder is.
BOLDER = ((MARGIN // 2, OCTAVE // 10), (MARGIN, OCTAVE // 10))


@dataclass(frozen=True)
class RememberingNetwork:
    """The rule with memory, by the network and the population of each curve's fold.

    models, populations: by fold, neither of which has seen that fold's curves. fold: (curves,).
    margin, bolder: see `bursts_with_memory`.
    """

    models: Mapping[int, IntegerMlp]
    populations: Mapping[int, Population]
    fold: IntegerArray
    margin: int
    bolder: int = 0

    def bursts(self, situation: Situation, memory: DeviceMemory) -> IntegerArray:
        """(trials,) pulses to give next."""
        of_fold = self.fold[situation.curve]
        burst = np.ones_like(situation.curve)
        for one in np.unique(of_fold).tolist():
            rows = of_fold == one
            burst[rows] = bursts_with_memory(
                self.models[one],
                self.populations[one],
                DeviceMemory(*(column[rows] for column in memory)),
                History(*(column[rows] for column in situation.history)),
                PulseSetting(*(column[rows] for column in situation.setting)),
                Target(*(column[rows] for column in situation.target)),
                self.margin,
                self.bolder,
            )
        return burst

    def remember(
        self, curve: IntegerArray, memory: DeviceMemory, outcome: Outcome, first: IntegerArray
    ) -> DeviceMemory:
        """The memory after `outcome`, (trials,) all."""
        of_fold = self.fold[curve]
        after = DeviceMemory.empty(len(curve))
        for one in np.unique(of_fold).tolist():
            rows = of_fold == one
            found = remembered(
                DeviceMemory(*(column[rows] for column in memory)),
                self.populations[one],
                outcome.pulses[rows],
                first[rows],
                outcome.current[rows],
            )
            for column, values in zip(after, found, strict=True):
                column[rows] = values
        return after
