# SPDX-License-Identifier: Apache-2.0
"""The driver of windows on a model of the registers."""

import ctypes
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pulsewright.rtl.registers.register_map import compile_register_map
from tests.firmware.compiled_driver import (
    BUS_ERROR,
    BUSY,
    DRIVER,
    END,
    MISALIGNED,
    NO_DEVICE,
    OK,
    OUT_OF_RANGE,
    TIMEOUT,
    UNSUPPORTED,
    WRONG_VERSION,
)
from tests.firmware.register_model import BASE
from tests.firmware.windowed_model import (
    WindowedDriver,
    WindowedRegisters,
    as_codes,
    compile_windowed_driver,
)
from tests.models import fold_model, random_codes, random_model

MANY_INPUTS, FOLDINGS = (150, 3, 2), [(3, 10), (2, 3)]


def compiler() -> str:
    found = shutil.which("gcc")
    if found is None:
        pytest.skip("gcc is not installed")
    return found


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return compile_windowed_driver(compiler(), tmp_path_factory.mktemp("windowed"))


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return compile_windowed_driver(
        compiler(), tmp_path_factory.mktemp("bounded"), bounded_wait=True
    )


def registers(
    sizes: tuple[int, ...] = MANY_INPUTS, bounded_wait: bool = False, **parts: Any
) -> WindowedRegisters:
    model = random_model(sizes, **parts)
    foldings = FOLDINGS if len(sizes) == 3 else [(1, 1)]
    return WindowedRegisters(model, fold_model(model, foldings), bounded_wait)


def driver(compiled: ctypes.CDLL, **options: Any) -> WindowedDriver:
    made = WindowedDriver(compiled, registers(**options))
    assert made.probe() == OK
    return made


def test_the_offsets_are_those_of_the_register_map() -> None:
    text = (DRIVER / "pulsewright.h").read_text()
    text += (DRIVER / "pulsewright_windowed.h").read_text()
    offsets = {
        name: int(value, 16)
        for name, value in re.findall(r"#define PULSEWRIGHT_(\w+) 0x([0-9A-F]+)u\n", text)
    }
    for register in compile_register_map(random_model(MANY_INPUTS)).registers:
        name, _, rest = register.name.partition("[")
        if rest in ("", "0].SHAPE"):
            assert offsets[name] == register.address, name


def test_probe_reads_what_the_coprocessor_says(compiled: ctypes.CDLL) -> None:
    made = driver(compiled, input_width=3)
    device, model = made.windowed.device, made.registers.model
    assert (device.inputs, device.results, device.layers) == (150, 2, 2)
    assert (device.input_width, device.lane_bits, device.input_unsigned) == (3, 4, False)
    assert made.windowed.input_words == 19
    assert made.windowed.inputs == BASE + made.registers.map.input_addresses[0]
    assert made.windowed.results == BASE + made.registers.map.result_addresses[0]
    assert device.result_width == model.output_format.width
    assert device.model_digest == int(model.digest[:8], 16)
    assert all(kind == "load" for kind, _, _ in made.registers.accesses)


@pytest.mark.parametrize(
    "parts",
    [
        {"input_width": 1, "signed_inputs": False},
        {"input_width": 2},
        {"input_width": 3, "signed_inputs": False},
        {"input_width": 7},
        {"input_width": 8, "signed_inputs": False},
        {"input_width": 13},
        {"input_width": 16, "signed_inputs": False},
        {"sizes": (6, 70), "input_width": 5},
        {"sizes": (300, 9), "output": "argmax"},
    ],
)
def test_codes_of_every_width_come_to_their_results(
    compiled: ctypes.CDLL, parts: dict[str, Any]
) -> None:
    made = driver(compiled, **parts)
    model = made.registers.model
    codes = random_codes(model, 4)
    codes[0], codes[1] = model.input_format.minimum, model.input_format.maximum
    for row, expected in zip(codes, model.infer(codes).tolist(), strict=True):
        assert made.infer(row) == (OK, expected)
        words = (ctypes.c_uint32 * made.windowed.input_words)()
        assert made.call("pack", as_codes(row), words) == OK
        assert made.call("start_packed", words) == OK
        assert made.results() == (OK, expected)


