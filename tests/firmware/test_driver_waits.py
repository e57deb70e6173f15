# SPDX-License-Identifier: Apache-2.0
"""Time-outs, waiting by event, and bus errors: no hang and no wrong answer."""

import ctypes

import numpy as np
import pytest

from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from tests.firmware.compiled_driver import (
    BUS_ERROR,
    BUSY,
    END,
    NOT_REACHED,
    OK,
    OUT_OF_RANGE,
    POLLS,
    TIMEOUT,
    Driver,
)
from tests.firmware.conftest import Make
from tests.firmware.register_model import swept
from tests.models import random_codes


def looks(driver: Driver) -> int:
    status = driver.registers.address("STATUS")
    return sum(access[:2] == ("load", status) for access in driver.registers.accesses)


def test_wait_asks_status_as_often_as_allowed(make: Make) -> None:
    driver = make()
    registers = driver.registers
    for polls, status in ((0, TIMEOUT), (4, TIMEOUT), (5, OK), (6, OK)):
        registers.running = 5
        registers.accesses.clear()
        registers.idles = 0
        assert driver.call("wait", ctypes.c_uint32(polls)) == status
        assert looks(driver) == min(polls, 5)
        assert registers.idles == min(polls, 4)


def test_the_end_of_a_job_is_cleared_before_each_look(make: Make) -> None:
    """So that a job which ends between look and sleep is pending, and ends the sleep at once."""
    driver = make()
    registers = driver.registers
    pending, status = (registers.address(name) for name in ("INTERRUPT_PENDING", "STATUS"))
    registers.running, registers.pending = 3, 0b101
    registers.accesses.clear()
    assert driver.call("wait", ctypes.c_uint32(9)) == OK
    each = [("store", pending, 1), ("load", status, 1)]
    assert registers.accesses == [*each, *each, each[0], ("load", status, 0)]
    assert registers.pending == 0b100


def test_an_inference_in_parts(make: Make) -> None:
    driver = make()
    codes = random_codes(driver.registers.model, 3)
    expected = driver.registers.model.infer(codes).tolist()
    results = (ctypes.c_int32 * 2)()
    for row, values in zip(codes, expected, strict=True):
        assert driver.call("infer_start", driver.codes(row)) == OK
        assert driver.call("wait", ctypes.c_uint32(1)) == OK
        assert driver.call("infer_results", results) == OK
        assert list(results) == values
        assert driver.infer_within(row, 1) == (OK, values)
    assert driver.call("infer_start", driver.codes(codes[0] + 1000)) == OUT_OF_RANGE
    assert driver.infer_within(codes[0] + 1000, 1)[0] == OUT_OF_RANGE


def test_a_job_that_never_ends(make: Make) -> None:
    driver = make()
    model = driver.registers.model
    codes = random_codes(model, 3)[1]
    driver.registers.stuck = True
    driver.registers.accesses.clear()
    result = driver.registers.address("RESULT[0]")
    assert driver.infer_within(codes, 7)[0] == TIMEOUT
    assert looks(driver) == 7
    assert all(offset != result for _, offset, _ in driver.registers.accesses)
    driver.registers.accesses.clear()
    assert driver.reach(codes, 2, 9, 0)[0] == TIMEOUT
    assert looks(driver) == POLLS
    assert driver.registers.accesses[-1][:2] == ("store", driver.registers.address("SOFT_CLEAR"))
    driver.registers.stuck = False
    assert driver.infer_within(codes, 7) == (OK, model.infer(codes.reshape(1, -1))[0].tolist())


def test_reach_in_parts(make: Make) -> None:
    driver = make()
    model = driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    codes = random_codes(model, 3)[1]
    rows = swept(model, sweep, codes, 3, 50)[:, 0]
    number = ctypes.c_uint16()
    for target, status in ((int(rows[7]), OK), (int(rows.max()) + 1, NOT_REACHED)):
        assert driver.call("reach_start", driver.codes(codes), 3, 50, target) == OK
        assert driver.call("wait", ctypes.c_uint32(20)) == OK
        assert driver.call("reach_result", ctypes.byref(number)) == status
    assert number.value == 3 + int(np.flatnonzero(rows >= rows[7])[0])
    assert driver.call("reach_start", driver.codes(codes), 4, 3, 0) == OUT_OF_RANGE


