# SPDX-License-Identifier: Apache-2.0
"""Input codes of every kind through the driver; all formats are drawn in tests/formats."""

import ctypes

import numpy as np
import pytest

from tests.firmware.compiled_driver import OK, OUT_OF_RANGE, Driver
from tests.firmware.register_model import Registers
from tests.models import fold_model, random_codes, random_model


def driver_of(compiled: ctypes.CDLL, width: int, signed: bool) -> Driver:
    model = random_model((4, 3, 2), input_width=width, signed_inputs=signed)
    driver = Driver(compiled, Registers(model, fold_model(model, [(2, 2), (1, 3)])))
    assert driver.probe() == OK
    return driver


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("width", [2, 5, 8, 9, 15, 16])
def test_inferences_are_those_of_the_model(compiled: ctypes.CDLL, width: int, signed: bool) -> None:
    driver = driver_of(compiled, width, signed)
    assert (driver.device.input_width, driver.device.input_unsigned) == (width, not signed)
    codes = random_codes(driver.registers.model, 20)
    for row, expected in zip(codes, driver.registers.model.infer(codes).tolist(), strict=True):
        assert driver.infer(row) == (OK, expected)


@pytest.mark.parametrize(
    ("width", "signed", "inside", "outside"),
    [
        (8, False, (0, 127, 128, 255), (-1, 256, 32767, -32768)),
        (8, True, (-128, -1, 0, 127), (-129, 128, 255, -32768)),
        (1, False, (0, 1), (-1, 2)),
        (15, False, (0, 32767), (-1, -32768)),
        # As bits of an int16_t: -1 is 65535.
        (16, False, (0, 32767, -32768, -1), ()),
        (16, True, (0, 32767, -32768, -1), ()),
    ],
)
def test_codes_are_in_range_or_not(
    compiled: ctypes.CDLL,
    width: int,
    signed: bool,
    inside: tuple[int, ...],
    outside: tuple[int, ...],
) -> None:
    driver = driver_of(compiled, width, signed)
    for code in inside:
        status, words = driver.pack(np.array([0, code, 0, 0]))
        lanes = 32 // driver.device.lane_bits
        assert status == OK
        lane = words[1 // lanes] >> driver.device.lane_bits * (1 % lanes)
        assert lane & ((1 << width) - 1) == code & ((1 << width) - 1)
    for code in outside:
        assert driver.pack(np.array([0, 0, code, 0]))[0] == OUT_OF_RANGE, code
