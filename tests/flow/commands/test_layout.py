# SPDX-License-Identifier: Apache-2.0
import json
import os
import re
from pathlib import Path

import pytest

from pulsewright.synth.layout.qflow import is_available
from tests.flow.conftest import invoke
from tests.synth.layout.librelane_kit import loaded, make_kit


def layout(folder: Path, *arguments: object) -> dict[str, object]:
    recipe, build = folder / "tiny.toml", folder / "build"
    result = invoke("layout", recipe, "--build", build, *arguments, "--json")
    assert result.exit_code == 0, result.output
    document: dict[str, object] = json.loads(result.stdout)
    return document


def test_a_folder_a_design_for_the_clock_that_is_asked_for(
    finished_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without cells, tools and a kit."""
    for name in ("PULSEWRIGHT_PDK", "PDK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    document = layout(finished_copy, "--period", 12.5)
    files = document["files"]
    assert isinstance(files, dict)
    assert set(files) == {"engine", "obi"}
    configuration = json.loads(Path(files["obi"]).read_text())
    assert configuration["CLOCK_PERIOD"] == 12.5
    assert configuration["DESIGN_NAME"] == "tiny_obi"
    verilog = Path(files["obi"]).parent / "tiny_obi.v"
    assert verilog.read_text() == (finished_copy / "build/tiny/rtl/tiny_obi.v").read_text()
    # What LibreLane left there stays.
    run = verilog.parent / "runs" / "first"
    run.mkdir(parents=True)
    layout(finished_copy, "--period", 14)
    assert run.is_dir()
    assert json.loads(Path(files["obi"]).read_text())["CLOCK_PERIOD"] == 14


@pytest.mark.regression
def test_librelane_takes_what_the_command_writes(finished_copy: Path) -> None:
    root = make_kit(finished_copy / "kits")
    files = layout(finished_copy, "--period", 12.5)["files"]
    assert isinstance(files, dict)
    for design in ("engine", "obi"):
        assert loaded(Path(files[design]), root)["DESIGN_NAME"] == f"tiny_{design}"


def test_cells_and_clocks_that_are_not_there_are_told(recipe: Path) -> None:
    for arguments, words in (
        (("--target", "gf180"), "--target 'gf180' is unknown; choose one of sg13g2, osu018"),
        (("--energy",), "--energy needs wires, and sg13g2 is not laid out here"),
        (("--target", "osu018", "--pdk", recipe.parent), "qflow brings cells of its own"),
        (("--pdk", recipe.parent), "the cells of sg13g2"),
        (("--period", 0), "should be greater than or equal to 0.1"),
        (("--period", "inf"), "inf is no finite number"),
    ):
        result = invoke("layout", recipe, *arguments, "--build", recipe.parent / "build")
        assert result.exit_code == 2
        assert words in " ".join(result.output.split())
    with recipe.open("a", encoding="utf-8") as file:
        file.write("\n[engine]\nweight_files = true\n")
    result = invoke("layout", recipe, "--period", 9, "--build", recipe.parent / "build")
    assert "weight_files = true: standard cells have no contents" in " ".join(result.output.split())


def test_a_missing_qflow_is_told_before_anything_is_trained(
    recipe: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    build = recipe.parent / "build"
    result = invoke("layout", recipe, "--target", "osu018", "--build", build)
    assert result.exit_code == 2
    assert "apt-get install qflow qflow-tech-osu018" in " ".join(result.output.split())
    assert not (build / "tiny" / "float.pt").exists()


@pytest.mark.regression
@pytest.mark.skipif(not is_available(), reason="qflow is not installed")
def test_an_engine_is_laid_out_and_its_wires_are_charged(recipe: Path) -> None:
    text = recipe.read_text().replace("hidden = [5]", "hidden = [2]")
    text = re.sub("^(pe|simd) = .*$", r"\1 = 1", text, flags=re.MULTILINE)
    recipe.write_text(f"{text}\n[bits]\nweights = 2\nactivations = 2\ninputs = 3\n")
    arguments = (recipe.parent, "--target", "osu018", "--energy", "--rows", 4)
    document = layout(*arguments)
    laid_out, energy = (table["rows"][0] for table in document["tables"])  # type: ignore[attr-defined]
    assert (laid_out["drc_errors"], laid_out["lvs_errors"]) == (0, 0)
    assert laid_out["die_area_square_micrometre"] > laid_out["cell_area_square_micrometre"]
    assert 0.1 < laid_out["wire_femtofarad_a_pin"] < 20
    assert (energy["rows"], energy["mismatches"]) == (4, 0)
    assert energy["picojoule"] < energy["with_layout_picojoule"]
    files = document["files"]
    assert isinstance(files, dict)
    assert Path(files["picture"]).read_bytes().startswith(b"\x89PNG")
    routed = Path(files["routed"])
    before = routed.stat().st_mtime_ns
    assert layout(*arguments)["tables"] == document["tables"]
    assert routed.stat().st_mtime_ns == before


@pytest.mark.regression
@pytest.mark.skipif(
    not os.environ.get("PULSEWRIGHT_PDK"), reason="PULSEWRIGHT_PDK names no folder with the cells"
)
def test_the_clock_is_measured_at_the_slow_corner(finished_copy: Path) -> None:
    table, *_ = layout(finished_copy)["tables"]  # type: ignore[misc]
    synth = (
        *("synth", finished_copy / "tiny.toml", "--build", finished_copy / "build"),
        *("--target", "sg13g2", "--no-clock-gates", "--json"),
    )
    cells, *_ = json.loads(invoke(*synth).stdout)["tables"]
    for laid_out, mapped in zip(table["rows"], cells["rows"], strict=True):
        assert laid_out["design"] == mapped["design"]
        slow = 1000 / mapped["megahertz_slow"]
        assert 1.25 * slow <= laid_out["period_nanosecond"] < 1.25 * slow + 0.1
        area = laid_out["core_area_square_micrometre"]
        assert area == pytest.approx(mapped["area_square_micrometre"] / 0.6)
