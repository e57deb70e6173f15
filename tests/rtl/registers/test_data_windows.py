# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.registers.data_windows import LARGEST_SPACE, data_windows, window_lane_bits
from tests.models import random_model


@pytest.mark.parametrize(
    ("width", "lane_bits"), [(1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (8, 8), (9, 16), (16, 16)]
)
def test_a_lane_is_the_least_power_of_two(width: int, lane_bits: int) -> None:
    assert window_lane_bits(width) == lane_bits


@settings(max_examples=15)
@given(
    inputs=st.integers(129, 300),
    outputs=st.integers(1, 90),
    width=st.integers(1, 16),
    first=st.integers(0x400, 0x4000).map(lambda word: 4 * word),
)
def test_windows_are_aligned_to_their_size_and_apart(
    inputs: int, outputs: int, width: int, first: int
) -> None:
    model = random_model((inputs, outputs), input_width=width, signed_inputs=False)
    windows = data_windows(model, first)
    assert windows is not None
    assert windows.input_words == -(-inputs * windows.lane_bits // 32)
    assert windows.result_words == outputs
    assert windows.input_base % windows.input_size == windows.result_base % windows.result_size == 0
    assert windows.input_size >= 4 * windows.input_words > windows.input_size // 2
    assert windows.result_size >= 4 * windows.result_words > windows.result_size // 2
    assert first <= windows.input_base < windows.input_base + windows.input_size
    assert windows.input_base + windows.input_size <= windows.result_base
    assert windows.end == windows.result_base + windows.result_size


def test_what_leaves_the_address_space_is_refused() -> None:
    model = random_model((200, 2))
    assert data_windows(model, LARGEST_SPACE - 512) is not None
    with pytest.raises(PulsewrightError) as raised:
        data_windows(model, LARGEST_SPACE - 256)
    assert str(raised.value) == (
        "200 inputs and 2 results reach to byte 524296 of the address space, the register map to "
        "524288; use fewer of them, or constant weights if these are reloadable"
    )
