# SPDX-License-Identifier: Apache-2.0
"""The code of docs/api.md and of the notebook runs as it stands there."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[3] / "docs"
NOTEBOOK = DOCS / "first_hour.ipynb"
SECONDS = 3600


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


def run_notebook(folder: Path) -> str:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    client = nbclient.NotebookClient(
        notebook, timeout=SECONDS, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


def test_the_notebook_is_kept_without_outputs() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert text.count('"outputs": []') == text.count('"cell_type": "code"') > 5
    assert '"execution_count": null' in text


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
