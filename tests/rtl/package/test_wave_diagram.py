# SPDX-License-Identifier: Apache-2.0
import json
from typing import Any
from xml.etree import ElementTree

import pytest

from pulsewright.rtl.package.bus_recording import IDLE_CYCLES, BusRecording
from pulsewright.rtl.package.wave_diagram import KEPT_COLUMNS, LONGEST_RUN, wave_json, wave_picture
from tests.rtl.package.packages import design, paperwork


def lanes(text: str) -> dict[str, dict[str, Any]]:
    """Lanes by name, those of groups too."""
    found = {}
    for entry in json.loads(text)["signal"]:
        for lane in entry[1:] if isinstance(entry, list) else [entry]:
            found[lane["name"]] = lane
    return found


def levels_of(lane: dict[str, Any]) -> list[int | None]:
    """The levels that a lane draws; None for a gap."""
    levels: list[int | None] = []
    data = iter(lane.get("data", []))
    level = -1
    for sign in lane["wave"]:
        if sign == "|":
            levels.append(None)
            continue
        if sign == "=":
            level = int(next(data), 16)
        elif sign != ".":
            level = int(sign)
        levels.append(level)
    assert next(data, None) is None
    return levels


def recording(levels: dict[str, list[int]]) -> BusRecording:
    """A recording of the OBI port in which the other ports stay low."""
    length = len(next(iter(levels.values())))
    return BusRecording({port.name: levels.get(port.name, [0] * length) for port in design().ports})


def test_a_diagram_draws_the_levels_as_they_were() -> None:
    request = [1, 0, 1, 1, 0, 0, 0]
    address = [0x80, 0x80, 0x84, 0x100, 0x100, 0x100, 0]
    text = wave_json(recording({"obi_req_i": request, "obi_addr_i": address}), design())
    found = lanes(text)
    assert levels_of(found["obi_req_i"]) == request
    assert levels_of(found["obi_addr_i"]) == address
    assert found["clk_i"]["wave"] == "p......"
    assert set(found) == {port.name for port in design().ports} - {"rst_ni"}


def test_a_long_diagram_is_its_ends_and_its_longest_wait() -> None:
    """800 accesses, between which a job takes 900 cycles; the last words are there, and gaps."""
    stores = [level for _ in range(300) for level in (1, 0)]
    request = [*stores, *[0] * 900, *stores, 1, 1, 1]
    found = lanes(wave_json(recording({"obi_req_i": request}), design()))
    levels = levels_of(found["obi_req_i"])
    assert len(levels) <= 3 * KEPT_COLUMNS + 2
    assert levels.count(None) == 3
    assert levels[:6] == [1, 0] * 3
    assert levels[-6:] == [0, 1, 0, 1, 1, 1]
    # The wait is one of the gaps, with the last store before it and the first load behind.
    around = [levels[i - 3 : i + 4] for i, level in enumerate(levels) if level is None]
    assert [1, 0, 0, None, 0, 0, 1] in around


def test_a_long_wait_is_cut_and_a_gap_shows_where() -> None:
    busy = [1] * 3 + [0] * 200 + [1] * 2
    found = lanes(wave_json(recording({"obi_gnt_o": busy}), design()))
    levels = levels_of(found["obi_gnt_o"])
    assert levels.count(None) == 1
    assert levels.count(0) == LONGEST_RUN - 1
    assert [level for level in levels if level is not None] == [1] * 3 + [0] * 4 + [1] * 2
    assert {len(lane["wave"]) for lane in found.values()} == {len(levels)}


@pytest.mark.parametrize("run", range(1, LONGEST_RUN + 1))
def test_a_short_wait_is_drawn_in_full(run: int) -> None:
    levels = [1] + [0] * run + [1]
    found = lanes(wave_json(recording({"obi_gnt_o": levels}), design()))
    assert levels_of(found["obi_gnt_o"]) == levels


def test_the_head_counts_accesses_and_cycles() -> None:
    text = wave_json(recording({"obi_req_i": [0] * (7 + IDLE_CYCLES)}), design())
    assert json.loads(text)["head"]["text"] == (
        "One inference of pulse: 2 stores and 1 load, 7 clock cycles"
    )


def test_the_picture_of_the_package_is_svg_and_names_every_port() -> None:
    text = paperwork()["doc/pulse_inference.json"].decode()
    picture = wave_picture(text)
    assert picture.encode() == paperwork()["doc/pulse_inference.svg"]
    root = ElementTree.fromstring(picture)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = {"".join(element.itertext()).strip() for element in root.iter()}
    assert {port.name for port in design().bus_ports} <= words
