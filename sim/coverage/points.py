# SPDX-License-Identifier: Apache-2.0
"""Points of coverage that Verilator counted, and their merge over several benches."""

import re
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError

# As Verilator writes a character of a name that it does not take as it is.
_ESCAPED = re.compile(r"__0([0-9A-F]{2})")
_BIT = re.compile(r"^(?P<signal>.*?)(?:\[(?P<bit>\d+)\])?:(?P<way>0->1|1->0)$")


class PointKind(StrEnum):
    """LINE: statements that were executed. BRANCH: ways of an if. TOGGLE: changes of one bit."""

    LINE = "line"
    BRANCH = "branch"
    TOGGLE = "toggle"


class Point(NamedTuple):
    """A place that a simulation comes to or not; of all instances of its module together.

    line, column: of the Verilog file, from 1. what: the statement's kind, or `signal[3]:0->1`.
    """

    kind: PointKind
    module: str
    line: int
    column: int
    what: str

    @property
    def bit(self) -> tuple[str, int] | None:
        """Signal and place of the bit of a toggle; None of the other kinds."""
        found = _BIT.match(self.what) if self.kind is PointKind.TOGGLE else None
        return (found["signal"], int(found["bit"] or 0)) if found else None


Counts = Counter[Point]
"""How often each point was come to; 0 of those that were not."""


def read_counts(file: Path) -> Counts:
    """What Verilator left in `coverage.dat`.

    Raises:
        PulsewrightError: it is not there, or no such file.
    """
    counts: Counts = Counter()
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        for line in lines:
            if line.startswith("C "):
                point, count = _read(line)
                counts[point] += count
    except (OSError, ValueError, KeyError) as error:
        raise PulsewrightError(f"{file} is no coverage that Verilator counted: {error}") from error
    return counts


def _read(line: str) -> tuple[Point, int]:
    """Of a line `C 'key<STX>value<SOH>...' count`."""
    text, _, count = line[len("C '") :].rpartition("' ")
    fields = dict(field.split("\x02", 1) for field in text.split("\x01") if field)
    kind, _, module = fields["page"].partition("/")
    what = _ESCAPED.sub(lambda one: chr(int(one[1], 16)), fields["o"])
    return (
        Point(PointKind(kind.removeprefix("v_")), module, int(fields["l"]), int(fields["n"]), what),
        int(count),
    )
