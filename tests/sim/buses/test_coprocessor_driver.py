# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.sim.buses.coprocessor_driver import pack_inputs, to_signed


def test_six_bytes_fill_a_word_and_a_half() -> None:
    codes = np.array([[1, 2, 3, 4, 5, 6], [-1, -2, -128, 127, 0, -1]])
    assert pack_inputs(codes, 8) == [[0x04030201, 0x0605], [0x7F80FEFF, 0xFF00]]


def test_wide_codes_take_half_words() -> None:
    codes = np.array([[1, -1, -32768], [32767, 0, 258]])
    assert pack_inputs(codes, 16) == [[0xFFFF0001, 0x8000], [0x00007FFF, 0x0102]]


@given(st.data(), st.sampled_from([8, 16]), st.integers(1, 20), st.integers(1, 4))
def test_every_code_is_read_back_from_its_lane(
    data: st.DataObject, lane_bits: int, inputs: int, rows: int
) -> None:
    code = st.integers(-(2 ** (lane_bits - 1)), 2 ** (lane_bits - 1) - 1)
    row = st.lists(code, min_size=inputs, max_size=inputs)
    codes = data.draw(st.lists(row, min_size=rows, max_size=rows))
    packed = pack_inputs(np.array(codes), lane_bits)
    assert len(packed) == rows
    for words, expected in zip(packed, codes, strict=True):
        assert len(words) == -(-inputs * lane_bits // 32)
        assert all(0 <= word < 2**32 for word in words)
        stream = b"".join(word.to_bytes(4, "little") for word in words)
        size = lane_bits // 8
        lanes = [
            int.from_bytes(stream[i : i + size], "little", signed=True)
            for i in range(0, len(stream), size)
        ]
        assert lanes[:inputs] == expected
        assert not any(lanes[inputs:])


@pytest.mark.parametrize(
    ("word", "value"),
    [(0, 0), (1, 1), (0x7FFFFFFF, 2**31 - 1), (0x80000000, -(2**31)), (0xFFFFFFFF, -1)],
)
def test_words_are_two_s_complement(word: int, value: int) -> None:
    assert to_signed(word) == value
