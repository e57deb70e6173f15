# SPDX-License-Identifier: Apache-2.0
"""Whole trials of the closed loop by the firmware, on a model of the coprocessor's registers."""

import ctypes
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.sim.soc.history_trials import ProgrammedDevices
from tests.firmware.register_model import BASE, Registers
from tests.history_models import random_history_model
from tests.models import fold_model
from tests.sim.soc.test_history_trials import READS, RESOLUTION, SETTING, devices_of, headers

FIRMWARE = Path(str(files("pulsewright.firmware")))
SOC_DRIVER = f"""
#include <stdbool.h>
#include <stdint.h>
extern uint32_t (*load)(uintptr_t);
extern void (*store)(uintptr_t, uint32_t);
#define PULSEWRIGHT_LOAD(address) load(address)
#define PULSEWRIGHT_STORE(address, word) store(address, word)
#define SOC_COPROCESSOR_BASE {BASE:#x}u
#define SOC_BUS
uint32_t soc_cycle(void);
void soc_exit(int code);
void put_char(char character);
void put_text(const char *text);
void put_unsigned(uint32_t value);
void put_field(const char *name, int32_t value);
#include "pulsewright.h"
"""
CONSOLE = """
#include <stdio.h>
#include "soc_driver.h"
uint32_t (*load)(uintptr_t);
void (*store)(uintptr_t, uint32_t);
char console[4096];
static unsigned long used;
static uint32_t cycle;
int exit_code = -1;
uint32_t soc_cycle(void) { return cycle += 7u; }
void soc_exit(int code) { exit_code = code; }
void put_char(char character) { if (used + 1u < sizeof console) console[used++] = character; }
void put_text(const char *text) { while (*text) put_char(*text++); }
void put_unsigned(uint32_t value) {
    char text[16];
    snprintf(text, sizeof text, "%lu", (unsigned long)value);
    put_text(text);
}
void put_field(const char *name, int32_t value) {
    char text[64];
    snprintf(text, sizeof text, " %s %ld", name, (long)value);
    put_text(text);
}
"""
SOURCES = ("programs/history_trials.c", "driver/pulsewright.c", "baseline/mlp_fused.c")
SOURCES += ("driver/pulsewright_text.c",)
FLAGS = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wconversion", "-shared", "-fPIC"]
SANITISER = ["-fsanitize=undefined", "-fno-sanitize-recover", "-Wno-unused-function"]


@pytest.fixture(scope="module")
def compiler() -> str:
    found = shutil.which("gcc")
    if found is None:
        pytest.skip("gcc is not installed")
    return found


def run(
    compiler: str, folder: Path, model: IntegerMlp, devices: ProgrammedDevices
) -> tuple[list[str], int]:
    """What the program prints, and its exit code."""
    for name, text in headers(model, devices).items():
        (folder / name).write_text(text)
    (folder / "soc_driver.h").write_text(SOC_DRIVER)
    (folder / "console.c").write_text(CONSOLE)
    include = [f"-I{folder}", *(f"-I{FIRMWARE / name}" for name in ("driver", "baseline"))]
    sources = ["console.c", *(str(FIRMWARE / name) for name in SOURCES)]
    driver = ["-include", str(folder / "soc_driver.h")]
    subprocess.run(
        [compiler, *FLAGS, *SANITISER, *driver, *include, "-o", "program.so", *sources],
        cwd=folder,
        check=True,
    )
    registers = Registers(model, FoldedEngine(layers=fold_model(model, [(2, 1), (1, 2)]).layers))
    compiled: Any = ctypes.CDLL(str(folder / "program.so"))
    hooks = {
        "load": ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_size_t)(registers.load),
        "store": ctypes.CFUNCTYPE(None, ctypes.c_size_t, ctypes.c_uint32)(registers.store),
    }
    for name, hook in hooks.items():
        pointer = ctypes.c_void_p.in_dll(compiled, name)
        pointer.value = ctypes.cast(hook, ctypes.c_void_p).value
    code = compiled.main()
    assert registers.broken == []
    text = (ctypes.c_char * 4096).in_dll(compiled, "console").value.decode()
    return text.splitlines(), code


def measures(console: list[str]) -> dict[str, dict[str, int]]:
    found = {}
    for line in console:
        kind, name, *fields = line.split()
        assert kind == "measure", line
        found[name] = dict(zip(fields[::2], map(int, fields[1::2]), strict=True))
    return found


@pytest.mark.parametrize("remember", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_every_decision_is_that_of_python(
    compiler: str, tmp_path: Path, seed: int, remember: bool
) -> None:
    model = random_history_model(seed)
    devices = devices_of(model, remember=remember)
    console, code = run(compiler, tmp_path, model, devices)
    found = measures(console)
    decisions = sum(len(trial.bursts) for trial in devices.trials)
    assert code == 0
    assert set(found) == {"history_coprocessor", "history_software"}
    for fields in found.values():
        assert (fields["trials"], fields["decisions"]) == (len(devices.trials), decisions)
        assert fields["mismatches"] == 0
        assert fields["reads"] == decisions + len(devices.trials)
        # A level at twice the rise is out of reach of both devices.
        assert fields["short"] == 2


def test_what_is_remembered_changes_decisions() -> None:
    model = random_history_model(0)
    first, other = devices_of(model), devices_of(model, remember=True)
    assert [one.bursts for one in first.trials] != [one.bursts for one in other.trials]


def test_a_decision_that_differs_or_is_left_out_is_told(compiler: str, tmp_path: Path) -> None:
    model = random_history_model(1)
    first, second, *others = devices_of(model).trials
    wrong = first._replace(bursts=[first.bursts[0] + 1, *first.bursts[1:]])
    longer = second._replace(bursts=[*second.bursts, 1])
    devices = ProgrammedDevices(READS, RESOLUTION, SETTING, [wrong, longer, *others])
    console, code = run(compiler, tmp_path, model, devices)
    assert code == 1
    assert [one["mismatches"] for one in measures(console).values()] == [2, 2]
