# SPDX-License-Identifier: Apache-2.0
"""Trials with the decisions of the controller in Python, as firmware gets them."""

from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.closed_loop.history import History, PulseSetting
from pulsewright.hls_model.closed_loop.memory import (
    DeviceMemory,
    bursts_with_memory,
    remembered,
)
from pulsewright.hls_model.closed_loop.rule import Target
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.package.input_map_header import input_map_header
from pulsewright.sim.soc.compiler import compile_program
from pulsewright.sim.soc.history_tables import history_population, history_tables
from pulsewright.sim.soc.history_trials import ProgrammedDevices, ProgrammedTrial
from pulsewright.sim.soc.network_header import network_header
from tests.history_models import LINEAR_POPULATION, random_history_model

PLACES = 12
SETTING = PulseSetting(
    *(np.array(column) for column in ([2000, 2200], [0, -300], *[[100_000, 50_000]] * 3))
)
READS = np.array(
    [
        1_000_000 + 600_000 * np.log2(1 + np.arange(PLACES)),
        300 + 40 * np.arange(PLACES) + 25 * (np.arange(PLACES) % 3),
    ]
).astype(np.int64)
RESOLUTION = np.array([100, 20])


def decided(
    model: IntegerMlp, device: int, level: int, tolerance: int, kept: DeviceMemory
) -> tuple[ProgrammedTrial, DeviceMemory]:
    """A trial as the integer model of the controller has it, and what is kept after it."""
    reads, listed = READS[device].tolist(), []
    previous = place = 0
    while reads[place] < level - tolerance and place < PLACES - 1:
        values = (previous, place, reads[0], reads[previous], reads[place], RESOLUTION[device])
        history = History(*(np.array([value]) for value in values))
        setting = PulseSetting(*(column[device : device + 1] for column in SETTING))
        target = Target(np.array([level]), np.array([tolerance]))
        burst = bursts_with_memory(model, LINEAR_POPULATION, kept, history, setting, target)
        listed.append(int(burst[0]))
        previous, place = place, min(place + listed[-1], PLACES - 1)
    ends = (np.array([value]) for value in (place, reads[0], reads[place]))
    after = remembered(kept, LINEAR_POPULATION, *ends)
    return ProgrammedTrial(device, level, tolerance, listed, device), after


def devices_of(model: IntegerMlp, *, remember: bool = False) -> ProgrammedDevices:
    trials = []
    for device in (0, 1):
        kept = DeviceMemory.empty(1)
        for share in (0.6, 2.0):
            level = int(READS[device, 0] + share * np.ptp(READS[device]))
            trial, after = decided(model, device, level, 2**device * 8, kept)
            trials.append(trial)
            kept = after if remember else kept
    return ProgrammedDevices(READS, RESOLUTION, SETTING, trials, remember)


def headers(model: IntegerMlp, devices: ProgrammedDevices) -> dict[str, str]:
    return {
        "network.h": network_header(model),
        "network_input_map.h": input_map_header(model, "network"),
        "history_tables.h": history_tables(),
        "history_population.h": history_population(LINEAR_POPULATION),
        "history_trials.h": devices.header(),
    }


@pytest.mark.parametrize("remember", [False, True])
def test_it_compiles_for_the_cores(tmp_path: Path, remember: bool) -> None:
    """Without a library for 64 bits, which not every compiler brings for them."""
    model = random_history_model(1)
    made = headers(model, devices_of(model, remember=remember))
    for attachment in ("SOC_BUS", "SOC_INSTRUCTION"):
        compile_program(
            "history_trials", made, ("SOC_CORE_CV32E40X", attachment),
            tmp_path / attachment, further=("baseline/mlp_fused.c",),
        )  # fmt: skip


def test_devices_that_do_not_fit_the_ram_are_refused() -> None:
    many = np.zeros((2000, 100), dtype=np.int64)
    with pytest.raises(PulsewrightError, match="take 800016 bytes; give at least one trial"):
        ProgrammedDevices(many, many[:, 0], SETTING, [ProgrammedTrial(0, 1, 1, [])])
    with pytest.raises(PulsewrightError, match="0 trials of 2 devices"):
        ProgrammedDevices(READS, RESOLUTION, SETTING, [])
