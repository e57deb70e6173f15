# SPDX-License-Identifier: Apache-2.0
"""The custom instructions as words, which cores fetch and interfaces carry."""

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