def test_a_vector_is_words_in_order_and_nothing_else(compiled: ctypes.CDLL) -> None:
    made = driver(compiled)
    codes = random_codes(made.registers.model, 2)
    assert made.infer(codes[0])[0] == OK
    made.registers.accesses.clear()
    assert made.infer(codes[1])[0] == OK
    inputs, results = made.registers.map.input_addresses, made.registers.map.result_addresses
    expected = [("store", a) for a in inputs] + [("load", a) for a in results]
    assert [(kind, offset) for kind, offset, _ in made.registers.accesses] == expected


@pytest.mark.parametrize("place", [0, 77, 149])
@pytest.mark.parametrize(("signed", "code"), [(True, 4), (True, -5), (False, 8), (False, -1)])
def test_a_code_out_of_range_starts_nothing(
    compiled: ctypes.CDLL, place: int, signed: bool, code: int
) -> None:
    made = driver(compiled, input_width=3, signed_inputs=signed)
    model = made.registers.model
    codes = random_codes(model, 1)[0]
    wrong = codes.copy()
    wrong[place] = code
    words = (ctypes.c_uint32 * made.windowed.input_words)()
    assert made.call("pack", as_codes(wrong), words) == OUT_OF_RANGE
    assert made.start(wrong) == OUT_OF_RANGE
    assert (made.registers.running, made.registers.waiting) == ([], None)
    assert made.results()[0] == END
    assert made.infer(codes) == (OK, model.infer(codes[np.newaxis])[0].tolist())


def test_vectors_are_started_before_the_results_of_others_are_loaded(
    compiled: ctypes.CDLL,
) -> None:
    made = driver(compiled)
    codes = random_codes(made.registers.model, 12)
    expected = made.registers.model.infer(codes).tolist()
    assert made.start(codes[0]) == OK
    for row, results in enumerate(expected):
        if row + 1 < len(codes):
            assert made.start(codes[row + 1]) == OK
        assert made.results() == (OK, results)
    assert made.results()[0] == END


def test_as_many_vectors_are_started_as_there_is_room_for_and_one_more(
    compiled: ctypes.CDLL,
) -> None:
    made = driver(compiled)
    room = made.registers.room
    assert (made.windowed.device.fifo_depth, made.windowed.startable) == (room, room + 1)
    codes = random_codes(made.registers.model, room + 3)
    expected = made.registers.model.infer(codes).tolist()
    for row in codes[: room + 1]:
        assert made.start(row) == OK
    assert made.start(codes[room + 1]) == BUSY
    assert made.infer(codes[room + 1])[0] == BUSY
    assert made.results() == (OK, expected[0])
    assert made.start(codes[room + 1]) == OK
    for results in expected[1 : room + 2]:
        assert made.results() == (OK, results)
    assert made.infer(codes[room + 2]) == (OK, expected[room + 2])


@pytest.mark.parametrize("bounded_wait", [False, True])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("rows", [0, 1, 3, 12])
def test_rows_are_streamed_with_as_many_started_as_may_be(
    compiled: ctypes.CDLL, bounded: ctypes.CDLL, rows: int, packed: bool, bounded_wait: bool
) -> None:
    made = driver(bounded if bounded_wait else compiled, bounded_wait=bounded_wait)
    codes = random_codes(made.registers.model, max(rows, 1))[:rows]
    expected = made.registers.model.infer(codes).tolist() if rows else []
    assert made.stream(codes, packed) == (OK, expected)
    last = made.registers.map.input_addresses[-1]
    begun, most = 0, 0
    for kind, offset, _ in made.registers.accesses:
        begun += (kind, offset) == ("store", last)
        begun -= (kind, offset) == ("load", made.registers.map.result_addresses[-1])
        most = max(most, begun)
    assert begun == 0
    if not bounded_wait:
        assert most == min(rows, made.registers.room + 1)


def test_a_stream_ends_where_a_code_is_out_of_range_or_another_vector_is_started(
    compiled: ctypes.CDLL,
) -> None:
    made = driver(compiled, input_width=3)
    codes = random_codes(made.registers.model, 3)
    expected = made.registers.model.infer(codes).tolist()
    wrong = codes.copy()
    wrong[1, 149] = 4
    assert made.stream(wrong)[0] == OUT_OF_RANGE
    assert made.stream(codes)[0] == BUSY
    assert made.results() == (OK, expected[0])
    assert made.stream(codes) == (OK, expected)


