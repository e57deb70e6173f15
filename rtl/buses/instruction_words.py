# SPDX-License-Identifier: Apache-2.0
"""The custom instructions as words, which cores fetch and interfaces carry."""

from collections.abc import Collection
from enum import IntEnum

# RISC-V leaves the major opcode custom-0 to extensions like this one.
CUSTOM_0 = 0x0B
FUNCT7 = 0


class Operation(IntEnum):
    """funct3 of each instruction."""

    INFER = 0
    STEP = 1
    LOAD = 2
    STORE = 3
    STATUS = 4


def encode(operation: Operation, rd: int = 0, rs1: int = 0, rs2: int = 0) -> int:
    """The R-type instruction word; rd, rs1 and rs2 are register numbers, 0..31."""
    return FUNCT7 << 25 | rs2 << 20 | rs1 << 15 | operation << 12 | rd << 7 | CUSTOM_0


def neighbours(operations: Collection[Operation]) -> list[int]:
    """Instruction words of others that differ from one of these in a single bit.

    The bit is of the major opcode, funct3 or funct7; registers are x1, x2 and x3.
    """
    own = {encode(one, rd=1, rs1=2, rs2=3) for one in operations}
    bits = [*range(7), *range(12, 15), *range(25, 32)]
    return sorted({word ^ 1 << bit for word in own for bit in bits} - own)
