# SPDX-License-Identifier: Apache-2.0
"""The driver on a coprocessor that infers and does nothing else."""

import ctypes
import shutil

import numpy as np
import pytest

from pulsewright.rtl.registers.register_map import compile_register_map
from tests.firmware.compiled_driver import (
    BUS_ERROR,
    BUSY,
    OK,
    OUT_OF_RANGE,
    TIMEOUT,
    UNSUPPORTED,
    WRONG_VERSION,
    Driver,
    Steps,
    compile_driver,
)
from tests.firmware.register_model import Registers, with_pulse_number
from tests.models import fold_model, random_codes, random_model


def driver_of(
    compiled: ctypes.CDLL, bounded_wait: bool = False, reloadable: bool = False
) -> Driver:
    model = with_pulse_number(random_model((6, 5, 2)))
    folded = fold_model(model, [(3, 4), (2, 2)], reloadable=reloadable)
    return Driver(compiled, Registers(model, folded, bounded_wait=bounded_wait, infer_only=True))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    return compile_driver(compiler, tmp_path_factory.mktemp("driver"), infer_only=True)


@pytest.fixture
def driver(compiled: ctypes.CDLL) -> Driver:
    made = driver_of(compiled)
    assert made.probe() == OK
    return made


def test_a_probe_reads_what_is_there_and_finds_no_jobs(driver: Driver) -> None:
    device, model = driver.device, driver.registers.model
    assert (device.inputs, device.results, device.layers) == (6, 2, 2)
    assert device.model_digest == int(model.digest[:8], 16)
    assert (device.sweep, device.fifo_depth, device.version >> 16) == (False, 0, 4)
    assert all(kind == "load" for kind, _, _ in driver.registers.accesses)


def test_a_driver_for_jobs_alone_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    made = driver_of(compile_driver(compiler, tmp_path_factory.mktemp("driver")))
    assert made.probe() == WRONG_VERSION


def test_it_drives_a_coprocessor_with_jobs_too(compiled: ctypes.CDLL) -> None:
    model = with_pulse_number(random_model((6, 5, 2)))
    made = Driver(compiled, Registers(model, fold_model(model, [(3, 4), (2, 2)])))
    assert made.probe() == OK
    (row,) = random_codes(model, 1)
    assert made.infer(row) == (OK, model.infer(row[None])[0].tolist())
    assert made.curve(row, 2, 3) != UNSUPPORTED


def test_an_inference_is_its_stores_and_loads_from_the_first_on(driver: Driver) -> None:
    codes = random_codes(driver.registers.model, 20)
    driver.registers.accesses.clear()
    for row, expected in zip(codes, driver.registers.model.infer(codes), strict=True):
        assert driver.infer(row) == (OK, expected.tolist())
    offsets = [(kind, offset) for kind, offset, _ in driver.registers.accesses]
    one = [("store", 0x80), ("store", 0x84), ("load", 0x100), ("load", 0x104)]
    assert offsets == one * 20
    assert driver.infer_within(codes[0], 10)[0] == OK
    assert driver.infer(np.array([0, 0, 0, 0, 0, 128]))[0] == OUT_OF_RANGE


def test_what_needs_other_jobs_is_unsupported_and_touches_nothing(driver: Driver) -> None:
    (row,) = random_codes(driver.registers.model, 1)
    status, words = driver.pack(row)
    assert status == OK
    driver.registers.accesses.clear()
    assert driver.call("acquire") == UNSUPPORTED
    assert driver.call("commit") == UNSUPPORTED
    assert driver.curve(row, 2, 3) == UNSUPPORTED
    assert driver.reach(row, 2, 3, 0)[0] == UNSUPPORTED
    assert driver.call("steps_begin", words, ctypes.byref(Steps())) == UNSUPPORTED
    assert driver.call("stream_begin") == UNSUPPORTED
    layer = (ctypes.c_uint8 * 64)()
    assert driver.call("describe_layer", ctypes.c_uint32(0), layer) == UNSUPPORTED
    assert driver.registers.accesses == []
    assert driver.call("packed_begin") == OK
    assert driver.registers.accesses == []


def test_it_goes_on_after_bus_errors(driver: Driver) -> None:
    """Nothing is set again of what is not there."""
    codes = random_codes(driver.registers.model, 2)
    driver.registers.dead = True
    assert driver.infer(codes[0])[0] == BUS_ERROR
    driver.registers.dead = False
    expected = driver.registers.model.infer(codes[1:])[0].tolist()
    assert driver.infer(codes[1]) == (OK, expected)


def test_weights_are_loaded_where_they_are_reloadable(compiled: ctypes.CDLL) -> None:
    made = driver_of(compiled, reloadable=True)
    assert made.probe() == OK
    window = compile_register_map(
        made.registers.model,
        fold_model(made.registers.model, [(3, 4), (2, 2)], reloadable=True),
        infer_only=True,
    ).window
    assert window is not None
    image = window.image(made.registers.model)
    words = (ctypes.c_uint32 * len(image))(*(word for _, word in image))
    assert made.call("load_weights", words, ctypes.c_uint32(len(image))) == OK
    assert made.registers.weights == dict(image)


def test_stores_look_before_where_waits_are_bounded(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    compiled = compile_driver(
        compiler, tmp_path_factory.mktemp("driver"), bounded_wait=True, infer_only=True
    )
    made = driver_of(compiled, bounded_wait=True)
    assert made.probe() == OK
    codes = random_codes(made.registers.model, 2)
    expected = made.registers.model.infer(codes).tolist()
    for row, results in zip(codes, expected, strict=True):
        assert made.infer(row) == (OK, results)
    made.registers.stuck = True
    assert made.call("infer_start", made.codes(codes[0])) == BUSY
    made.registers.stuck = False
    assert made.call("infer_start", made.codes(codes[0])) == OK
    made.registers.stuck = True
    assert made.call("wait", ctypes.c_uint32(5)) == TIMEOUT
