# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.sim.instructions.riscv_words import addi, bne, load_immediate, lw, sw


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        # As GNU as assembles them for rv32i.
        (addi(5, 5, 12), 0x00C28293),
        (addi(10, 0, -1), 0xFFF00513),
        (lw(10, 4, 5), 0x0042A503),
        (lw(1, -2048, 2), 0x80012083),
        (sw(12, 0, 6), 0x00C32023),
        (sw(12, 2047, 6), 0x7EC32FA3),
        (sw(31, -4, 2), 0xFFF12E23),
        (bne(5, 7, -36), 0xFC729EE3),
        (bne(1, 2, 4094), 0x7E209FE3),
        (bne(1, 2, 2048), 0x002090E3),
    ],
)
def test_instruction_words(word: int, expected: int) -> None:
    assert word == expected


@pytest.mark.parametrize(
    ("value", "words"),
    [
        # lui a0, the upper 20 bits; addi a0, a0, the lower 12 with their sign.
        (0x0000_1000, [0x00001537, 0x00050513]),
        (0x1234_5FFF, [0x12346537, 0xFFF50513]),
        (0xFFFF_F800, [0x00000537, 0x80050513]),
        (0x8000_0001, [0x80000537, 0x00150513]),
    ],
)
def test_immediates_of_32_bits(value: int, words: list[int]) -> None:
    assert load_immediate(10, value) == words


@pytest.mark.parametrize("immediate", [2048, -2049])
def test_an_immediate_that_does_not_fit_fails(immediate: int) -> None:
    with pytest.raises(AssertionError, match="more than 12 bits"):
        addi(1, 1, immediate)
