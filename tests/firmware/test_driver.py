# SPDX-License-Identifier: Apache-2.0
"""Probing, jobs and events of the driver."""

import ctypes
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.rtl.registers.register_map import compile_register_map
from tests.firmware.compiled_driver import (
    ACQUIRED,
    BUSY,
    DRIVER,
    END,
    MISALIGNED,
    NO_DEVICE,
    NOT_ACQUIRED,
    NOT_REACHED,
    OK,
    OUT_OF_RANGE,
    UNSUPPORTED,
    WRONG_VERSION,
    Driver,
)
from tests.firmware.conftest import Make
from tests.firmware.register_model import BASE, Registers, swept
from tests.models import random_codes, random_model


def test_the_offsets_are_those_of_the_register_map() -> None:
    text = (DRIVER / "pulsewright.h").read_text()
    offsets = {
        name: int(value, 16)
        for name, value in re.findall(r"#define PULSEWRIGHT_(\w+) 0x([0-9A-F]+)u\n", text)
    }
    for register in compile_register_map(random_model((6, 5, 1))).registers:
        name, _, rest = register.name.partition("[")
        # Of an array the first register, of the layers the first of the first.
        if rest in ("", "0]", "0].SHAPE"):
            assert offsets[name] == register.address, name


def test_probe_reads_what_the_coprocessor_says(make: Make) -> None:
    driver = make(input_width=12)
    device, model = driver.device, driver.registers.model
    assert (device.inputs, device.results, device.layers) == (6, 2, 2)
    assert (device.input_width, device.lane_bits) == (12, 16)
    assert device.result_width == model.output_format.width
    assert device.result_frac == model.output_format.frac
    assert device.model_digest == int(model.digest[:8], 16)
    assert (device.sweep, device.sweep_input) == (True, 2)
    assert (device.sweep_minimum, device.sweep_maximum) == (2, 60)
    assert (device.reloadable, device.incremental, device.fifo_depth) == (False, False, 8)
    assert all(kind == "load" for kind, _, _ in driver.registers.accesses)


@pytest.mark.parametrize(
    ("register", "word", "status"),
    [
        ("IDENTITY", 0x50554C54, NO_DEVICE),
        ("IDENTITY", 0xFFFF_FFFF, NO_DEVICE),
        ("VERSION", 3 << 16, WRONG_VERSION),
        ("VERSION", 0x0001_0000, WRONG_VERSION),
        ("VERSION", 2 << 16 | 9, OK),
    ],
)
def test_probe_knows_its_kind(make: Make, register: str, word: int, status: int) -> None:
    driver = make()
    driver.registers.constants[driver.registers.address(register)] = word
    assert driver.probe() == status


@pytest.mark.parametrize(("inputs", "input_width"), [(6, 8), (4, 8), (9, 5), (3, 16), (5, 10)])
def test_inferences_are_those_of_the_model(make: Make, inputs: int, input_width: int) -> None:
    driver = make((inputs, 5, 3), ((2, 2), (1, 2)), input_width=input_width)
    codes = random_codes(driver.registers.model, 20)
    for row, expected in zip(codes, driver.registers.model.infer(codes), strict=True):
        assert driver.infer(row) == (OK, expected.tolist())


def test_an_a1_inference_is_two_stores_and_one_load(make: Make) -> None:
    driver = make((6, 8, 1), ((2, 6), (1, 2)))
    codes = random_codes(driver.registers.model, 2)
    driver.infer(codes[0])
    driver.registers.accesses.clear()
    driver.infer(codes[1])
    offsets = [(kind, offset) for kind, offset, _ in driver.registers.accesses]
    assert offsets == [("store", 0x80), ("store", 0x84), ("load", 0x100)]
    words = [word for kind, _, word in driver.registers.accesses if kind == "store"]
    driver.registers.accesses.clear()
    packed = (ctypes.c_uint32 * 2)(*words)
    result = driver.compiled.infer_packed(ctypes.byref(driver.device), packed, 2)
    assert result == driver.registers.model.infer(codes[1:])[0, 0]
    assert [offset for _, offset, _ in driver.registers.accesses] == [0x80, 0x84, 0x100]


@pytest.mark.parametrize("code", [-129, 128, 32767])
def test_a_code_out_of_range_is_refused_before_anything_is_written(make: Make, code: int) -> None:
    driver = make()
    driver.registers.accesses.clear()
    codes = np.array([0, 0, 0, 0, 0, code])
    assert driver.infer(codes)[0] == OUT_OF_RANGE
    assert driver.curve(codes, 2, 3) == OUT_OF_RANGE
    assert driver.registers.accesses == []


