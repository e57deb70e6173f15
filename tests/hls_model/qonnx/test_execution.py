# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.execution import executed, is_executable
from pulsewright.hls_model.reference.fixed_point import Rounding
from tests.models import random_codes, random_model

pytest.importorskip("qonnx")


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("per_channel", [False, True])
def test_the_qonnx_package_computes_the_same(rounding: Rounding, per_channel: bool) -> None:
    model = random_model((6, 16, 8, 2), seed=3, rounding=rounding, per_channel=per_channel)
    codes = random_codes(model, 2000)
    assert (executed(model, codes) == model.infer(codes)).all()


def test_an_accumulator_that_float32_cannot_hold_is_not_executed() -> None:
    model = random_model((6, 64, 1), requantised=False)
    assert not is_executable(model)
    with pytest.raises(PulsewrightError, match="more than float32's 24 bits"):
        executed(model, random_codes(model, 2))
