# SPDX-License-Identifier: Apache-2.0
"""Packed codes, pulse trains, the expected network and the sentences of the driver."""

import ctypes
import re

import numpy as np
import pytest

from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.sim.soc.rows_header import input_words
from tests.firmware.compiled_driver import (
    BUSY,
    CORRUPTED,
    DRIVER,
    MISMATCH,
    OK,
    OUT_OF_RANGE,
    UNSUPPORTED,
    Steps,
)
from tests.firmware.conftest import Make
from tests.firmware.register_model import swept
from tests.models import random_codes


@pytest.mark.parametrize(("inputs", "input_width"), [(6, 8), (4, 8), (9, 5), (3, 16), (5, 10)])
def test_codes_are_packed_as_infer_writes_them(make: Make, inputs: int, input_width: int) -> None:
    driver = make((inputs, 5, 3), ((2, 2), (1, 2)), input_width=input_width)
    codes = random_codes(driver.registers.model, 20)
    expected = input_words(codes, driver.registers.map.input_lane_bits)
    for row, words in zip(codes, expected, strict=True):
        assert driver.infer(row)[0] == OK
        written = [driver.registers.stored[r.address] for r in driver.registers.map.array("INPUT")]
        status, packed = driver.pack(row)
        assert (status, list(packed)) == (OK, words)
        assert written == words
    wide = codes[0].copy()
    wide[-1] = 2 ** (input_width - 1)
    if input_width < 16:
        assert driver.pack(wide)[0] == OUT_OF_RANGE


