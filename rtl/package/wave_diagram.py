# SPDX-License-Identifier: Apache-2.0
"""A recording as a WaveDrom diagram: its JSON, and the picture."""

import json
from collections.abc import Sequence

import wavedrom

from pulsewright.rtl.package.bus_recording import BusRecording
from pulsewright.rtl.package.design import PackagedDesign, Port

# Cycles in which nothing changes are cut down to these, with a gap in the middle.
LONGEST_RUN = 5
# A diagram of more columns than these is cut down to its ends and what is around its longest wait.
MOST_COLUMNS = 500
KEPT_COLUMNS = 40


def wave_json(recording: BusRecording, design: PackagedDesign) -> str:
    """WaveJSON of the recording: the clock, the bus, and the other ports.

    Runs of more than `LONGEST_RUN` equal cycles are cut, and a gap shows where.
    """
    kept = _shortened(_kept_cycles(recording))
    bus = [_lane(port, recording.levels[port.name], kept) for port in design.bus_ports]
    names = {port.name for port in design.bus_ports} | {"clk_i", "rst_ni"}
    others = [
        _lane(port, recording.levels[port.name], kept)
        for port in design.ports
        if port.name not in names
    ]
    clock = "".join(
        "|" if cycle is None else "p" if i == 0 else "." for i, cycle in enumerate(kept)
    )
    diagram = {
        "signal": [{"name": "clk_i", "wave": clock}, [design.description.title, *bus], *others],
        "head": {
            "text": f"One inference of {design.name}: {_what(design)}, "
            f"{recording.cycles} clock cycles"
        },
        "config": {"hscale": 2},
    }
    return json.dumps(diagram, indent=1) + "\n"


def wave_picture(text: str) -> str:
    """The picture (SVG) of a diagram made by `wave_json`."""
    drawing: str = wavedrom.render(text).tostring()
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{declaration}\n<!-- SPDX-License-Identifier: Apache-2.0 -->\n{drawing}\n"


def _what(design: PackagedDesign) -> str:
    if design.instructions is not None:
        return "one instruction"
    words = len(design.register_map.input_addresses)
    results = len(design.register_map.result_addresses)
    return f"{_count(words, 'store')} and {_count(results, 'load')}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"


def _kept_cycles(recording: BusRecording) -> list[int | None]:
    """Indices of the cycles to be shown; None stands for cycles left out."""
    columns = list(zip(*recording.levels.values(), strict=True))
    kept: list[int | None] = []
    start = 0
    for cycle in range(1, len(columns) + 1):
        if cycle < len(columns) and columns[cycle] == columns[start]:
            continue
        run = list(range(start, cycle))
        if len(run) > LONGEST_RUN:
            half = LONGEST_RUN // 2
            kept += [*run[: LONGEST_RUN - half - 1], None, *run[-half:]]
        else:
            kept += run
        start = cycle
    return kept


def _shortened(kept: list[int | None]) -> list[int | None]:
    """The same, or its two ends and the longest wait, if there are too many columns for a page."""
    if len(kept) <= MOST_COLUMNS:
        return kept
    waits = {
        after - before: place
        for place, (before, cycle, after) in enumerate(zip(kept, kept[1:], kept[2:], strict=False))
        if cycle is None and before is not None and after is not None
    }
    middle = waits[max(waits)] + 1 if waits else len(kept) // 2
    half = KEPT_COLUMNS // 2
    first = max(middle - half, KEPT_COLUMNS)
    last = min(middle + half, len(kept) - KEPT_COLUMNS)
    ends = kept[:KEPT_COLUMNS], kept[-KEPT_COLUMNS:]
    return [*ends[0], None, *kept[first:last], None, *ends[1]]


def _lane(port: Port, levels: Sequence[int], kept: Sequence[int | None]) -> dict[str, object]:
    wave, data = "", []
    before: int | None = None
    for cycle in kept:
        if cycle is None:
            wave += "|"
            continue
        level = levels[cycle]
        if level == before:
            wave += "."
        elif port.width == 1:
            wave += str(level)
        else:
            wave += "="
            data.append(f"{level:x}")
        before = level
    lane: dict[str, object] = {"name": port.name, "wave": wave}
    return lane | {"data": data} if data else lane
