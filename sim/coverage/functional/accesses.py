# SPDX-License-Identifier: Apache-2.0
"""Which kinds of access every word of the register map has seen, and how they were answered."""

import re
from collections.abc import Iterator

from pulsewright.hls_model.schedule.weight_window import WINDOW_BASE
from pulsewright.hls_model.words import WHOLE_WORD, WORD_BYTES
from pulsewright.rtl.registers.register import Register
from pulsewright.rtl.registers.register_map import RegisterMap
from pulsewright.sim.coverage.functional.database import cover_point
from pulsewright.sim.coverage.functional.point_names import PointName

EMPTY, MISALIGNED, WEIGHTS = "empty address", "misaligned address", "WEIGHTS[]"
READ, WRITTEN = "read", "written"
READ_REFUSED, WRITE_REFUSED = "read refused", "write refused"
NARROW_REFUSED = "narrow write refused"
_INDEX = re.compile(r"\[\d+\]")


def word_name(register: Register) -> str:
    """Name of a register, the same for all words of an array: `LAYER[].SHAPE`."""
    return _INDEX.sub("[]", register.name)


class AccessCoverage:
    """Counts accesses by word and answer; the words of an array are one.

    byte_addresses: the port has addresses of single bytes, which may be misaligned.
    """

    def __init__(self, registers: RegisterMap, byte_addresses: bool = True) -> None:
        self._names = {one.address: word_name(one) for one in registers.registers}
        windows = registers.data_windows
        if windows is not None:
            self._names |= dict.fromkeys(registers.input_addresses, "INPUT[]")
            self._names |= dict.fromkeys(registers.result_addresses, "RESULT[]")
        self._window = registers.window
        self._sample = cover_point(PointName.ACCESSES, _bins(registers, byte_addresses))

    def name(self, address: int) -> str:
        """What is at a byte address."""
        if address % WORD_BYTES:
            return MISALIGNED
        if address in self._names:
            return self._names[address]
        in_weights = self._window is not None and WINDOW_BASE <= address < self._window.end
        return WEIGHTS if in_weights else EMPTY

    def read(self, address: int, *, refused: bool) -> None:
        """Count a read that was answered."""
        self._sample(f"{self.name(address)}, {READ_REFUSED if refused else READ}")

    def write(self, address: int, byte_enable: int, *, refused: bool) -> None:
        """Count a write that was answered."""
        answer = WRITTEN
        if refused:
            answer = WRITE_REFUSED if byte_enable == WHOLE_WORD else NARROW_REFUSED
        self._sample(f"{self.name(address)}, {answer}")


def _bins(registers: RegisterMap, byte_addresses: bool) -> Iterator[str]:
    for register in registers.registers:
        name = word_name(register)
        yield f"{name}, {READ}"
        if register.writable:
            yield f"{name}, {WRITTEN}"
            yield f"{name}, {NARROW_REFUSED}"
        else:
            yield f"{name}, {WRITE_REFUSED}"
    if registers.data_windows is not None:
        yield from (f"INPUT[], {WRITTEN}", f"RESULT[], {READ}", f"RESULT[], {WRITE_REFUSED}")
    if registers.window is not None:
        yield from (f"{WEIGHTS}, {answer}" for answer in (READ, WRITTEN, WRITE_REFUSED))
    for place in (EMPTY, MISALIGNED) if byte_addresses else (EMPTY,):
        yield from (f"{place}, {READ_REFUSED}", f"{place}, {WRITE_REFUSED}")
