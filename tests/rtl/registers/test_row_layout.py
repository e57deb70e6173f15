# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.rtl.registers.row_layout import RowLayout


@pytest.mark.parametrize(
    ("step_bits", "words", "row_bits", "rows", "units", "crosses"),
    [
        # One code of 2 bits, 784 of them: 16 steps a word.
        (2, 49, 32, 49, 16, False),
        (32, 49, 32, 49, 1, False),
        (128, 49, 128, 13, 1, False),
        # 7 codes of 8 bits: the second step begins in byte 7 of 8.
        (56, 160, 64, 80, 8, True),
        (48, 2, 64, 1, 4, False),
        (1568, 49, 2048, 1, 64, False),
    ],
)
def test_rows_are_the_least_power_of_two_that_holds_a_step(
    step_bits: int, words: int, row_bits: int, rows: int, units: int, crosses: bool
) -> None:
    layout = RowLayout(step_bits, words)
    assert (layout.row_bits, layout.rows) == (row_bits, rows)
    assert (layout.units, layout.crosses) == (units, crosses)


@given(
    simd=st.integers(1, 300), lane_bits=st.sampled_from([1, 2, 4, 8, 16]), words=st.integers(1, 500)
)
def test_a_step_stands_in_two_rows_at_most_and_begins_at_a_unit(
    simd: int, lane_bits: int, words: int
) -> None:
    layout = RowLayout(simd * lane_bits, words)
    assert layout.row_words & (layout.row_words - 1) == 0
    assert layout.rows * layout.row_words >= words > (layout.rows - 1) * layout.row_words
    for step in range(32 * words // layout.step_bits):
        start, end = step * layout.step_bits, (step + 1) * layout.step_bits - 1
        assert start % layout.unit_bits == 0
        crossed = end // layout.row_bits - start // layout.row_bits
        assert crossed <= layout.crosses
