# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.rtl.package.packing import pack_codes, to_signed
from tests.rtl.package.packages import design


@pytest.mark.parametrize("which", ["plain", "other"])
@given(data=st.data())
def test_every_code_is_in_its_lane(which: str, data: st.DataObject) -> None:
    found = design("obi", which)
    low, high = found.model.input_format.minimum, found.model.input_format.maximum
    inputs = found.model.sizes[0]
    codes = data.draw(st.lists(st.integers(low, high), min_size=inputs, max_size=inputs))
    words = pack_codes(found, np.array(codes, dtype=np.int64))
    assert len(words) == len(found.register_map.input_addresses)
    lane = found.register_map.input_lane_bits
    together = sum(word << (32 * i) for i, word in enumerate(words))
    assert together < 1 << (32 * len(words))
    for i, code in enumerate(codes):
        assert (together >> (lane * i)) & ((1 << lane) - 1) == code % (1 << lane)


@given(st.integers(-(2**31), 2**31 - 1))
def test_words_are_signed(value: int) -> None:
    assert to_signed(value & 0xFFFF_FFFF) == value
