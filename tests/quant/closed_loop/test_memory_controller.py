# SPDX-License-Identifier: Apache-2.0
import numpy as np

from pulsewright.hls_model.closed_loop.history import History, PulseSetting
from pulsewright.hls_model.closed_loop.memory import (
    DeviceMemory,
    bursts_with_memory,
    remembered,
)
from pulsewright.hls_model.closed_loop.rule import Target
from pulsewright.quant.closed_loop.memory_controller import RememberingNetwork
from pulsewright.quant.closed_loop.trials import Outcome, Situation
from tests.history_models import random_history_model, random_population

FOLD = np.array([0, 1, 0, 1])
MODELS = {one: random_history_model(one) for one in (0, 1)}
POPULATIONS = {one: random_population(one) for one in (0, 1)}
CONTROLLER = RememberingNetwork(MODELS, POPULATIONS, FOLD, 1000)
CURVE = np.array([3, 0, 1, 2, 2])
MEMORY = DeviceMemory(np.array([0, 48_000, 47_000, 46_000, 45_000]), np.arange(5) * 100)
FIRST = np.array([5, 6, 7, 8, 9]) * 100_000


def test_every_curve_asks_the_network_of_its_fold() -> None:
    zero = np.zeros_like(CURVE)
    history = History(zero, zero, FIRST, FIRST, FIRST, zero + 10)
    setting = PulseSetting(*(zero + value for value in (2000, 0, 90_000, 90_000, 90_000)))
    target = Target(3 * FIRST, FIRST // 10)
    found = CONTROLLER.bursts(Situation(history, setting, target, CURVE, np.arange(5)), MEMORY)
    for fold in (0, 1):
        rows = FOLD[CURVE] == fold
        every = bursts_with_memory(
            MODELS[fold], POPULATIONS[fold], MEMORY, history, setting, target, 1000
        )
        assert np.array_equal(found[rows], every[rows])


def test_every_curve_is_remembered_by_the_population_of_its_fold() -> None:
    outcome = Outcome(np.array([0, 3, 9, 27, 4]), np.full(5, 3), FIRST * 2)
    found = CONTROLLER.remember(CURVE, MEMORY, outcome, FIRST)
    for fold in (0, 1):
        rows = FOLD[CURVE] == fold
        every = remembered(MEMORY, POPULATIONS[fold], outcome.pulses, FIRST, outcome.current)
        for column, expected in zip(found, every, strict=True):
            assert np.array_equal(column[rows], expected[rows])
