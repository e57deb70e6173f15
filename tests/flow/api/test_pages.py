# SPDX-License-Identifier: Apache-2.0
"""The code of docs/api.md and of the notebook runs as it stands there."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[3] / "docs"
NOTEBOOK = DOCS / "first_hour.ipynb"
MOST_CHARACTERS = 200_000


def as_in_the_pages(finished: Path, folder: Path) -> Path:
    """A small recipe, its curves and its build, under the names that the pages use."""
    (folder / "recipes").mkdir()
    shutil.copy(finished / "tiny.toml", folder / "recipes" / "a1_int8.toml")
    shutil.copy(finished / "curves.csv", folder / "recipes" / "curves.csv")
    shutil.copytree(finished / "build" / "tiny", folder / "build" / "a1_int8")
    return folder


def test_the_page_runs(
    finished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(as_in_the_pages(finished, tmp_path))
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "api.md").read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 5
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "docs/api.md", "exec"), names)
    assert "16 rows, 0 mismatches" in capsys.readouterr().out
    assert (tmp_path / "coprocessor.v").exists()
    assert names["report"].is_exact
    # Ten lines from a finished model to "0 mismatches".
    assert len([line for line in blocks[0].splitlines() if line]) <= 10


def test_every_name_is_on_the_page() -> None:
    import pulsewright as pw

    page = (DOCS / "api.md").read_text(encoding="utf-8")
    for name in set(pw.__all__) - {"Operations", "Recipe", "Report", "TrainedModel"}:
        assert f"pw.{name}" in page or name == "VerificationError", name


def printed_by(notebook: Any) -> str:
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return "".join("".join(output.get("text", "")) for output in outputs)


def run_notebook(folder: Path) -> str:
    for package in ("nbformat", "nbclient", "ipykernel"):
        pytest.importorskip(package)
    from tools.notebook import executed

    return printed_by(executed(folder))


def test_the_notebook_keeps_what_its_cells_print_and_draw() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text) < MOST_CHARACTERS
    notebook = json.loads(text)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    drawn = [one for cell in code for one in cell["outputs"] if "image/png" in one.get("data", {})]
    assert len(drawn) == 5
    assert not [one for cell in code for one in cell["outputs"] if one["output_type"] == "error"]
    assert "26600 rows agree" in printed_by(notebook)
    assert "32 rows, 0 mismatches" in printed_by(notebook)


@pytest.mark.regression
def test_the_notebook_runs_on_a_small_network(finished: Path, tmp_path: Path) -> None:
    printed = run_notebook(as_in_the_pages(finished, tmp_path))
    assert "32 rows, 0 mismatches" in printed


@pytest.mark.regression
def test_the_notebook_runs_on_the_recipe_that_it_names() -> None:
    printed = run_notebook(DOCS.parent)
    assert "26600 rows agree" in printed
    assert "32 rows, 0 mismatches" in printed
    assert "8333 pJ at 22 nm FD-SOI" in printed
    assert "II   1  latency  10  multipliers  448     0 multiplications" in printed
