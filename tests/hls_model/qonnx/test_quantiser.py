# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.qonnx.quantiser import Quantiser


@given(
    st.lists(st.floats(-40, 40, width=32), min_size=1, max_size=9),
    st.integers(2, 9),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["ROUND", "HALF_EVEN", "HALF_UP", "FLOOR", "CEIL", "DOWN"]),
    st.integers(-3, 5),
)
def test_values_are_those_of_the_qonnx_package(
    values: list[float], width: int, signed: bool, narrow: bool, rounding: str, frac: int
) -> None:
    intquant = pytest.importorskip("qonnx.custom_op.general.intquant")
    array = np.array(values, dtype=np.float32)
    quantiser = Quantiser("Q", width, signed, narrow, rounding, np.array(frac))
    expected = intquant.int_quant(
        array, np.float32(2.0**-frac), np.float32(0), np.float32(width), signed, narrow, rounding
    )
    assert quantiser.quantised(array.astype(np.float64)).tolist() == expected.tolist()


def test_what_passes_unchanged() -> None:
    quantiser = Quantiser("Q", 5, signed=True, narrow=False, rounding="ROUND", fracs=np.array(2))
    assert (quantiser.minimum, quantiser.maximum) == (-16, 15)
    assert quantiser.keeps(-16, 15, 2)
    assert not quantiser.keeps(-16, 16, 2)
    assert not quantiser.keeps(-17, 15, 2)
    assert quantiser.keeps(-8, 7, 1)
    assert not quantiser.keeps(-8, 8, 1)
    assert not quantiser.keeps(0, 1, 3)
