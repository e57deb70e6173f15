# SPDX-License-Identifier: Apache-2.0
"""The page in a browser: everything is drawn, its integers are the reference's, all can use it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import tools.report_picture
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.report.page.network_document import network_document
from pulsewright.flow.report.page.run_page import run_page
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.results import QuantiseResult, SimulationResult
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.simulators import Simulator
from tests.flow.report.page.opened_page import (
    IN_CHROMIUM,
    LEAST_COLOURS,
    LONGEST_UNTIL_SEEN,
    PICTURE,
    OpenPage,
    first_paint,
    pictured,
    serious_faults,
)
from tests.flow.report.page.test_fault_section import NOTHING, VOLUME
from tests.flow.report.page.test_gate_section import synthesis
from tests.flow.report.page.test_run_page import page as page_text
from tests.flow.report.test_code_coverage_tables import RESULT as COVERAGE
from tests.flow.report.test_mutation_tables import RESULT
from tests.flow.synthesis_results import gate_energy
from tests.models import random_codes, random_model

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

ROWS = 1000
PLOTS = 7
pytestmark = IN_CHROMIUM


@pytest.fixture
def build(finished: Path) -> Path:
    return finished / "build" / "tiny"


@pytest.fixture
def complete(finished: Path, tmp_path: Path) -> Path:
    """The page of the same build, after synthesis, drawn vectors and planted faults."""
    recipe = load_recipe(finished / "tiny.toml")
    workspace = Workspace(recipe, finished / "build", Options(finished), Console(quiet=True))
    icarus = load_result(workspace.summary(Simulator.ICARUS), SimulationResult)
    assert icarus is not None
    measured = {
        "quantised": load_result(workspace.accuracy_file, QuantiseResult),
        "simulations": {Simulator.ICARUS: icarus},
        "volume": VOLUME,
        "mutation": RESULT,
        "coverage": COVERAGE,
        "synthesis": synthesis(gate_energy()),
    }
    document = json.loads((finished / "build/tiny/report.json").read_text(encoding="utf-8"))
    path = tmp_path / "complete.html"
    shown = NOTHING.model_copy(update=measured)
    path.write_text(run_page(workspace, shown, document), encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_so_is_what_was_synthesised_and_planted(chromium: Any, complete: Path, scheme: str) -> None:
    opened = OpenPage(chromium, complete, color_scheme=scheme)
    assert opened.page.locator(".plot").count() == PLOTS + 1
    assert opened.page.locator("#synthesis table").count() > 3
    assert opened.page.locator("#faults table").count() == 5
    opened.check()


def test_nothing_is_cut_off_on_paper(chromium: Any, complete: Path) -> None:
    """Of A4, with usual margins."""
    page = OpenPage(chromium, complete, viewport={"width": 718, "height": 1000}).page
    page.emulate_media(media="print")
    cut = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth >"
        " one.clientWidth + 1).map((one) => one.textContent.slice(0, 60))"
    )
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 718


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_is_drawn_and_nothing_is_fetched(
    chromium: Any, build: Path, scheme: str
) -> None:
    opened = OpenPage(chromium, build / "report.html", color_scheme=scheme)
    assert opened.page.locator(".plot").count() == PLOTS
    opened.check()
    assert opened.page.evaluate("document.documentElement.dataset.theme") == scheme


def test_it_is_seen_soon(chromium: Any, build: Path) -> None:
    assert first_paint(chromium, build / "report.html") < LONGEST_UNTIL_SEEN


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
    opened = OpenPage(chromium, build / "report.html")
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert {"theme", "curve", "ampere", "slider-1", "slider-5"} <= opened.reached_by_tab(120)
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
    *size, colours = pictured(build / "report.html", tmp_path / "report.png")
    assert tuple(size) == PICTURE
    assert colours > LEAST_COLOURS


def test_so_is_one_of_a_plot_alone(build: Path, tmp_path: Path) -> None:
    width, height, colours = pictured(build / "report.html", tmp_path / "plot.png", "cycles")
    assert width < PICTURE[0]
    assert height < PICTURE[1]
    assert colours > LEAST_COLOURS
    command = [sys.executable, tools.report_picture.__file__, str(build / "report.html"), "none"]
    run = subprocess.run([*command, "circles"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "has no plot circles; choose one of curve, explorer, accuracy, " in run.stderr


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
    data = {"network": network_document(model)}
    path.write_text(page_text(data=data, **names), encoding="utf-8")
    page = chromium.new_context(offline=True).new_page()
    page.goto(path.as_uri())
    rows = random_codes(model, 20, seed=4)
    for row, expected in zip(rows.tolist(), model.infer(rows).tolist(), strict=True):
        page.locator("#codes").fill(", ".join(map(str, row)))
        cells = page.locator("#results tr td:nth-child(2)").all_text_contents()
        assert [int(cell) for cell in cells] == expected
    fields = page.locator("#inputs input")
    assert [int(one) for one in fields.evaluate_all("all => all.map((one) => one.value)")] == row
    changed = [*row[:3], -32, *row[4:]]
    fields.nth(3).fill("-32")
    assert [int(one) for one in page.locator("#codes").input_value().split()] == changed
    cells = page.locator("#results tr td:nth-child(2)").all_text_contents()
    assert [int(cell) for cell in cells] == model.infer(np.array([changed]))[0].tolist()
    assert serious_faults(page) == []
    fields.nth(3).fill("")
    assert page.locator("#codes-error").text_content() == "nothing is no integer"
    for wrong, sentence in (
        ("1 2", "2 codes are given, the network takes 12"),
        ("x " + "0 " * 11, "x is no integer"),
        ("32 " + "0 " * 11, "32 is outside -32 to 31"),
    ):
        page.locator("#codes").fill(wrong)
        assert page.locator("#codes-error").text_content() == sentence
        assert page.locator("#results tr").count() == 0
