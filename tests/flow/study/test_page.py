# SPDX-License-Identifier: Apache-2.0
import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture
def folder(finished_study: Path) -> Path:
    return finished_study / "small"


def data_of(page: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Elements(page.read_text(encoding="utf-8")).data["data"])
    return data


def points_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "points.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_fronts_are_drawn_from_the_points(folder: Path) -> None:
    figures = {
        one["name"]: one["figure"]["data"] for one in data_of(folder / "report.html")["figures"]
    }
    assert {
        f"front-{kind}-{cost}"
        for kind in ("rows", "curves")
        for cost in ("energy", "bits", "multipliers")
    } | {"widths-rows-4"} == set(figures)
    for kind in ("rows", "curves"):
        points = [one for one in points_of(folder) if one["split"] == kind]
        *dots, front = figures[f"front-{kind}-bits"]
        drawn = sorted(pair for one in dots for pair in zip(one["x"], one["y"], strict=True))
        assert drawn == sorted(
            (
                float(f"{float(one['parameter_bits']):.4g}"),
                float(f"{float(one['integer_mse']):.4g}"),
            )
            for one in points
        )
        assert front["name"] == "Pareto front"
        assert front["y"] == sorted(front["y"], reverse=True)
        assert len(front["error_y"]["array"]) == len(front["x"])


def test_the_best_is_named_by_what_differs(folder: Path) -> None:
    text = (folder / "report.html").read_text(encoding="utf-8")
    named = re.findall(r"<dd[^>]*>([\d.]+): ([^<]*)</dd>", text)
    best = min(points_of(folder), key=lambda one: float(one["integer_mse"]))
    assert [error for error, _ in named] == [f"{float(best['integer_mse']):.5f}"]
    words = named[0][1].split()
    assert f"W{best['weight_bits']}" in words
    assert not [word for word in words if word.startswith(("batch:", "lr:", "teacher:"))]


def test_a_point_of_a_front_names_the_text_of_its_recipe(folder: Path) -> None:
    data = data_of(folder / "report.html")
    written = {path.read_text(encoding="utf-8") for path in (folder / "recipes").glob("*.toml")}
    assert {text for texts in data["choices"].values() for text in texts} == written
    for one in data["figures"]:
        if one["name"].startswith("front-"):
            front = one["figure"]["data"][-1]
            texts = data["choices"][one["choice"]]
            for words, place in zip(front["text"], front["customdata"], strict=True):
                assert f"# {words}\n" in texts[place]


class TestInABrowser:
    pytestmark = IN_CHROMIUM

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_everything_is_drawn_and_nothing_is_fetched(
        self, chromium: Any, folder: Path, scheme: str
    ) -> None:
        opened = OpenPage(chromium, folder / "report.html", color_scheme=scheme)
        assert opened.page.locator(".plot").count() == 7
        opened.check()

    def test_a_picture_of_it_is_taken(self, folder: Path, tmp_path: Path) -> None:
        *size, colours = pictured(folder / "report.html", tmp_path / "report.png")
        assert tuple(size) == PICTURE
        assert colours > LEAST_COLOURS

    def test_it_is_seen_soon(self, chromium: Any, folder: Path) -> None:
        assert first_paint(chromium, folder / "report.html") < LONGEST_UNTIL_SEEN

    def test_a_recipe_is_chosen_with_keys_or_by_a_click(self, chromium: Any, folder: Path) -> None:
        opened = OpenPage(chromium, folder / "report.html")
        page = opened.page
        names = {"theme", "choice-recipe-rows", "choice-recipe-curves"}
        assert names <= opened.reached_by_tab(200)
        texts = data_of(folder / "report.html")["choices"]["recipe-rows"]
        shown = page.locator("#choice-recipe-rows-text")
        assert shown.text_content() == texts[0]
        page.locator("#choice-recipe-rows").focus()
        page.keyboard.press("End")
        assert shown.text_content() == texts[-1]
        place = page.evaluate(
            "document.getElementById('plot-front-rows-bits').data.at(-1).customdata[0]"
        )
        front = page.locator("#plot-front-rows-bits .scatterlayer .trace").last
        front.locator(".points path").first.click(force=True)
        assert shown.text_content() == texts[place]
