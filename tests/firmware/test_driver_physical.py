# SPDX-License-Identifier: Apache-2.0
"""The driver on a coprocessor with the input map in hardware."""

import ctypes
import random
import shutil

import numpy as np
import pytest

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from tests.firmware.compiled_driver import (
    BUSY,
    OK,
    OUT_OF_RANGE,
    TIMEOUT,
    UNSUPPORTED,
    Driver,
    compile_driver,
)
from tests.firmware.register_model import Registers, swept, with_pulse_number
from tests.models import fold_model, random_model

PHYSICAL, START, RESULT = 0x600, 0x800, 0x100


def driver_of(
    compiled: ctypes.CDLL,
    infer_only: bool = False,
    bounded_wait: bool = False,
    maps_inputs: bool = True,
) -> Driver:
    model = with_pulse_number(random_model((6, 5, 2)))
    folded = fold_model(model, [(3, 4), (2, 2)])
    registers = Registers(model, folded, bounded_wait, infer_only, maps_inputs)
    return Driver(compiled, registers)


def compiled_for(
    folder: pytest.TempPathFactory, infer_only: bool = False, bounded_wait: bool = False
) -> ctypes.CDLL:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    return compile_driver(
        compiler, folder.mktemp("driver"), bounded_wait=bounded_wait, infer_only=infer_only
    )


@pytest.fixture
def driver(compiled: ctypes.CDLL) -> Driver:
    made = driver_of(compiled)
    assert made.probe() == OK
    return made


def drawn(model: IntegerMlp, seed: int) -> list[int]:
    draw = random.Random(seed)
    return [draw.randint(f.minimum - 9, f.maximum + 9) for f in model.input_map.features]


def codes_of(model: IntegerMlp, physical: list[int]) -> IntegerArray:
    columns = [
        feature.codes(np.array([value]))
        for feature, value in zip(model.input_map.features, physical, strict=True)
    ]
    limits = model.input_format
    return np.clip(np.stack(columns, axis=1), limits.minimum, limits.maximum)


def words(physical: list[int]) -> ctypes.Array[ctypes.c_int32]:
    return (ctypes.c_int32 * len(physical))(*physical)


def infer(driver: Driver, physical: list[int]) -> tuple[int, list[int]]:
    results = (ctypes.c_int32 * driver.device.results)()
    return driver.call("infer_physical", words(physical), results), list(results)


def expected(driver: Driver, physical: list[int]) -> list[int]:
    model = driver.registers.model
    return [int(one) for one in model.infer(codes_of(model, physical))[0]]


def test_an_inference_is_a_store_an_input_and_a_load_a_result(driver: Driver) -> None:
    model = driver.registers.model
    assert infer(driver, drawn(model, 0))[0] == OK
    driver.registers.accesses.clear()
    for seed in range(10):
        physical = drawn(model, seed)
        assert infer(driver, physical) == (OK, expected(driver, physical))
    offsets = [(kind, offset) for kind, offset, _ in driver.registers.accesses]
    stores = [("store", PHYSICAL + 4 * i) for i in range(5)] + [("store", START + 20)]
    assert offsets == [*stores, ("load", RESULT), ("load", RESULT + 4)] * 10


def test_one_input_changes_by_one_store_and_one_load(driver: Driver) -> None:
    compiled, device = driver.compiled, ctypes.byref(driver.device)
    physical = drawn(driver.registers.model, 1)
    assert driver.call("packed_begin") == OK
    first = compiled.infer_units(device, words(physical), ctypes.c_uint32(6))
    assert first == expected(driver, physical)[0]
    for number in (2, 5, 0):
        physical[number] += 3
        driver.registers.accesses.clear()
        changed = compiled.infer_changed(
            device, ctypes.c_uint32(number), ctypes.c_int32(physical[number])
        )
        assert changed == expected(driver, physical)[0]
        offsets = [(kind, offset) for kind, offset, _ in driver.registers.accesses]
        assert offsets == [("store", START + 4 * number), ("load", RESULT)]
    physical[1] += 40
    compiled.put_physical(device, ctypes.c_uint32(1), ctypes.c_int32(physical[1]))
    status, results = driver.infer(codes_of(driver.registers.model, physical)[0])
    assert (status, results) == (OK, expected(driver, physical))
    assert driver.registers.broken == []


def test_curves_and_reaches_take_integers_of_units(driver: Driver) -> None:
    model = driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    physical = drawn(model, 2)
    rows = swept(model, sweep, codes_of(model, physical), 4, 30)
    for increments in (False, True):
        begun = driver.call(
            "curve_start_physical", words(physical), 4, 30, ctypes.c_bool(increments)
        )
        assert begun == OK
        results = (ctypes.c_int32 * rows.size)()
        assert driver.call("curve_read", results, ctypes.c_uint32(rows.size)) == OK
        wanted = np.diff(rows, axis=0, prepend=np.zeros_like(rows[:1])) if increments else rows
        assert list(results) == wanted.ravel().tolist()
    target = int(np.sort(rows[:, 0])[20])
    assert driver.call("reach_start_physical", words(physical), 4, 30, target) == OK
    assert driver.call("wait", ctypes.c_uint32(50)) == OK
    reached = ctypes.c_uint16()
    assert driver.call("reach_result", ctypes.byref(reached)) == OK
    assert reached.value == 4 + int(np.flatnonzero(rows[:, 0] >= target)[0])
    assert driver.call("curve_start_physical", words(physical), 30, 4, 0) == OUT_OF_RANGE


def test_without_the_map_it_is_unsupported_and_touches_nothing(compiled: ctypes.CDLL) -> None:
    made = driver_of(compiled, maps_inputs=False)
    assert made.probe() == OK
    physical = words(drawn(made.registers.model, 3))
    made.registers.accesses.clear()
    results = (ctypes.c_int32 * 2)()
    assert made.call("infer_physical", physical, results) == UNSUPPORTED
    assert made.call("infer_physical_start", physical) == UNSUPPORTED
    assert made.call("curve_start_physical", physical, 4, 9, 0) == UNSUPPORTED
    assert made.call("reach_start_physical", physical, 4, 9, 0) == UNSUPPORTED
    assert made.registers.accesses == []


def test_results_of_a_curve_are_in_the_way(driver: Driver) -> None:
    physical = drawn(driver.registers.model, 4)
    assert driver.call("curve_start_physical", words(physical), 4, 9, 0) == OK
    assert infer(driver, physical)[0] == BUSY
    assert driver.call("reach_start_physical", words(physical), 4, 9, 0) == BUSY
    driver.call("soft_clear")
    assert infer(driver, physical) == (OK, expected(driver, physical))


def test_it_drives_inferences_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = driver_of(compiled_for(tmp_path_factory, infer_only=True), infer_only=True)
    assert made.probe() == OK
    physical = drawn(made.registers.model, 5)
    assert infer(made, physical) == (OK, expected(made, physical))
    assert made.call("curve_start_physical", words(physical), 4, 9, 0) == UNSUPPORTED


def test_stores_look_before_where_waits_are_bounded(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made = driver_of(compiled_for(tmp_path_factory, bounded_wait=True), bounded_wait=True)
    assert made.probe() == OK
    physical = drawn(made.registers.model, 6)
    assert infer(made, physical) == (OK, expected(made, physical))
    made.registers.stuck = True
    results = (ctypes.c_int32 * 2)()
    assert made.call("infer_physical", words(physical), results) == TIMEOUT
    made.registers.queued = True
    assert made.call("infer_physical_start", words(physical)) == BUSY