def test_polls_end_and_the_job_goes_on(compiled: ctypes.CDLL) -> None:
    made = driver(compiled)
    codes = random_codes(made.registers.model, 2)
    expected = made.registers.model.infer(codes).tolist()
    assert made.start(codes[0]) == OK
    assert made.results(polls=1)[0] == TIMEOUT
    assert made.results(polls=9) == (OK, expected[0])
    made.registers.stuck = True
    assert made.start(codes[0]) == OK
    assert made.results(polls=50)[0] == TIMEOUT
    made.call("soft_clear")
    made.registers.stuck = False
    assert made.infer(codes[1]) == (OK, expected[1])


def test_bounded_waits_are_asked_for_before_every_load_and_store(
    compiled: ctypes.CDLL, bounded: ctypes.CDLL
) -> None:
    assert WindowedDriver(compiled, registers(bounded_wait=True)).probe() == UNSUPPORTED
    made = driver(bounded, bounded_wait=True)
    codes = random_codes(made.registers.model, 3)
    expected = made.registers.model.infer(codes).tolist()
    assert made.infer(codes[0]) == (OK, expected[0])
    assert made.start(codes[1]) == OK
    assert made.start(codes[2]) == OK
    assert made.start(codes[0]) == BUSY
    for results in expected[1:]:
        assert made.results() == (OK, results)
    made.registers.stuck = True
    assert made.start(codes[0]) == OK
    assert made.results()[0] == TIMEOUT
    # It serves a coprocessor without a bound, too.
    assert driver(bounded).infer(codes[0])[0] == OK


def test_a_probe_finds_what_is_wrong(compiled: ctypes.CDLL) -> None:
    made = driver(compiled)
    for base in (BASE + 4, BASE + 0x1000):
        made.registers.base = base
        assert made.probe(base) == MISALIGNED
    made.registers.base = BASE
    constants = made.registers.constants
    for name, word, status in (
        ("IDENTITY", 0, NO_DEVICE),
        ("VERSION", 2 << 16, WRONG_VERSION),
        ("INPUT_CAPABILITY", 150 | 8 << 16 | 12 << 24, NO_DEVICE),
        ("INPUT_CAPABILITY", 150 | 8 << 16, NO_DEVICE),
        ("INPUT_CAPABILITY", 150 | 9 << 16 | 8 << 24, NO_DEVICE),
        ("INPUT_CAPABILITY", 8 << 16 | 8 << 24, NO_DEVICE),
        ("RESULT_CAPABILITY", 0, NO_DEVICE),
    ):
        address = made.registers.address(name)
        before, constants[address] = constants[address], word
        assert made.probe() == status, (name, word)
        constants[address] = before
    made.registers.dead = True
    assert made.probe() == BUS_ERROR
    made.registers.dead = False
    assert made.probe() == OK


def test_jobs_of_others_are_in_the_way_until_a_clear(compiled: ctypes.CDLL) -> None:
    made = driver(compiled)
    codes = random_codes(made.registers.model, 1)
    assert made.start(codes[0]) == OK
    assert made.probe() == BUSY
    assert made.start(codes[0]) == BUSY
    assert made.results()[0] == END
    made.call("soft_clear")
    assert made.infer(codes[0])[0] == OK


def test_a_bus_error_is_told_and_what_was_refused_is_done_again(compiled: ctypes.CDLL) -> None:
    made = driver(compiled)
    codes = random_codes(made.registers.model, 1)
    made.registers.dead = True
    assert made.start(codes[0]) == BUS_ERROR
    made.registers.dead = False
    expected = made.registers.model.infer(codes)[0].tolist()
    assert made.infer(codes[0]) == (OK, expected)


def test_a_driver_of_registers_tells_windows_by_their_version(compiled: ctypes.CDLL) -> None:
    made = driver(compiled)
    probe = made.compiled.pulsewright_probe
    assert probe(ctypes.byref(made.windowed.device), ctypes.c_size_t(BASE)) == WRONG_VERSION


def test_the_header_is_c_and_cpp(tmp_path: Path) -> None:
    (tmp_path / "main.cpp").write_text('#include "pulsewright_windowed.h"\nint main() {}\n')
    flags = ["-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{DRIVER}"]
    subprocess.run(["g++", *flags, "-c", "main.cpp"], cwd=tmp_path, check=True)
