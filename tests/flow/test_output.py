# SPDX-License-Identifier: Apache-2.0
"""`--json` of the commands, beside what they print."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pulsewright.flow.cli import app
from pulsewright.flow.output import DOCUMENT_VERSION
from pulsewright.flow.report.energy_tables import three_digits
from tests.flow.conftest import invoke
from tests.models import random_model

DOCUMENT = {"document_version", "command", "tables", "files"}


def document(*arguments: object) -> dict[str, Any]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    assert set(found) == DOCUMENT
    assert found["document_version"] == DOCUMENT_VERSION
    assert found["command"] == arguments[0]
    return found


def rows(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    (table,) = (table for table in found["tables"] if table["name"] == name)
    keys = [column["key"] for column in table["columns"]]
    assert all(list(row) == keys for row in table["rows"])
    made: list[dict[str, Any]] = table["rows"]
    return made


def cells(printed: str) -> list[list[str]]:
    lines = [line for line in printed.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines]


def test_every_command_has_the_option() -> None:
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        assert any("--json" in parameter.opts for parameter in command.params), name


def test_every_command_with_a_build_folder_can_be_quiet() -> None:
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        options = {option for parameter in command.params for option in parameter.opts}
        assert ("--build" in options) == ("--quiet" in options), name


def test_a_quiet_command_tells_results_alone(tmp_path: Path) -> None:
    random_model((3, 4, 2)).save(tmp_path / "net.json")
    recipe = tmp_path / "net.toml"
    assert invoke("init", "--from", tmp_path / "net.json", "--to", tmp_path).exit_code == 0
    loud, quiet = (
        invoke("energy", recipe, "--build", tmp_path / str(number), *options)
        for number, options in enumerate(([], ["--quiet"]))
    )
    assert (loud.exit_code, quiet.exit_code) == (0, 0), quiet.output
    told = [line for line in loud.output.splitlines() if line not in quiet.output.splitlines()]
    assert len(told) == 1
    assert told[0].startswith("model ")
    assert cells(quiet.output) == cells(loud.output)
    refused = invoke("energy", tmp_path / "none.toml", "--quiet")
    assert (refused.exit_code, "cannot read recipe" in refused.output) == (2, True)


@pytest.fixture(scope="module")
def printed_and_document(
    finished: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("output") / "copy"
    shutil.copytree(finished, folder)
    options = (folder / "tiny.toml", "--build", folder / "build")
    return invoke("run", *options).output, document("run", *options)


def test_a_run_hands_out_the_numbers_that_it_prints(
    printed_and_document: tuple[str, dict[str, Any]],
) -> None:
    printed, found = printed_and_document
    assert [table["name"] for table in found["tables"]] == ["accuracy", "proof", "energy"]
    expected = [
        [
            row["split"],
            *(f"{row[key]:.5f}" for key in ("float", "qat", "integer")),
            f"{row['integer_to_float']:.3f}",
            f"{row['integer_median_curve']:.5f}",
        ]
        for row in rows(found, "accuracy")
    ]
    expected += [
        ["" if value is None else str(value) for value in row.values()]
        for row in rows(found, "proof")
    ]
    lines = cells(printed)
    assert lines[: len(expected)] == expected
    energy = rows(found, "energy")
    totals = [three_digits(row["total_nanojoule"]) for row in energy]
    assert [line[-1] for line in lines[len(expected) :]] == totals
    assert all(row["mismatches"] in (None, 0) for row in rows(found, "proof"))
    for path in found["files"].values():
        assert Path(path).exists()
        assert path in printed


def test_the_energy_explained_adds_up(finished_copy: Path) -> None:
    build = finished_copy / "build"
    found = document("energy", finished_copy / "tiny.toml", "--build", build, "--explain")
    lines = rows(found, "explanation")
    for row in rows(found, "energy"):
        what = f"{row['what']}, weights in {row['weights_in']}"
        parts = [line["picojoule"] for line in lines if line["what"] == what]
        assert sum(parts) / 1000 == pytest.approx(row["total_nanojoule"], rel=1e-12)
    entries = {row["entry"] for row in rows(found, "sources")}
    assert entries == {line["entry"] for line in lines}
    assert rows(found, "beside_the_paper")
    assert rows(found, "sensitivities")


def test_what_a_step_tells_goes_to_standard_error(recipe: Path, tmp_path: Path) -> None:
    arguments = ["train", str(recipe), "--build", str(tmp_path / "b"), "--json"]
    result = CliRunner().invoke(app, arguments)
    assert json.loads(result.stdout)["files"]["float_networks"].endswith("float.pt")
    assert "test MSE" in result.stderr


def test_a_command_that_fails_prints_no_document() -> None:
    result = CliRunner().invoke(app, ["run", "nowhere.toml", "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nowhere.toml" in result.stderr
