# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path
from typing import Any

import pytest

from pulsewright.flow.report.exploration_page import exploration_page
from pulsewright.flow.steps.exploration_result import Exploration, ExploredPeer
from tests.flow.exploration.explored import design, exploration, network, variant
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

RECIPES = {"a.toml": 'name = "a"\n', "b.toml": 'name = "b"\n'}


def explored() -> Exploration:
    """Three engines, two of them on the front, one that is not possible, and one of others."""
    found = exploration(
        variant("2 multipliers", design(2, 40, picojoule=90), recipe="a.toml"),
        variant("8 multipliers", design(6, 8, picojoule=80), recipe="b.toml", network="large"),
        variant("9 multipliers", design(9, 60, picojoule=95)),
        variant("no fold", state="impossible", reason="1 multipliers for 2 layers"),
        small=network(0.02),
        large=network(0.01),
    )
    peer = ExploredPeer(
        name="theirs",
        kind="published",
        source="a test",
        sizes=(6, 4, 1),
        initiation_interval=4,
        latency=5,
        kilo_gate_equivalents=3,
        megahertz=100,
    )
    return found.model_copy(update={"peers": [peer]})


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exploration") / "report.html"
    path.write_text(exploration_page(explored(), RECIPES), encoding="utf-8")
    return path


def test_points_fronts_and_recipes_are_the_explorations(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    data = json.loads(Elements(text).data["data"])
    figures = {one["name"]: one["figure"]["data"] for one in data["figures"]}
    assert list(figures) == ["area-rate", "area-latency", "energy-error", "area-error"]
    small, large, others, front = figures["area-rate"]
    assert (small["x"], small["y"]) == ([25.0, 16.67], [2.0, 9.0])
    assert small["customdata"] == [0, None]
    assert (large["x"], large["y"], large["customdata"]) == ([125.0], [6.0], [1])
    assert (others["name"], others["x"], others["y"]) == ("others, published", [25.0], [3.0])
    assert (front["x"], front["y"]) == ([25.0, 125.0], [2.0, 6.0])
    assert data["choices"] == {"recipe": list(RECIPES.values())}
    assert "<code>pulsewright explore given.toml</code>" in text
    assert "1 multipliers for 2 layers" in text


class TestInABrowser:
    pytestmark = IN_CHROMIUM

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_everything_is_drawn_and_nothing_is_fetched(
        self, chromium: Any, page: Path, scheme: str
    ) -> None:
        OpenPage(chromium, page, color_scheme=scheme).check()

    def test_a_picture_of_it_is_taken(self, page: Path, tmp_path: Path) -> None:
        *size, colours = pictured(page, tmp_path / "report.png")
        assert tuple(size) == PICTURE
        assert colours > LEAST_COLOURS

    def test_it_is_seen_soon(self, chromium: Any, page: Path) -> None:
        assert first_paint(chromium, page) < LONGEST_UNTIL_SEEN

    def test_a_recipe_is_chosen_with_keys_or_by_a_click(self, chromium: Any, page: Path) -> None:
        opened = OpenPage(chromium, page)
        assert {"theme", "choice-recipe"} <= opened.reached_by_tab(80)
        shown = opened.page.locator("#choice-recipe-text")
        assert shown.text_content() == RECIPES["a.toml"]
        opened.page.locator("#choice-recipe").focus()
        opened.page.keyboard.press("End")
        assert shown.text_content() == RECIPES["b.toml"]
        small = opened.page.locator("#plot-area-latency .scatterlayer .trace").first
        small.locator(".points path").first.click(force=True)
        assert shown.text_content() == RECIPES["a.toml"]
