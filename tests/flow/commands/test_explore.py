# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.exploration_result import Exploration
from tests.flow.conftest import invoke
from tests.flow.report.page.elements import Elements
from tests.synth.mini_library import MINI_LIBRARY


def test_what_cannot_be_explored_is_refused_before_anything_is_made(recipe: Path) -> None:
    for arguments, words in (
        (("--pipelines", "flat"), "'flat' is no pipeline; give deep, shallow, or both"),
        (("--multipliers", "0"), "'0' is no number from 1 on"),
        (("--target", "spartan"), "--target 'spartan' is unknown"),
        (("--energy",), "--energy needs standard cells, not ecp5"),
        (("--weights", "fixed"), "'fixed' is no kind of weights; give constant, reloadable, or"),
        (("--curve", "line"), "'line' is no way to compute curves; give inferences, piecewise_l"),
        (("--networks", "a9"), "'a9' is no network; give a1, a2, a3, tiny, or sizes such as 6-"),
        (("--bits", "16"), "'16' is no width; give 2 to 8 for weights and activations"),
    ):
        result = invoke("explore", recipe, *arguments, "--build", recipe.parent / "build")
        assert result.exit_code == 2
        assert words in " ".join(result.output.split())
        assert not (recipe.parent / "build").exists()


def test_what_no_variant_can_be_is_refused_before_anything_is_trained(recipe: Path) -> None:
    build = recipe.parent / "build"
    asked = ("--multipliers", 1, "--weights", "reloadable")
    result = invoke("explore", recipe, *asked, "--build", build)
    assert result.exit_code == 2
    assert "reloadable weights beside multipliers = 1" in " ".join(result.output.split())
    assert not (build / "tiny" / "float.pt").exists()


@pytest.mark.regression
def test_the_front_has_recipes(finished_copy: Path) -> None:
    liberty = finished_copy / "mini.lib"
    liberty.write_text(MINI_LIBRARY)
    arguments = (
        *("explore", finished_copy / "tiny.toml", "--build", finished_copy / "build"),
        *("--liberty", liberty, "--multipliers", "2,35", "--energy", "--rows", 4, "--json"),
    )
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    table, cheapest = document["tables"]
    engines = [row for row in table["rows"] if row["design"] == "engine"]
    assert [(row["multipliers"], row["pipeline"]) for row in engines] == [
        (2, "deep"),
        (2, "shallow"),
        (35, "deep"),
        (35, "shallow"),
    ]
    assert all(row["picojoule"] > 0 and row["curve_picojoule"] > 0 for row in engines)
    assert cheapest["rows"][0]["folding"].startswith("2 multipliers")
    # The smallest of all is on every front.
    assert min(engines, key=lambda row: row["kilo_gate_equivalents"])["on_front"]
    written = sorted(Path(document["files"]["recipes"]).glob("*.toml"))
    assert len(written) == sum(row["on_front"] for row in engines)
    for path in written:
        recipe = load_recipe(path)
        pair = (recipe.engine.multipliers, recipe.engine.pipeline)
        assert pair in [(row["multipliers"], row["pipeline"]) for row in engines if row["on_front"]]
    page = Path(document["files"]["page"]).read_text(encoding="utf-8")
    (texts,) = json.loads(Elements(page).data["data"])["choices"].values()
    assert sorted(texts) == sorted(path.read_text(encoding="utf-8") for path in written)
    for name in ("area_rate", "area_latency", "duty_cycle"):
        assert Path(document["files"][name]).exists()
    found = load_result(Path(document["files"]["exploration"]), Exploration)
    assert [one.state for one in found.variants] == ["measured"] * 4
    assert {one.recipe for one in found.variants} - {""} == {path.name for path in written}
    (network,) = found.networks.values()
    accuracy = json.loads((finished_copy / "build" / "tiny" / "accuracy.json").read_text())
    assert network.error == accuracy["accuracy"]["rows"]["integer_mse"]
    # What is done is done.
    netlists = {path: path.stat().st_mtime_ns for path in finished_copy.rglob("*_engine.json")}
    assert json.loads(invoke(*arguments).stdout)["tables"] == document["tables"]
    assert netlists == {path: path.stat().st_mtime_ns for path in netlists}


@pytest.mark.regression
def test_networks_and_engines_are_combined_several_at_a_time(finished_copy: Path) -> None:
    liberty = finished_copy / "mini.lib"
    liberty.write_text(MINI_LIBRARY)
    result = invoke(
        *("explore", finished_copy / "tiny.toml", "--build", finished_copy / "build"),
        *("--liberty", liberty, "--multipliers", "2", "--pipelines", "deep", "--jobs", 3),
        *("--bits", "8,8:accumulator", "--weights", "constant,reloadable", "--incremental"),
        *("--curve", "inferences,piecewise_linear"),
    )
    assert result.exit_code == 0, result.output
    build = finished_copy / "build" / "tiny"
    (path,) = build.glob("exploration/*/exploration.json")
    found = load_result(path, Exploration)
    states = {one.name: one.state for one in found.variants}
    head = "6-5-1 W8-accumulator: piecewise-linear"
    assert states[head] == "measured"
    assert [one for one, state in states.items() if state == "impossible"] == [
        "6-5-1 W8A8: piecewise-linear",
        "6-5-1 W8A8: piecewise-linear, incremental",
        "6-5-1 W8A8: piecewise-linear, reloadable",
        "6-5-1 W8A8: piecewise-linear, incremental, reloadable",
        f"{head}, incremental",
        f"{head}, reloadable",
        f"{head}, incremental, reloadable",
    ]
    # One float network for both widths, which the build had already.
    floats = [folder / "float.pt" for folder in (build, *build.glob("networks/*/tiny"))]
    assert len(floats) == 2
    assert len({one.read_bytes() for one in floats}) == 1
    reloadable = [one for one in found.variants if one.weights == "reloadable" and one.designs]
    assert [[design.design for design in one.designs] for one in reloadable] == [["obi"]] * 4
    knots = next(one for one in found.variants if one.name == head)
    plain = next(one for one in found.variants if one.name == "6-5-1 W8-accumulator: 2 multipliers")
    assert knots.curve_cycles is not None
    assert plain.curve_cycles is not None
    assert knots.curve_cycles < plain.curve_cycles
    assert "curve_nanosecond" in found.objectives
