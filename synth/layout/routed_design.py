# SPDX-License-Identifier: Apache-2.0
"""A placed and routed design, from its DEF (Design Exchange Format 5.6), in µm."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError

_COMPONENT = re.compile(r"^- (\S+) (\S+) \+ PLACED \( (-?\d+) (-?\d+) \) (\S+)", re.MULTILINE)
_POINT = re.compile(r"\(\s*(-?[\d.]+|\*)\s+(-?[\d.]+|\*)\s*\)")
_PATH = re.compile(r"\b(?:ROUTED|NEW)\s+(\S+)")


class PlacedCell(NamedTuple):
    """x, y: of the lower left corner. is_turned: by a quarter."""

    cell: str
    x: float
    y: float
    is_turned: bool


class Segment(NamedTuple):
    """A straight piece of wire on a layer."""

    layer: str
    x_from: float
    y_from: float
    x_to: float
    y_to: float

    @property
    def length(self) -> float:
        """In µm."""
        return abs(self.x_to - self.x_from) + abs(self.y_to - self.y_from)


@dataclass(frozen=True)
class RoutedDesign:
    """width, height: of the die. wires: of each net; a net that was not routed has none."""

    width: float
    height: float
    cells: list[PlacedCell]
    wires: Mapping[str, list[Segment]]


def read_def(text: str) -> RoutedDesign:
    """A design that a router left.

    Wires of supplies and the short pieces that join pins to them are in no net of it.

    Raises:
        PulsewrightError: it has no units, die, or nets.
    """
    units = re.search(r"^UNITS DISTANCE MICRONS (\d+) ;", text, re.MULTILINE)
    die = re.search(r"^DIEAREA\s+(.*?);", text, re.MULTILINE)
    nets = re.search(r"^NETS\s+\d+\s+;(.*?)^END NETS", text, re.MULTILINE | re.DOTALL)
    if units is None or die is None or nets is None:
        raise PulsewrightError("the DEF file has no units, no die, or no nets")
    scale = 1 / int(units[1])
    (left, low), (right, high) = (_numbers(point, (0, 0)) for point in _POINT.findall(die[1]))
    cells = [
        PlacedCell(cell, int(x) * scale, int(y) * scale, turn.strip("F") in ("E", "W"))
        for _, cell, x, y, turn in _COMPONENT.findall(text)
    ]
    wires = {}
    for net in re.split(r"^- ", nets[1], flags=re.MULTILINE)[1:]:
        name, _, rest = net.partition("\n")
        wires[name.strip()] = _segments(rest, scale)
    return RoutedDesign((right - left) * scale, (high - low) * scale, cells, wires)


def _segments(net: str, scale: float) -> list[Segment]:
    """Each path is a layer and points; a star stands for the coordinate of the point before."""
    paths = list(_PATH.finditer(net))
    starts = [path.start() for path in paths]
    found = []
    for path, end in zip(paths, [*starts[1:], len(net)], strict=False):
        place: tuple[float, float] | None = None
        for point in _POINT.findall(net[path.end() : end]):
            there = _numbers(point, place or (0, 0))
            if place is not None and there != place:
                scaled = (one * scale for one in (*place, *there))
                found.append(Segment(path[1], *scaled))
            place = there
    return found


def _numbers(point: tuple[str, str], before: tuple[float, float]) -> tuple[float, float]:
    x, y = (old if word == "*" else float(word) for word, old in zip(point, before, strict=True))
    return x, y
