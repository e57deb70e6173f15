# SPDX-License-Identifier: Apache-2.0
import csv
import json
from pathlib import Path
from typing import Any

import pytest

from pulsewright.flow.closed_loop.results import TrialSet
from tests.flow.closed_loop.conftest import COMMAND
from tests.flow.report.page.elements import Elements
from tests.flow.report.page.opened_page import (
    IN_CHROMIUM,
    LEAST_COLOURS,
    LONGEST_UNTIL_SEEN,
    PICTURE,
    OpenPage,
    first_paint,
    pictured,
)

Compared = tuple[Path, str, list[TrialSet]]


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def four_digits(text: str, factor: float = 1) -> float:
    return float(f"{factor * float(text):.4g}")


def test_its_plots_are_the_csv_files(compared: Compared) -> None:
    folder, _, sets = compared
    text = (folder / "report.html").read_text(encoding="utf-8")
    data = json.loads(Elements(text).data["data"])
    figures = {one["name"]: one["figure"]["data"] for one in data["figures"]}
    by_set = {
        f"{name}-{number}"
        for name in ("pareto", "reads", "overshoot", "error-by-reads")
        for number in range(len(sets))
    }
    others = {"costs", "array-reads", "array-energy", "instrument-reads", "instrument-overshoot"}
    assert set(figures) == by_set | others
    for number, one in enumerate(sets):
        listed = [line for line in lines(folder / "controllers.csv") if line["set"] == one.title]
        (bars,) = figures[f"reads-{number}"]
        assert bars["y"] == [line["controller"] for line in listed]
        assert bars["x"] == pytest.approx([float(line["reads"]) for line in listed], rel=1e-3)
        assert all(low >= 0 for low in bars["error_x"]["arrayminus"])
        members = [line for line in lines(folder / "pareto.csv") if line["set"] == one.title]
        drawn = [y for trace in figures[f"pareto-{number}"] for y in trace["y"]]
        assert drawn == [four_digits(line["reads_mean"]) for line in members]
    arrays = [line for line in lines(folder / "arrays.csv") if line["bursts"] == "own"]
    pulses, *_ = figures["array-energy"]
    assert pulses["x"] == [four_digits(line["pulse_joules"], 1e6) for line in arrays]
    assert f"<code>{COMMAND}</code>" in text


class TestInABrowser:
    pytestmark = IN_CHROMIUM

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_everything_is_drawn_and_nothing_is_fetched(
        self, chromium: Any, compared: Compared, scheme: str
    ) -> None:
        opened = OpenPage(chromium, compared[0] / "report.html", color_scheme=scheme)
        opened.check()

    def test_a_picture_of_it_is_taken(self, compared: Compared, tmp_path: Path) -> None:
        *size, colours = pictured(compared[0] / "report.html", tmp_path / "report.png")
        assert tuple(size) == PICTURE
        assert colours > LEAST_COLOURS

    def test_it_is_seen_soon(self, chromium: Any, compared: Compared) -> None:
        assert first_paint(chromium, compared[0] / "report.html") < LONGEST_UNTIL_SEEN

    def test_the_keyboard_reaches_theme_and_tables(self, chromium: Any, compared: Compared) -> None:
        opened = OpenPage(chromium, compared[0] / "report.html")
        assert "theme" in opened.reached_by_tab(60)
        heading = opened.page.locator("#table-arrays thead button").nth(3)
        heading.focus()
        opened.page.keyboard.press("Enter")
        assert heading.locator("..").get_attribute("aria-sort") == "ascending"
