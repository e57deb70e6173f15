# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.input_map import (
    AffineMap,
    Feature,
    InputMap,
    fit_affine,
    fit_log_table,
)
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from tests.models import changed, random_model

CODES = FixedPoint(width=8, frac=7, signed=True)


def test_the_first_input_that_counts_pulses_is_swept() -> None:
    sweep = pulse_sweep(random_model((6, 4, 1), pulses=100, pulse_input=2))
    assert sweep is not None
    assert (sweep.input_index, sweep.minimum, sweep.maximum) == (2, 0, 99)
    assert sweep.codes.tolist() == [2 * n - 99 for n in range(100)]
    assert pulse_sweep(random_model((6, 4, 1))) is None


@pytest.mark.parametrize(
    ("minimum", "maximum", "log", "there"),
    [
        (1, 100, True, True),
        (0, 65535, False, False),
        (0, 4095, True, True),
        (-1, 50, False, False),
        (0, 65536, False, False),
    ],
)
def test_sweeps_that_fit_the_registers_and_a_table(
    minimum: int, maximum: int, log: bool, there: bool
) -> None:
    feature = Feature(name="N", unit="pulse", per_si=1, minimum=minimum, maximum=maximum)
    number = (fit_log_table if log else fit_affine)(feature, CODES)
    model = random_model((1, 4, 1))
    model = changed(model, input_map=InputMap(features=(number,), code_format=CODES))
    sweep = pulse_sweep(model)
    assert (sweep is not None) == there
    if sweep is not None:
        assert (sweep.minimum, sweep.maximum) == (minimum, maximum)
        assert sweep.codes[0] == -127
        assert sweep.codes[-1] == 127


def test_codes_saturate_as_those_of_the_input_map_do() -> None:
    steep = AffineMap(
        name="N", unit="pulse", per_si=1, minimum=0, maximum=9, multiplier=40, offset=0, shift=0
    )
    model = random_model((1, 4, 1))
    model = changed(model, input_map=InputMap(features=(steep,), code_format=CODES))
    sweep = pulse_sweep(model)
    assert sweep is not None
    assert sweep.codes.tolist() == [0, 40, 80, 120, 127, 127, 127, 127, 127, 127]
