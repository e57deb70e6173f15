# SPDX-License-Identifier: Apache-2.0
"""Bounded waits: nothing is loaded or stored that the hardware would refuse for its length."""

import ctypes
import shutil

import numpy as np
import pytest

from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from tests.firmware.compiled_driver import (
    BUSY,
    END,
    OK,
    POLLS,
    TIMEOUT,
    UNSUPPORTED,
    Driver,
    compile_driver,
)
from tests.firmware.register_model import Registers, swept, with_pulse_number
from tests.models import fold_model, random_codes, random_model


@pytest.fixture(scope="module")
def compiled_for_bounds(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    return compile_driver(compiler, tmp_path_factory.mktemp("driver"), bounded_wait=True)


def registers(bounded_wait: bool = True) -> Registers:
    model = with_pulse_number(random_model((6, 5, 2)))
    return Registers(model, fold_model(model, [(3, 4), (2, 2)]), bounded_wait)


@pytest.fixture
def driver(compiled_for_bounds: ctypes.CDLL) -> Driver:
    made = Driver(compiled_for_bounds, registers())
    assert made.probe() == OK
    return made


def test_a_driver_without_it_refuses_bounded_waits(compiled: ctypes.CDLL) -> None:
    assert Driver(compiled, registers()).probe() == UNSUPPORTED
    assert Driver(compiled, registers(bounded_wait=False)).probe() == OK


def test_a_driver_with_it_serves_every_coprocessor(compiled_for_bounds: ctypes.CDLL) -> None:
    made = Driver(compiled_for_bounds, registers(bounded_wait=False))
    assert made.probe() == OK
    codes = random_codes(made.registers.model, 3)
    for row, expected in zip(codes, made.registers.model.infer(codes).tolist(), strict=True):
        assert made.infer(row) == (OK, expected)


def test_inferences_look_before_they_load(driver: Driver) -> None:
    model = driver.registers.model
    codes = random_codes(model, 6)
    for row, expected in zip(codes, model.infer(codes).tolist(), strict=True):
        assert driver.infer(row) == (OK, expected)
    status = driver.registers.address("STATUS")
    looks = sum(one[:2] == ("load", status) for one in driver.registers.accesses)
    assert looks >= 5 * len(codes)


def test_an_inference_that_does_not_end_times_out(driver: Driver) -> None:
    driver.registers.stuck = True
    codes = random_codes(driver.registers.model, 1)
    driver.registers.accesses.clear()
    assert driver.infer(codes)[0] == TIMEOUT
    status = driver.registers.address("STATUS")
    looks = sum(one[:2] == ("load", status) for one in driver.registers.accesses)
    # One before the words are stored.
    assert looks == POLLS + 1


def test_no_job_is_described_while_another_waits(driver: Driver) -> None:
    driver.registers.queued = True
    codes = random_codes(driver.registers.model, 1)
    driver.registers.accesses.clear()
    assert driver.infer(codes)[0] == BUSY
    assert driver.call("infer_start", driver.codes(codes)) == BUSY
    assert driver.curve(codes, 3, 5) == BUSY
    assert driver.reach(codes, 3, 5, 0)[0] == BUSY
    assert not any(kind == "store" for kind, _, _ in driver.registers.accesses)


def test_curves_look_before_they_load(driver: Driver) -> None:
    model = driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    codes = random_codes(model, 1)
    expected = swept(model, sweep, codes, 3, 9).ravel().tolist()
    assert driver.curve(codes, 3, 9) == OK
    taken = []
    for _ in expected[:4]:
        driver.registers.late = 4
        status, value = driver.next()
        assert status == OK
        taken.append(value)
    results = (ctypes.c_int32 * 10)()
    driver.registers.late = 7
    assert driver.call("curve_read", results, ctypes.c_uint32(10)) == OK
    assert [*taken, *results] == expected
    assert driver.next()[0] == END
    assert driver.curve(codes, 3, 4) == OK
    driver.registers.late = 10 * POLLS
    assert driver.next()[0] == TIMEOUT
    assert driver.call("curve_read", results, ctypes.c_uint32(2)) == TIMEOUT


def test_reach_jobs_are_as_without_bounds(driver: Driver) -> None:
    model = driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    codes = random_codes(model, 1)
    rows = swept(model, sweep, codes, 3, 30)[:, 0]
    best = int(np.argmax(rows))
    assert driver.reach(codes, 3, 30, int(rows[best])) == (OK, 3 + best)


def test_what_loads_without_a_look_is_not_there(driver: Driver) -> None:
    assert driver.call("packed_begin") == UNSUPPORTED
    assert driver.call("stream_begin") == UNSUPPORTED
    words = (ctypes.c_uint32 * 2)()
    assert driver.call("steps_begin", words, None) == UNSUPPORTED