def test_a_curve_with_polls(make: Make) -> None:
    driver = make()
    model = driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    codes = random_codes(model, 3)[1]
    assert driver.next_within(3)[0] == END
    assert driver.curve(codes, 5, 20) == OK
    driver.registers.late = 5
    assert driver.next_within(3)[0] == TIMEOUT
    assert driver.next_within(0)[0] == TIMEOUT
    got = []
    while (answer := driver.next_within(3))[0] == OK:
        got.append(answer[1])
    assert answer[0] == END
    assert got == swept(model, sweep, codes, 5, 20).ravel().tolist()


def test_a_curve_at_once(make: Make) -> None:
    driver = make()
    model = driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    codes = random_codes(model, 3)[1]
    expected = swept(model, sweep, codes, 5, 20).ravel().tolist()
    results = (ctypes.c_int32 * 32)()
    assert driver.call("curve_read", results, 1) == END
    assert driver.curve(codes, 5, 20) == OK
    assert driver.call("curve_read", results, 33) == END
    assert driver.call("curve_read", results, 30) == OK
    assert driver.infer_within(codes, 3)[0] == BUSY
    assert driver.call("infer_results", (ctypes.c_int32 * 2)()) == BUSY
    assert list(results)[:30] == expected[:30]
    assert [driver.next(), driver.next()] == [(OK, value) for value in expected[30:]]
    assert driver.next()[0] == END


def test_bus_errors_are_told(make: Make) -> None:
    driver = make(reloadable=True)
    registers, codes = driver.registers, random_codes(driver.registers.model, 3)[1]
    words = (ctypes.c_uint32 * driver.call("image_words"))()
    registers.dead = True
    assert driver.infer(codes)[0] == BUS_ERROR
    assert driver.infer_within(codes, 5)[0] == BUS_ERROR
    assert driver.call("infer_start", driver.codes(codes)) == BUS_ERROR
    assert driver.call("wait", ctypes.c_uint32(9)) == BUS_ERROR
    assert driver.curve(codes, 3, 4) == BUS_ERROR
    assert driver.reach(codes, 3, 4, 0)[0] == BUS_ERROR
    assert driver.call("acquire") == BUS_ERROR
    assert driver.call("commit") == BUS_ERROR
    assert driver.call("packed_begin") == BUS_ERROR
    assert driver.call("image_words") == 0
    assert driver.call("load_weights", words, len(words)) == BUS_ERROR
    assert driver.call("verify_weights", words, len(words)) == BUS_ERROR
    assert driver.call("weight_write", 0, 0, 0, 1) == BUS_ERROR
    assert driver.call("bias_write", 0, 0, 1) == BUS_ERROR
    assert driver.probe() == BUS_ERROR


def test_bus_errors_of_others_are_not_the_coprocessors(make: Make) -> None:
    driver = make()
    driver.registers.bus_errors = 3
    assert driver.probe() == OK


@pytest.mark.parametrize("before", ["curve", "infer"])
def test_stores_that_were_refused_are_made_again(make: Make, before: str) -> None:
    driver = make()
    model = driver.registers.model
    codes = random_codes(model, 3)[1]
    if before == "curve":
        assert driver.curve(codes, 5, 5) == OK
        assert driver.call("curve_read", (ctypes.c_int32 * 2)(), 2) == OK
    else:
        assert driver.infer(codes)[0] == OK
    driver.registers.dead = True
    status = driver.infer(codes)[0] if before == "curve" else driver.curve(codes, 5, 6)
    assert status == BUS_ERROR
    driver.registers.dead = False
    assert driver.infer(codes) == (OK, model.infer(codes.reshape(1, -1))[0].tolist())
    assert driver.reach(codes, 3, 4, -(2**31)) == (OK, 3)
