# SPDX-License-Identifier: Apache-2.0
"""Changes of single bits in a simulation, read from a value change dump (IEEE 1364-2005, 18.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import Edge

Times = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
_MARKS, _UNKNOWN = np.frombuffer(b"01xXzZ", dtype=np.uint8), 2
# Codes are of the printable characters; none counts as 0, so that "!" and "!!" are two numbers.
_FIRST_OF_CODES, _CODE_BASE = ord("!"), 95
_CHUNK_BYTES = 1 << 23


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

    def settled(self, interval: int) -> "Changes":
        """Without glitches: of what changes within an interval of so many ps, what is left of it.

        Intervals begin at time 0. An odd number of changes is the last one of them, an even one
        none.
        """
        intervals = self.times // interval
        last = np.flatnonzero(np.diff(intervals, append=-1))
        is_odd = np.diff(last, prepend=-1) % 2 == 1
        return Changes(self.before, self.times[last[is_odd]])


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
        return Changes(before=(begin % 2 == 1) != self.first, times=self.times[begin:end])


class Waveform:
    """The single bits of a dump by their names.

    Raises:
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._codes = dict(_declared(file))
            self._told = _told(file)

    def bit(self, name: str) -> Bit:
        """Its changes.

        Raises:
            PulsewrightError: there is no such bit, or it never has a value.
        """
        code = np.frombuffer(self._codes.get(name, b""), dtype=np.uint8)
        parts = self._told.get(int(_number(code, *_spans(code), _CODE_BASE)[0]))
        found = None if parts is None else _bit(*map(np.concatenate, zip(*parts, strict=True)))
        if found is None:
            raise PulsewrightError(f"the gates' waveform has no values of {name}")
        return found


def _bit(times: Times, values: npt.NDArray[np.uint8]) -> Bit | None:
    """What was told of a bit; None if it has no value at the end."""
    unknown = np.flatnonzero(values == _UNKNOWN)
    begin = int(unknown[-1]) + 1 if len(unknown) else 0
    times, values = times[begin:], values[begin:]
    if not len(values):
        return None
    # A bit that changes to and fro in one moment is told without having changed.
    changed = np.flatnonzero(values[1:] != values[:-1]) + 1
    return Bit(bool(values[0]), int(times[0]), times[changed])


def _declared(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Names and codes of single bits, up to the end of the declarations."""
    for line in file:
        words = line.split()
        if words[:1] == [b"$enddefinitions"]:
            return
        if words[:1] == [b"$var"] and len(words) == 6 and words[2] == b"1":
            yield words[4].decode(), words[3]


def _told(file: BinaryIO) -> dict[int, list[tuple[Times, npt.NDArray[np.uint8]]]]:
    """Times and values of every bit by the number of its code, a pair for each chunk.

    Millions of lines would take Python's own loops a minute.
    """
    found: dict[int, list[tuple[Times, npt.NDArray[np.uint8]]]] = {}
    now = 0
    while chunk := file.read(_CHUNK_BYTES):
        text = np.frombuffer(chunk + file.readline(), dtype=np.uint8)
        starts, ends = _spans(text)
        marks = text[starts]
        is_time = marks == ord("#")
        moments = _number(text, starts[is_time] + 1, ends[is_time], 10)
        at = np.concatenate(([now], moments))[np.cumsum(is_time)]
        now = int(at[-1])
        is_bit = np.isin(marks, _MARKS)
        codes = _number(text, starts[is_bit] + 1, ends[is_bit], _CODE_BASE)
        values = np.minimum(marks[is_bit] - ord("0"), _UNKNOWN)
        order = np.argsort(codes, kind="stable")
        codes, values, at = codes[order], values[order], at[is_bit][order]
        places = np.flatnonzero(np.diff(codes, prepend=-1))
        stops = np.append(places, len(codes))[1:]
        for code, begin, end in zip(codes[places].tolist(), places, stops, strict=True):
            found.setdefault(code, []).append((at[begin:end], values[begin:end]))
    return found


def _spans(text: npt.NDArray[np.uint8]) -> tuple[Times, Times]:
    """Where lines begin and end."""
    ends = np.flatnonzero(text == ord("\n"))
    if not len(text) or text[-1] != ord("\n"):
        ends = np.append(ends, len(text))
    return np.concatenate(([0], ends[:-1] + 1)), ends


def _number(text: npt.NDArray[np.uint8], starts: Times, ends: Times, base: int) -> Times:
    """The numbers that texts of up to nine characters (of base 10, up to 18) are."""
    numbers = np.zeros(len(starts), dtype=np.int64)
    zero = ord("0") if base == 10 else _FIRST_OF_CODES - 1
    for place in range(int((ends - starts).max(initial=0))):
        inside = starts + place < ends
        numbers[inside] = numbers[inside] * base + (text[starts[inside] + place] - zero)
    return numbers
