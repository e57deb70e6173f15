# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.sim.soc.check_software import check_software
from tests.models import changed, random_model


def test_what_32_bits_cannot_hold_is_refused() -> None:
    model = random_model((4, 3, 1))
    hidden, output = model.layers
    check_software(model)
    check_software(random_model((4, 3, 1), weight_width=12))
    wide = changed(output, bias=np.array([2**31 - 1]))
    with pytest.raises(PulsewrightError, match="accumulator of layer 2 may reach 32 bits"):
        check_software(changed(model, layers=(hidden, wide)))
    far = FixedPoint(width=8, frac=hidden.accumulator_frac - 31, signed=False)
    shifted = changed(hidden, output_format=far)
    layers = (shifted, changed(output, input_format=far))
    with pytest.raises(PulsewrightError, match="layer 1 shifts right by 31"):
        check_software(changed(model, layers=layers))


def test_multipliers_are_computed_in_64_bits() -> None:
    check_software(random_model((4, 5, 3), multipliers=32, output="code"))
    check_software(random_model((4, 5, 3), multipliers=9, output="argmax"))


def test_accumulators_and_codes_behind_multipliers_still_have_32_bits() -> None:
    model = random_model((4, 3, 1), multipliers=9)
    hidden = model.layers[0]
    heavy = changed(hidden, bias=[2**31, 0, 0])
    with pytest.raises(PulsewrightError, match="accumulator of layer 1 may reach 32 bits"):
        check_software(changed(model, layers=(heavy, model.layers[1])))
    codes = FixedPoint(width=32, frac=0, signed=False)
    last = random_model((4, 2), output="code").layers[0]
    wide = changed(last, output_format=codes)
    one = random_model((4, 2), output="code")
    with pytest.raises(PulsewrightError, match="layer 1 makes codes of 32 bits, the software"):
        check_software(changed(one, layers=(wide,)))


def test_windows_are_refused_with_what_simulates_them() -> None:
    with pytest.raises(PulsewrightError, match=r"^150 inputs and 2 results have windows, and the"):
        check_software(random_model((150, 2)))
