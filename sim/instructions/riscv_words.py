# SPDX-License-Identifier: Apache-2.0
"""The few RV32I instruction words of which the test programs are put together."""

LOAD, OP_IMM, STORE, BRANCH, LUI = 0x03, 0x13, 0x23, 0x63, 0x37
WORD_SIZE_FUNCT3 = 2
NOT_EQUAL_FUNCT3 = 1
LUI_LOW_BITS = 12


def addi(rd: int, rs1: int, immediate: int) -> int:
    """Add: rd = rs1 + immediate (-2048..2047)."""
    return _bits(immediate, 12) << 20 | rs1 << 15 | rd << 7 | OP_IMM


def lw(rd: int, offset: int, rs1: int) -> int:
    """Load: rd = the word at rs1 + offset."""
    return _bits(offset, 12) << 20 | rs1 << 15 | WORD_SIZE_FUNCT3 << 12 | rd << 7 | LOAD


def sw(rs2: int, offset: int, rs1: int) -> int:
    """Store: the word at rs1 + offset = rs2."""
    bits = _bits(offset, 12)
    word = rs2 << 20 | rs1 << 15 | WORD_SIZE_FUNCT3 << 12 | STORE
    return word | (bits >> 5) << 25 | (bits & 31) << 7


def bne(rs1: int, rs2: int, offset: int) -> int:
    """Branch by `offset` bytes from this instruction if rs1 differs from rs2."""
    bits = _bits(offset, 13)
    word = rs2 << 20 | rs1 << 15 | NOT_EQUAL_FUNCT3 << 12 | BRANCH
    word |= (bits >> 12) << 31 | (bits >> 5 & 0x3F) << 25
    return word | (bits >> 1 & 0xF) << 8 | (bits >> 11 & 1) << 7


def load_immediate(rd: int, value: int) -> list[int]:
    """Two words: rd = any 32-bit value."""
    low = (value & 0xFFF) - ((value & 0x800) << 1)
    high = (value - low) >> LUI_LOW_BITS & 0xFFFFF
    return [high << LUI_LOW_BITS | rd << 7 | LUI, addi(rd, rd, low)]


def _bits(value: int, width: int) -> int:
    """Two's complement of a value that has to fit."""
    assert -(1 << (width - 1)) <= value < 1 << (width - 1), f"{value} needs more than {width} bits"
    return value & ((1 << width) - 1)