@pytest.mark.parametrize("increments", [False, True])
def test_a_curve_gives_all_results_and_then_ends(make: Make, increments: bool) -> None:
    driver = make()
    model = driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    codes = random_codes(model, 3)[1]
    expected = swept(model, sweep, codes, 5, 40)
    assert driver.infer(codes)[0] == OK
    assert driver.curve(codes, 5, 40, increments) == OK
    got = []
    while (answer := driver.next())[0] == OK:
        got.append(answer[1])
    assert answer[0] == END
    values = np.array(got).reshape(-1, 2)
    assert np.array_equal(np.cumsum(values, axis=0) if increments else values, expected)
    assert driver.infer(codes) == (OK, model.infer(codes.reshape(1, -1))[0].tolist())


def test_nothing_else_begins_while_a_curve_is_not_taken(make: Make) -> None:
    driver = make()
    codes = random_codes(driver.registers.model, 2)[0]
    assert driver.curve(codes, 2, 4) == OK
    assert driver.infer(codes)[0] == BUSY
    assert driver.curve(codes, 2, 4) == BUSY
    assert driver.reach(codes, 2, 4, 0)[0] == BUSY
    driver.call("soft_clear")
    assert driver.next()[0] == END
    assert driver.infer(codes)[0] == OK


@pytest.mark.parametrize(("n0", "n1"), [(1, 5), (5, 61), (9, 8), (0, 65535)])
def test_pulse_numbers_out_of_range_are_refused(make: Make, n0: int, n1: int) -> None:
    driver = make()
    codes = random_codes(driver.registers.model, 2)[0]
    assert driver.curve(codes, n0, n1) == OUT_OF_RANGE
    assert driver.reach(codes, n0, n1, 0)[0] == OUT_OF_RANGE
    assert not driver.registers.acquired


def test_reach_finds_the_first_pulse_number(make: Make) -> None:
    driver = make()
    model = driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    codes = random_codes(model, 3)[1]
    rows = swept(model, sweep, codes, 3, 50)[:, 0]
    for target in [*rows.tolist(), int(rows.min()) - 1, -(2**31)]:
        expected = 3 + int(np.flatnonzero(rows >= target)[0])
        assert driver.reach(codes, 3, 50, target) == (OK, expected)
    assert driver.reach(codes, 3, 50, int(rows.max()) + 1)[0] == NOT_REACHED
    assert driver.reach(codes, 3, 50, 2**31 - 1)[0] == NOT_REACHED


def leave_a_job_running(registers: Registers) -> None:
    registers.running = 1000


def leave_a_job_waiting(registers: Registers) -> None:
    registers.queued = True


def leave_a_job_acquired(registers: Registers) -> None:
    registers.acquired = True


def leave_results(registers: Registers) -> None:
    registers.fifo.extend([0xFFFF_FFFF] * 20)


@pytest.mark.parametrize("lane_bits", [0, 4, 7, 9, 12, 24, 32, 64, 255])
def test_lanes_of_no_byte_or_half_word_are_nothing_of_ours(make: Make, lane_bits: int) -> None:
    assert described(make(), 6, 4, lane_bits) == NO_DEVICE


@pytest.mark.parametrize(
    ("inputs", "width", "lane_bits", "status"),
    [
        (128, 8, 8, OK),
        (64, 16, 16, OK),
        *((inputs, 8, 8, NO_DEVICE) for inputs in (0, 129, 1024, 1027, 65535)),
        *((inputs, 16, 16, NO_DEVICE) for inputs in (65, 512, 515)),
        (6, 0, 8, NO_DEVICE),
        (6, 9, 8, NO_DEVICE),
        (6, 17, 16, NO_DEVICE),
    ],
)
def test_inputs_that_no_map_holds_are_nothing_of_ours(
    make: Make, inputs: int, width: int, lane_bits: int, status: int
) -> None:
    driver = make()
    assert described(driver, inputs, width, lane_bits) == status
    if status == OK:
        assert driver.device.input_words == 32


def described(driver: Driver, inputs: int, width: int, lane_bits: int) -> int:
    """The status of a probe of a device that says this of its inputs."""
    address = driver.registers.address("INPUT_CAPABILITY")
    driver.registers.constants[address] = inputs | width << 16 | lane_bits << 24
    return driver.probe()


@pytest.mark.parametrize(
    "leave", [leave_a_job_running, leave_a_job_waiting, leave_a_job_acquired, leave_results]
)
def test_a_probe_tells_what_others_left(make: Make, leave: Callable[[Registers], None]) -> None:
    """The core alone restarts; a new handle takes nothing for its own, and a clear frees it."""
    driver = make()
    model = driver.registers.model
    codes = random_codes(model, 3)[1]
    leave(driver.registers)
    assert driver.probe() == BUSY
    assert (driver.device.inputs, driver.device.results) == (6, 2)
    driver.registers.accesses.clear()
    assert driver.infer(codes)[0] == BUSY
    assert driver.infer_within(codes, 9)[0] == BUSY
    assert driver.curve(codes, 2, 4) == BUSY
    assert driver.reach(codes, 2, 4, 0)[0] == BUSY
    assert driver.call("packed_begin") == BUSY
    assert driver.next()[0] == END
    assert driver.next_within(9)[0] == END
    assert driver.call("curve_read", (ctypes.c_int32 * 2)(), 1) == END
    assert driver.registers.accesses == []
    driver.call("soft_clear")
    assert driver.infer(codes) == (OK, model.infer(codes.reshape(1, -1))[0].tolist())
    assert driver.probe() == OK


