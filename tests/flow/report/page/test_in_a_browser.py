# SPDX-License-Identifier: Apache-2.0
"""The page in a browser: everything is drawn, its integers are the reference's, all can use it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tools.report_picture
from pulsewright.flow.report.page.network_document import network_document
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.flow.report.page.test_page import page as page_text
from tests.models import random_codes, random_model
from tools.report_picture import chromium as chromium_path
from tools.report_picture import launch_arguments

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

CHROMIUM = chromium_path()
MOST_BYTES = 6_000_000
ROWS = 1000
pytestmark = [
    pytest.mark.regression,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=launch_arguments())
        yield browser
        browser.close()


class OpenPage:
    """A page from disk, without a network, and what it complained of."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page = browser.new_context(offline=True, **options).new_page()
        self.page.on(
            "console",
            lambda one: self.complaints.append(one.text) if one.type != "log" else None,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_function("document.querySelectorAll('.plot .main-svg').length > 0")


def serious_faults(page: Any) -> list[str]:
    """Rules of axe-core that are broken seriously, with the first place of each."""
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.fixture
def build(finished: Path) -> Path:
    return finished / "build" / "tiny"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_is_drawn_and_nothing_is_fetched(
    chromium: Any, build: Path, scheme: str
) -> None:
    path = build / "report.html"
    assert path.stat().st_size < MOST_BYTES
    opened = OpenPage(chromium, path, color_scheme=scheme)
    plots = opened.page.locator(".plot")
    assert plots.count() == 5
    for index in range(plots.count()):
        # A trace is drawn, and not its axes alone.
        traces = plots.nth(index).locator(".scatterlayer .trace, .barlayer .trace")
        assert traces.count() >= 1, plots.nth(index).get_attribute("id")
    assert opened.complaints == []
    assert opened.asked == [path.as_uri()]
    assert opened.page.evaluate("document.documentElement.dataset.theme") == scheme
    assert serious_faults(opened.page) == []


def test_the_explorer_computes_the_integers_of_the_reference(chromium: Any, build: Path) -> None:
    model = IntegerMlp.load(build / "model.json")
    opened = OpenPage(chromium, build / "report.html")
    codes = random_codes(model, ROWS, seed=11)
    found = opened.page.evaluate(
        "codes => { const network = Network.prepare(DATA.network);"
        " return codes.map((row) => Network.infer(network, row).map(String)); }",
        codes.tolist(),
    )
    assert np.array(found, dtype=np.int64).tolist() == model.infer(codes).tolist()
    features = model.input_map.features
    random = np.random.default_rng(3)
    physical = np.stack(
        [random.integers(one.minimum, one.maximum + 1, ROWS) for one in features], axis=1
    )
    made = opened.page.evaluate(
        "rows => { const network = Network.prepare(DATA.network);"
        " return rows.map((row) => Network.codesOf(network, row).map(String)); }",
        physical.tolist(),
    )
    values = physical / [one.per_si for one in features]
    assert np.array(made, dtype=np.int64).tolist() == model.input_map.codes(values).tolist()


def test_a_slider_moves_the_curve_to_what_the_model_predicts(chromium: Any, build: Path) -> None:
    model = IntegerMlp.load(build / "model.json")
    page = OpenPage(chromium, build / "report.html").page
    sliders = page.locator("input.parameter")
    before = page.evaluate("document.getElementById('plot-explorer').data[0].y")
    sliders.nth(0).focus()
    page.keyboard.press("Home")
    drawn = page.evaluate("document.getElementById('plot-explorer').data[0].y")
    assert drawn != before
    settings = [int(sliders.nth(index).input_value()) for index in range(sliders.count())]
    units = np.array([one.per_si for one in model.input_map.features])
    rows = np.array([[number, *settings] for number in range(len(drawn))]) / units
    assert drawn == model.predict(rows)[:, 0].tolist()


def test_the_keyboard_reaches_everything(chromium: Any, build: Path) -> None:
    page = OpenPage(chromium, build / "report.html").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert {"theme", "curve", "ampere", "slider-1", "slider-5"} <= reached
    page.locator("#theme").focus()
    before = page.evaluate("document.documentElement.dataset.theme")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") != before
    text = page.locator("#curve-text").text_content()
    page.locator("#curve").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#curve-text").text_content() != text


def test_tables_sort_and_give_their_values(chromium: Any, build: Path) -> None:
    page = OpenPage(chromium, build / "report.html").page
    table = page.locator("#table-accuracy")
    heading = table.locator("thead button").nth(1)
    document = json.loads((build / "report.json").read_text(encoding="utf-8"))
    errors = [one["float"] for one in document["accuracy"].values()]
    for direction, expected in (
        ("ascending", sorted(errors)),
        ("descending", sorted(errors)[::-1]),
    ):
        heading.press("Enter")
        assert table.locator("thead th").nth(1).get_attribute("aria-sort") == direction
        cells = table.locator("tbody tr td:nth-child(2)")
        shown = [float(cells.nth(row).get_attribute("data-value")) for row in range(cells.count())]
        assert shown == expected
    with page.expect_download() as download:
        page.locator("button[data-table='table-accuracy']").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "split,float,QAT,integer,ratio,median curve"
    assert float(lines[1].split(",")[1]) == max(errors)


def test_a_picture_of_it_is_taken(build: Path, tmp_path: Path) -> None:
    # In a process of its own: one browser that waits is enough for one.
    command = [sys.executable, tools.report_picture.__file__, str(build / "report.html")]
    subprocess.run([*command, str(tmp_path / "report.png")], check=True)
    assert (tmp_path / "report.png").read_bytes().startswith(b"\x89PNG")


def test_it_can_be_read_on_a_phone(chromium: Any, build: Path) -> None:
    page = OpenPage(
        chromium, build / "report.html", viewport={"width": 390, "height": 800}, is_mobile=True
    ).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_faults(page) == []


def test_a_network_without_curves_takes_codes(chromium: Any, tmp_path: Path) -> None:
    model = random_model((12, 7, 5), multipliers=9, output="code", input_width=6)
    path = tmp_path / "page.html"
    names = {"curves": 0, "inputs": 12, "code_range": "-32 to 31", "example_codes": "0 " * 12}
    data = {"figures": [], "network": network_document(model)}
    path.write_text(page_text(data=data, **names), encoding="utf-8")
    page = chromium.new_context(offline=True).new_page()
    page.goto(path.as_uri())
    rows = random_codes(model, 20, seed=4)
    for row, expected in zip(rows.tolist(), model.infer(rows).tolist(), strict=True):
        page.locator("#codes").fill(", ".join(map(str, row)))
        cells = page.locator("#results tr td:nth-child(2)").all_text_contents()
        assert [int(cell) for cell in cells] == expected
    for wrong, sentence in (
        ("1 2", "2 codes are given, the network takes 12"),
        ("x " + "0 " * 11, "x is no integer"),
        ("32 " + "0 " * 11, "32 is outside -32 to 31"),
    ):
        page.locator("#codes").fill(wrong)
        assert page.locator("#codes-error").text_content() == sentence
        assert page.locator("#results tr").count() == 0
