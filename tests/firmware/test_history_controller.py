# SPDX-License-Identifier: Apache-2.0
"""The controller in C against hls_model/closed_loop, bit for bit, on this machine."""

import ctypes
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pulsewright.hls_model.closed_loop.history import History, PulseSetting, prepare
from pulsewright.hls_model.closed_loop.logarithm import LARGEST_EXPONENT, OCTAVE, exp2, log2
from pulsewright.hls_model.closed_loop.rule import Target, bursts
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.soc.history_tables import history_tables
from tests.history_models import constant_history_model, random_history_model

PROGRAMS = Path(str(files("pulsewright.firmware") / "programs"))
LARGEST = 2**31 - 1
ROWS = 4000
SHIM = """
#include "history_controller.h"
void all_log2(int32_t rows, const int64_t *values, int32_t *results) {
    for (int32_t i = 0; i < rows; i++) results[i] = history_log2(values[i]);
}
void all_exp2(int32_t rows, const int64_t *values, int32_t *results) {
    for (int32_t i = 0; i < rows; i++) results[i] = history_exp2(values[i]);
}
/* history: 6, setting: 5, aim: level and tolerance; inputs: to level, to limit; lines: the same. */
void all_inputs(int32_t rows, const int32_t *histories, const int32_t *settings,
                const int32_t *aims, int32_t *inputs, int32_t *lines) {
    for (int32_t i = 0; i < rows; i++) {
        const struct read_history *history = (const struct read_history *)(histories + 6 * i);
        const struct pulse_setting *setting = (const struct pulse_setting *)(settings + 5 * i);
        const int64_t level = aims[2 * i];
        int32_t *to_level = inputs + 26 * i, *to_limit = to_level + 13;
        lines[2 * i] = history_prepare(history, setting, level, to_level);
        for (int k = 0; k < 13; k++) to_limit[k] = to_level[k];
        lines[2 * i + 1] = history_other_level(history, level + aims[2 * i + 1], to_limit);
    }
}
void all_bursts(int32_t rows, const int32_t *histories, const int32_t *aims, const int32_t *lines,
                const int32_t *results, int32_t frac, int32_t *found) {
    for (int32_t i = 0; i < rows; i++) {
        const struct read_history *history = (const struct read_history *)(histories + 6 * i);
        const int32_t median = history_pulses(history, lines[2 * i], results[2 * i], frac);
        const int32_t least = history_pulses(history, lines[2 * i + 1], results[2 * i + 1], frac);
        found[i] = history_burst(history, aims[2 * i], median, least);
    }
}
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    folder = tmp_path_factory.mktemp("history")
    (folder / "history_tables.h").write_text(history_tables())
    (folder / "shim.c").write_text(SHIM)
    warnings = ["-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wundef"]
    flags = ["-std=c99", *warnings, "-O1", "-shared", "-fPIC", f"-I{folder}", f"-I{PROGRAMS}"]
    flags += ["-fsanitize=undefined", "-fno-sanitize-recover"]
    target = folder / "history.so"
    subprocess.run(["gcc", *flags, folder / "shim.c", "-o", target], check=True)
    return ctypes.CDLL(str(target))


def pointer(array: np.ndarray) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


def mapped(function: Any, values: IntegerArray) -> IntegerArray:
    results = np.zeros(len(values), dtype=np.int32)
    function(len(values), pointer(np.ascontiguousarray(values, dtype=np.int64)), pointer(results))
    return results.astype(np.int64)


def histories(seed: int, rows: int = ROWS) -> tuple[History, PulseSetting, Target]:
    """Ordinary ones, and zeros, falls, full scales, coarse steps and levels below what was read."""
    random = np.random.default_rng(seed)
    last_place = random.integers(0, 99, rows)
    previous_place = random.integers(0, last_place + 1)
    previous_place[previous_place == last_place] = 0
    scale = 2.0 ** random.uniform(0, 31, rows)
    first, previous, last, level = (
        np.minimum(scale * random.uniform(0, 1, rows), LARGEST).astype(np.int64) for _ in range(4)
    )
    rising = random.uniform(size=rows) < 0.6
    first, previous, last, level = np.where(
        rising, np.sort([first, previous, last, level], axis=0), [first, previous, last, level]
    )
    fresh = last_place == 0
    previous, last = np.where(fresh, first, previous), np.where(fresh, first, last)
    for column in (first, previous, last):
        column[random.uniform(size=rows) < 0.03] = 0
    resolution = (2.0 ** random.uniform(0, 17, rows)).astype(np.int64)
    history = History(previous_place, last_place, first, previous, last, resolution)
    times = [random.integers(1, 2_000_000, rows) for _ in range(3)]
    setting = PulseSetting(
        random.integers(1900, 2500, rows), random.integers(-950, 1, rows), *times
    )
    tolerance = np.maximum(level // 32, 1)
    return history, setting, Target(np.minimum(level, LARGEST - tolerance), tolerance)


def table(columns: tuple[IntegerArray, ...]) -> np.ndarray:
    return np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.int32)


def prepared(compiled: Any, drawn: tuple[History, PulseSetting, Target]) -> tuple[Any, Any]:
    rows = len(drawn[0].last)
    inputs, lines = np.zeros((rows, 2, 13), dtype=np.int32), np.zeros((rows, 2), dtype=np.int32)
    compiled.all_inputs(
        rows, *(pointer(table(part)) for part in drawn), pointer(inputs), pointer(lines)
    )
    return inputs.astype(np.int64), lines


def test_logarithms_and_powers(compiled: Any) -> None:
    random = np.random.default_rng(0).integers(-(2**40), 2**40, 20_000)
    for values in (np.arange(-5, 1 << 18), random, random >> 9):
        assert np.array_equal(mapped(compiled.all_log2, values), log2(values))
    exponents = np.arange(-33 * OCTAVE, LARGEST_EXPONENT + 3)
    assert np.array_equal(mapped(compiled.all_exp2, exponents), exp2(exponents))
    assert np.array_equal(mapped(compiled.all_exp2, random), exp2(random))


@pytest.mark.parametrize("seed", range(3))
def test_inputs(compiled: Any, seed: int) -> None:
    drawn = histories(seed)
    history, setting, target = drawn
    inputs, lines = prepared(compiled, drawn)
    for number, level in enumerate((target.level, target.level + target.tolerance)):
        expected = prepare(history, setting, level)
        assert np.array_equal(inputs[:, number], expected.inputs)
        assert np.array_equal(lines[:, number], expected.straight_line)


@pytest.mark.parametrize(
    "model",
    [
        *(random_history_model(seed) for seed in range(3)),
        constant_history_model(-3.0, 0.0),
        constant_history_model(30.0, 30.0),
        constant_history_model(-40.0, -40.0),
    ],
)
def test_bursts(compiled: Any, model: IntegerMlp) -> None:
    """The network's results are the integer model's; all else is C's."""
    drawn = histories(7)
    history, setting, target = drawn
    inputs, lines = prepared(compiled, drawn)
    columns = [feature.codes(inputs[:, :, i]) for i, feature in enumerate(model.input_map.features)]
    code_format = model.input_format
    codes = np.clip(np.stack(columns, axis=2), code_format.minimum, code_format.maximum)
    results = np.stack([model.infer(codes[:, 0])[:, 1], model.infer(codes[:, 1])[:, 0]], axis=1)
    found = np.zeros(len(inputs), dtype=np.int32)
    compiled.all_bursts(
        len(inputs),
        pointer(table(history)),
        pointer(table(target)),
        pointer(lines),
        pointer(np.ascontiguousarray(results, dtype=np.int32)),
        model.output_format.frac,
        pointer(found),
    )
    assert np.array_equal(found, bursts(model, history, setting, target))
    assert found.min() == 1
