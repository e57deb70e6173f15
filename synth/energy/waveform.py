# SPDX-License-Identifier: Apache-2.0
"""Changes of single bits in a simulation, read from a value change dump (IEEE 1364-2005, 18.2)."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import Edge

Times = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
_HASH, _ZERO, _ONE, _UNKNOWN = ord("#"), ord("0"), ord("1"), b"xXzZ"


@dataclass(frozen=True)
class Changes:
    """Of a bit in a window of time. before: its value at the start. times: ascending."""

    before: bool
    times: Times

    def edges(self, edge: Edge) -> Times:
        """Times of the edges of one kind; 0 and 1 take turns."""
        return self.times[int(self.before) ^ int(edge == "fall") :: 2]

    def just_before(self, moments: Times) -> BoolArray:
        """Values before these moments: what changes in the very same moment is not seen."""
        changes = np.searchsorted(self.times, moments, side="left")
        values: BoolArray = (changes % 2 == 1) != self.before
        return values


@dataclass(frozen=True)
class Bit:
    """first: the first value that is known, from known_since on. times: of the changes after it."""

    first: bool
    known_since: int
    times: Times

    def window(self, start: int, stop: int) -> Changes:
        """Its changes from start on and before stop.

        Raises:
            PulsewrightError: its value is not known then.
        """
        if self.known_since > start:
            raise PulsewrightError(f"a signal of the gates has no value at {start} ps")
        begin, end = np.searchsorted(self.times, (start, stop))
        return Changes((begin % 2 == 1) != self.first, self.times[begin:end])


class Waveform:
    """The single bits of a dump by their names.

    Raises:
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._codes = dict(_declared(file))
            self._bits = _changes(file, set(self._codes.values()))

    def bit(self, name: str) -> Bit:
        """Its changes.

        Raises:
            PulsewrightError: there is no such bit, or it never has a value.
        """
        found = self._bits.get(self._codes.get(name, b""))
        if found is None:
            raise PulsewrightError(f"the gates' waveform has no values of {name}")
        return found


def _declared(file: Iterable[bytes]) -> Iterable[tuple[str, bytes]]:
    """Names and codes of single bits, up to the end of the declarations."""
    for line in file:
        words = line.split()
        if words[:1] == [b"$enddefinitions"]:
            return
        if words[:1] == [b"$var"] and len(words) == 6 and words[2] == b"1":
            yield words[4].decode(), words[3]


def _changes(file: Iterable[bytes], codes: set[bytes]) -> dict[bytes, Bit]:
    values = dict.fromkeys(codes, 0)
    times = {code: array("q") for code in codes}
    first: dict[bytes, tuple[bool, int]] = {}
    now = 0
    for line in file:
        mark = line[0]
        if mark == _HASH:
            now = int(line[1:])
        elif mark in (_ZERO, _ONE):
            code = line[1:-1]
            last = values.get(code)
            # A bit that changes to and fro in one moment is told without having changed.
            if last is None or last == mark:
                continue
            if last:
                times[code].append(now)
            else:
                times[code] = array("q")
                first[code] = (mark == _ONE, now)
            values[code] = mark
        elif mark in _UNKNOWN and line[1:-1] in values:
            values[line[1:-1]] = 0
            first.pop(line[1:-1], None)
    return {
        code: Bit(value, since, np.array(times[code], dtype=np.int64))
        for code, (value, since) in first.items()
    }
