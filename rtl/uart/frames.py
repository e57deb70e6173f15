# SPDX-License-Identifier: Apache-2.0
"""The frames on the serial line: what a host asks, and what the bridge answers.

| request | bytes |
|---|---|
| synchronise | `S`, sequence, CRC |
| read | `R`, address (3 bytes), sequence, CRC |
| write | `W`, data (4 bytes), address (3 bytes), sequence, CRC |

| answer | bytes |
|---|---|
| synchronised | `s`, sequence, CRC |
| read | `r`, data (4 bytes), sequence, CRC |
| written | `w`, sequence, CRC |
| refused by the registers | `e`, sequence, CRC |

Data and addresses have the lowest byte first. The CRC is that of `crc16` over all that is in front
of it, high byte first.
"""

from enum import IntEnum

ADDRESS_BYTES = 3
DATA_BYTES = 4
SEQUENCE_BYTES = 1
CRC_BYTES = 2


class Request(IntEnum):
    """First byte of what a host sends."""

    SYNCHRONISE = ord("S")
    READ = ord("R")
    WRITE = ord("W")

    @property
    def fields(self) -> int:
        """Bytes between the first one and the CRC."""
        return (
            SEQUENCE_BYTES
            + {
                Request.SYNCHRONISE: 0,
                Request.READ: ADDRESS_BYTES,
                Request.WRITE: ADDRESS_BYTES + DATA_BYTES,
            }[self]
        )


class Answer(IntEnum):
    """First byte of what the bridge sends."""

    SYNCHRONISED = ord("s")
    READ = ord("r")
    WRITTEN = ord("w")
    REFUSED = ord("e")

    @property
    def fields(self) -> int:
        """Bytes between the first one and the CRC."""
        return SEQUENCE_BYTES + (DATA_BYTES if self is Answer.READ else 0)
