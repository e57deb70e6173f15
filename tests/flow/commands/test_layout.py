# SPDX-License-Identifier: Apache-2.0
import json
import os
from pathlib import Path

import pytest

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