def test_a_probe_is_idle_once_the_jobs_of_others_ended(make: Make) -> None:
    driver = make()
    driver.registers.running = 3
    assert [driver.probe() for _ in range(3)] == [BUSY, BUSY, OK]
    codes = random_codes(driver.registers.model, 2)[0]
    assert driver.infer(codes)[0] == OK


@pytest.mark.parametrize("base", [BASE + 4, BASE + 0x800, BASE + 1, 0x7FC])
def test_a_base_within_a_page_is_refused_before_it_is_read(make: Make, base: int) -> None:
    driver = make()
    driver.registers.accesses.clear()
    assert driver.probe(base) == MISALIGNED
    assert driver.registers.accesses == []


@pytest.mark.parametrize(("reloadable", "status"), [(False, OK), (True, MISALIGNED)])
def test_a_base_is_a_multiple_of_the_address_space(
    make: Make, reloadable: bool, status: int
) -> None:
    """8 KiB with reloadable weights, where an interconnect takes the base off the address."""
    driver = make(reloadable=reloadable)
    driver.registers.base = BASE + 0x1000
    assert driver.probe(driver.registers.base) == status


def test_increments_of_results_that_fill_a_word_are_unsupported(make: Make) -> None:
    driver = make()
    codes = random_codes(driver.registers.model, 2)[0]
    driver.registers.accesses.clear()
    driver.device.result_width = 32
    assert driver.curve(codes, 2, 3, increments=True) == UNSUPPORTED
    assert driver.registers.accesses == []
    assert driver.curve(codes, 2, 3) == OK
    driver.call("soft_clear")
    driver.device.result_width = 31
    assert driver.curve(codes, 2, 3, increments=True) == OK


def test_interrupts_are_enabled_read_and_cleared(make: Make) -> None:
    driver = make()
    registers = driver.registers
    for enabled in (0b101, 0):
        driver.compiled.enable_interrupts(ctypes.byref(driver.device), enabled)
        assert registers.stored[registers.address("INTERRUPT_ENABLE")] == enabled
    registers.pending = 0b101
    assert driver.compiled.pending(ctypes.byref(driver.device)) == 0b101
    driver.compiled.clear_pending(ctypes.byref(driver.device), 0b001)
    assert driver.compiled.pending(ctypes.byref(driver.device)) == 0b100


def test_a_network_without_a_pulse_number_has_no_curves(make: Make) -> None:
    driver = make()
    driver.device.sweep = False
    codes = random_codes(driver.registers.model, 2)[0]
    assert driver.curve(codes, 2, 3) == UNSUPPORTED
    assert driver.reach(codes, 2, 3, 0)[0] == UNSUPPORTED


def test_acquire_and_commit_say_what_is_in_the_way(make: Make) -> None:
    driver = make()
    codes = random_codes(driver.registers.model, 2)[0]
    assert driver.call("commit") == NOT_ACQUIRED
    assert driver.call("acquire") == 0
    assert driver.call("acquire") == ACQUIRED
    assert driver.curve(codes, 2, 3) == ACQUIRED
    assert driver.call("commit") == OK
    assert driver.call("acquire") == 1
    assert driver.call("commit") == OK
    driver.registers.queued = True
    assert driver.call("acquire") == BUSY
    assert driver.reach(codes, 2, 3, 0)[0] == BUSY


def test_the_event_is_switched(make: Make) -> None:
    driver = make()
    for enable in (1, 0):
        driver.compiled.enable_event(ctypes.byref(driver.device), enable)
        assert driver.registers.stored[driver.registers.address("EVENT_ENABLE")] == enable


@pytest.mark.parametrize(
    "compiler", [["gcc"], ["riscv64-unknown-elf-gcc", "-march=rv32imc", "-mabi=ilp32"]]
)
def test_it_compiles_without_a_library(compiler: list[str], tmp_path: Path) -> None:
    if shutil.which(compiler[0]) is None:
        pytest.skip(f"{compiler[0]} is not installed")
    flags = ["-std=c99", "-ffreestanding", "-Os", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    flags += ["-Wconversion", "-Wshadow", "-Wundef", "-Wmissing-prototypes"]
    run = subprocess.run(
        [*compiler, *flags, "-c", DRIVER / "pulsewright.c", "-o", "driver.o"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    symbols = subprocess.run(
        [compiler[0].replace("gcc", "nm"), "-u", "driver.o"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert symbols.stdout == "", "nothing is left to other code"
