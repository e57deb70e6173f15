# SPDX-License-Identifier: Apache-2.0
"""Device memory in C against hls_model/closed_loop/memory.py, bit for bit, on this machine."""

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pulsewright.hls_model.closed_loop.history import prepare
from pulsewright.hls_model.closed_loop.memory import (
    LARGEST_KEPT,
    DeviceMemory,
    bursts_with_memory,
    remembered,
)
from pulsewright.hls_model.closed_loop.population import Population
from pulsewright.sim.soc.history_tables import history_population, history_tables
from tests.firmware.test_history_controller import LARGEST, PROGRAMS, histories, pointer, table
from tests.history_models import LINEAR_POPULATION, random_history_model, random_population

ROWS = 4000
SHIM = """
#include "history_memory.h"
void all_rises(int32_t rows, const int32_t *places, int32_t *found) {
    for (int32_t i = 0; i < rows; i++) found[i] = history_rise_at(places[i]);
}
void all_octaves(int32_t rows, const int32_t *rises, int32_t *found) {
    for (int32_t i = 0; i < rows; i++) found[i] = history_octaves_to(rises[i]);
}
/* ends: pulses, first, last. */
void remember_all(int32_t rows, const int32_t *ends, struct device_memory *memories) {
    for (int32_t i = 0; i < rows; i++) {
        history_remember(memories + i, ends[3 * i], ends[3 * i + 1], ends[3 * i + 2]);
    }
}
void all_first(int32_t rows, const int32_t *histories, const int32_t *aims, const int32_t *lines,
               const int32_t *results, const struct device_memory *memories, int32_t frac,
               int32_t *found) {
    for (int32_t i = 0; i < rows; i++) {
        const struct read_history *history = (const struct read_history *)(histories + 6 * i);
        found[i] = history_first_burst(memories + i, history, aims[2 * i], aims[2 * i + 1],
                                       lines + 2 * i, results + 2 * i, frac);
    }
}
"""


def built(folder: Path, population: Population) -> Any:
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    (folder / "history_tables.h").write_text(history_tables())
    (folder / "history_population.h").write_text(history_population(population))
    (folder / "shim.c").write_text(SHIM)
    warnings = ["-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wundef"]
    flags = ["-std=c99", *warnings, "-O1", "-shared", "-fPIC", f"-I{folder}", f"-I{PROGRAMS}"]
    flags += ["-fsanitize=undefined", "-fno-sanitize-recover"]
    target = folder / "memory.so"
    subprocess.run(["gcc", *flags, folder / "shim.c", "-o", target], check=True)
    return ctypes.CDLL(str(target))


@pytest.fixture(scope="module", params=["linear", "random"])
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    population = LINEAR_POPULATION if request.param == "linear" else random_population(3)
    return built(tmp_path_factory.mktemp("memory"), population), population


def kept(seed: int) -> DeviceMemory:
    random = np.random.default_rng(seed)
    gain = random.integers(1, LARGEST_KEPT + 1, ROWS)
    gain[random.uniform(size=ROWS) < 0.2] = 0
    deviation = (2.0 ** random.uniform(0, 16, ROWS)).astype(np.int64)
    return DeviceMemory(gain, deviation)


def packed(memory: DeviceMemory) -> np.ndarray:
    return np.ascontiguousarray(np.stack(memory, axis=1), dtype=np.uint16)


def test_the_table_both_ways(program: Any) -> None:
    compiled, population = program
    places = np.concatenate([np.arange(2**17), 2 ** np.arange(17, 31), [LARGEST]])
    rises = np.concatenate([np.arange(-3, 2**16), [LARGEST]])
    for function, values, expected in (
        (compiled.all_rises, places, population.rise_at(places)),
        (compiled.all_octaves, rises, population.octaves_to(rises)),
    ):
        found = np.zeros(len(values), dtype=np.int32)
        function(len(values), pointer(np.ascontiguousarray(values, dtype=np.int32)), pointer(found))
        assert np.array_equal(found, expected)


def test_what_is_remembered(program: Any) -> None:
    compiled, population = program
    random = np.random.default_rng(1)
    memory = kept(1)
    pulses = random.integers(0, 100, ROWS)
    pulses[random.uniform(size=ROWS) < 0.1] = 0
    first, last = ((2.0 ** random.uniform(0, 31, (2, ROWS))) - 1).astype(np.int64)
    last[:50], last[50:100] = first[:50], LARGEST
    found = packed(memory)
    ends = np.ascontiguousarray(np.stack([pulses, first, last], axis=1), dtype=np.int32)
    compiled.remember_all(ROWS, pointer(ends), pointer(found))
    assert np.array_equal(found, packed(remembered(memory, population, pulses, first, last)))
    assert (found[:, 0] == 0).any()


@pytest.mark.parametrize("seed", range(3))
def test_first_bursts(program: Any, seed: int) -> None:
    """The network's results are the integer model's; all else is C's."""
    compiled, population = program
    model = random_history_model(seed)
    history, setting, target = histories(seed, ROWS)
    fresh = history._replace(
        previous_place=0 * history.last, last_place=0 * history.last,
        previous=history.first, last=history.first,
    )  # fmt: skip
    memory = kept(seed)
    levels = (target.level, target.level + target.tolerance)
    prepared = [prepare(fresh, setting, level) for level in levels]
    features = model.input_map.features
    results = [
        model.infer(
            np.stack([one.codes(made.inputs[:, i]) for i, one in enumerate(features)], axis=1)
        )[:, output]
        for made, output in zip(prepared, (1, 0), strict=True)
    ]
    found = np.zeros(ROWS, dtype=np.int32)
    compiled.all_first(
        ROWS,
        pointer(table(fresh)),
        pointer(table(target)),
        pointer(table(tuple(made.straight_line for made in prepared))),
        pointer(table(tuple(results))),
        pointer(packed(memory)),
        model.output_format.frac,
        pointer(found),
    )
    expected = bursts_with_memory(model, population, memory, fresh, setting, target)
    known = memory.log_gain > 0
    assert np.array_equal(found[known], expected[known])
    assert len(np.unique(found[known])) > 3
