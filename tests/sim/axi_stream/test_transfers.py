# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.sim.axi_stream.transfers import Transfer, numbers_of, transfers_of

S5 = FixedPoint(width=5, frac=0, signed=True)


def test_a_vector_by_hand() -> None:
    # Lanes of 8 bits in transfers of 16: the third number is alone, with garbage above it.
    assert transfers_of([1, -2, 3], 8, 16, 0xAB) == [
        Transfer(0xFE01, last=False, keep=3),
        Transfer(0xAB03, last=True, keep=1),
    ]
    # Numbers of 5 bits across transfers of 8.
    assert [one.data for one in transfers_of([1, -2], 5, 8, 0)] == [0b110_00001, 0b11]


@pytest.mark.parametrize("lane", [5, 8, 32])
def test_numbers_come_back(lane: int) -> None:
    numbers = [-16, 15, 0, -1, 7]
    transfers = transfers_of(numbers, lane, 16, 0)
    assert numbers_of(transfers, 5, lane, 16, S5) == numbers


def test_bits_behind_a_result_and_wrong_bytes_are_told() -> None:
    transfers = transfers_of([1, 2, 3], 8, 16, 0x10)
    with pytest.raises(AssertionError, match="bits behind the result"):
        numbers_of(transfers, 3, 8, 16, S5)
    wrong = [one._replace(keep=3) for one in transfers_of([1, 2, 3], 8, 16, 0)]
    with pytest.raises(AssertionError, match="TKEEP is wrong"):
        numbers_of(wrong, 3, 8, 16, S5)