@pytest.mark.parametrize(("inputs", "input_width"), [(6, 8), (3, 8), (3, 16), (9, 12)])
def test_steps_along_the_pulse_number(make: Make, inputs: int, input_width: int) -> None:
    driver = make((inputs, 5, 2), ((2, 2), (1, 2)), input_width=input_width)
    registers, model = driver.registers, driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    for row in random_codes(model, 4):
        assert driver.reach(row, 2, 3, 0)[0] in (OK, -9)  # JOB and AUTOTRIGGER are another's
        _, words = driver.pack(row)
        steps = Steps()
        assert driver.call("steps_begin", words, ctypes.byref(steps)) == OK
        expected = swept(model, sweep, row, 2, 60)[:, 0]
        for code, result in zip(sweep.codes.tolist(), expected.tolist(), strict=True):
            registers.accesses.clear()
            got = driver.compiled.step(ctypes.byref(driver.device), ctypes.byref(steps), code)
            assert got == result
            stores = [offset for kind, offset, _ in registers.accesses if kind == "store"]
            lanes = 32 // registers.map.input_lane_bits
            array = [register.address for register in registers.map.array("INPUT")]
            assert stores == array[sweep.input_index // lanes :]
            assert registers.accesses[-1][:2] == ("load", registers.address("RESULT[0]"))
        assert registers.broken == []


def test_steps_need_a_pulse_number_and_no_curve(make: Make) -> None:
    driver = make()
    codes = random_codes(driver.registers.model, 2)[0]
    _, words = driver.pack(codes)
    assert driver.curve(codes, 2, 3) == OK
    assert driver.call("steps_begin", words, ctypes.byref(Steps())) == BUSY
    assert driver.call("packed_begin") == BUSY
    driver.call("soft_clear")
    driver.device.sweep = False
    assert driver.call("steps_begin", words, ctypes.byref(Steps())) == UNSUPPORTED


def test_packed_inferences_after_another_job(make: Make) -> None:
    driver = make()
    model = driver.registers.model
    codes = random_codes(model, 3)[1]
    assert driver.reach(codes, 2, 3, -(2**31))[0] == OK
    assert driver.call("packed_begin") == OK
    _, words = driver.pack(codes)
    got = driver.compiled.infer_packed(ctypes.byref(driver.device), words, len(words))
    assert got == model.infer(codes.reshape(1, -1))[0, 0]


@pytest.mark.parametrize("before", ["reach", "infer"])
def test_rows_are_stored_while_the_one_before_is_computed(make: Make, before: str) -> None:
    driver = make()
    registers = driver.registers
    codes = random_codes(registers.model, 5)
    if before == "reach":
        assert driver.reach(codes[0], 2, 3, -(2**31))[0] == OK
    else:
        assert driver.infer(codes[0])[0] == OK
    assert driver.call("stream_begin") == OK
    device = ctypes.byref(driver.device)
    rows = [driver.pack(row)[1] for row in codes]
    driver.compiled.put_packed(device, rows[0], len(rows[0]))
    found = []
    for following in (*rows[1:], None):
        if following is not None:
            driver.compiled.put_packed(device, following, len(following))
        found.append(
            [driver.compiled.take_streamed(device) for _ in range(registers.model.outputs)]
        )
    assert found == registers.model.infer(codes).tolist()
    # And what is asked for afterwards is no stream.
    assert driver.infer(codes[1]) == (OK, found[1])
    assert registers.broken == []


def test_a_third_row_before_the_first_is_taken_may_be_refused(make: Make) -> None:
    driver = make()
    assert driver.call("stream_begin") == OK
    _, words = driver.pack(random_codes(driver.registers.model, 1)[0])
    for refused in (0, 0, 1):
        driver.compiled.put_packed(ctypes.byref(driver.device), words, len(words))
        assert bool(driver.registers.broken) == refused


def test_a_stream_needs_jobs_and_no_curve(make: Make) -> None:
    driver = make()
    assert driver.curve(random_codes(driver.registers.model, 2)[0], 2, 3) == OK
    assert driver.call("stream_begin") == BUSY


def test_another_network_is_told(make: Make) -> None:
    driver = make()
    digest = driver.device.model_digest
    driver.registers.accesses.clear()
    for inputs, results, expected, status in (
        (6, 2, digest, OK),
        (6, 2, 0, OK),
        (7, 2, digest, MISMATCH),
        (6, 1, digest, MISMATCH),
        (6, 2, digest ^ 1 or 1, MISMATCH),
    ):
        assert driver.call("expect", inputs, results, ctypes.c_uint32(expected)) == status
    assert driver.registers.accesses == []


@pytest.mark.parametrize("weight_width", [8, 5])
def test_weights_are_compared_with_their_image(make: Make, weight_width: int) -> None:
    driver = make(foldings=((3, 5), (2, 3)), reloadable=True, weight_width=weight_width)
    registers = driver.registers
    window = registers.map.window
    assert window is not None
    image = window.image(registers.model)
    words = (ctypes.c_uint32 * len(image))(*[word for _, word in image])
    assert driver.call("load_weights", words, len(words)) == OK
    assert driver.call("verify_weights", words, len(words)) == OK
    assert driver.call("verify_weights", words, len(words) - 1) == OUT_OF_RANGE
    random = np.random.default_rng(1)
    lanes = {  # bytes of a step that are weights
        layer.weights_base + 4 * (step * layer.row_words + lane // 4): None
        for layer in window.layers
        for step in range(layer.folded_layer.cycles)
        for lane in range(layer.folded_layer.multipliers)
    }
    for address, word in image:
        registers.weights[address] = word ^ 1 << int(random.integers(0, weight_width))
        expected = CORRUPTED
        assert driver.call("verify_weights", words, len(words)) == expected, hex(address)
        # Bits that hold no weight read as they like.
        if address in lanes and weight_width < 8:
            registers.weights[address] = word ^ 0x80
            assert driver.call("verify_weights", words, len(words)) == OK, hex(address)
        registers.weights[address] = word
    registers.running = 100
    assert driver.call("verify_weights", words, len(words)) == BUSY
    assert make().call("verify_weights", words, len(words)) == UNSUPPORTED


def test_every_status_has_a_sentence(make: Make) -> None:
    compiled = make().compiled
    compiled.pulsewright_text.restype = ctypes.c_char_p
    header = (DRIVER / "pulsewright.h").read_text()
    statuses = [int(value) for value in re.findall(r"PULSEWRIGHT_\w+ = (-?\d+)", header)]
    assert statuses == [-i for i in range(len(statuses))]
    sentences = [compiled.pulsewright_text(status) for status in statuses]
    assert len(set(sentences)) == len(statuses)
    assert b"unknown status" not in sentences
    for status in (-len(statuses), -(2**31)):
        assert compiled.pulsewright_text(status) == b"unknown status"
    assert compiled.pulsewright_text(7) == compiled.pulsewright_text(0)
