# SPDX-License-Identifier: Apache-2.0
"""One register of a map: where it is, and which of its bits software and hardware own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Register:
    """One 32-bit register.

    name: RDL name, indexed for arrays ("INPUT[0]", "LAYER[1].SHAPE"). address: byte offset.
    Masks are of the bits that software can read or write; `storage` bits keep what was written,
    which those that a 1 clears do not.
    reset: value after reset. depends_on_jobs: an access may wait or be refused because of the
    jobs. from_hardware: bits that the hardware drives. write_strobe, read_strobe: a write or a
    read is announced to the hardware. hardware_stores: the hardware may store in place of software.
    """

    name: str
    address: int
    reset: int
    readable: int
    writable: int
    storage: int
    from_hardware: int
    write_strobe: bool
    read_strobe: bool
    depends_on_jobs: bool
    hardware_stores: bool
