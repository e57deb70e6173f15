# SPDX-License-Identifier: Apache-2.0
"""Pages that tell how to do one thing, typed: on a small recipe under the name that they use."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synth.mini_library import MINI_LIBRARY
from tests.test_documentation import DOCS, FENCED, shell_lines
from tests.test_tutorial import is_printed, steps

pytestmark = pytest.mark.regression


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A small recipe, its curves and its build, under the names that the pages use."""
    (tmp_path / "recipes").mkdir()
    text = (finished / "tiny.toml").read_text(encoding="utf-8")
    recipe = tmp_path / "recipes" / "a1_int8.toml"
    recipe.write_text(text.replace('name = "tiny"', 'name = "a1_int8"'), encoding="utf-8")
    shutil.copy(finished / "curves.csv", recipe.parent / "curves.csv")
    return tmp_path


def typed(command: str, folder: Path) -> str:
    """What it prints."""
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": programs, "COLUMNS": "100", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def blocks(page: Path, language: str) -> list[str]:
    return [body for name, body in FENCED.findall(page.read_text("utf-8")) if name == language]


def test_cells_of_ones_own(folder: Path) -> None:
    (folder / "my_cells.lib").write_text(MINI_LIBRARY, encoding="utf-8")
    commands = shell_lines((DOCS / "own-liberty.md").read_text(encoding="utf-8"))
    assert len(commands) == 3
    for command in commands:
        assert "kGE" in typed(command, folder), command
    assert list((folder / "build" / "a1_int8").rglob("recipes/*.toml"))


def test_a_soc_with_structures(folder: Path) -> None:
    page = DOCS / "soc-pulp.md"
    (section,) = blocks(page, "toml")
    with (folder / "recipes" / "a1_int8.toml").open("a", encoding="utf-8") as recipe:
        recipe.write(section)
    for command, printed in steps(page):
        assert is_printed(printed, typed(command, folder)), command
    (instance,) = blocks(page, "systemverilog")
    hdl = folder / "build" / "a1_int8" / "rtl" / "package" / "hdl"
    wrapper = (hdl / "a1_int8_obi_structs.sv").read_text(encoding="utf-8")
    head = wrapper[: wrapper.index(");")]
    named = re.findall(r"\.(\w+)", instance)
    assert [name for name in named if not re.search(rf"\b{name}\b", head)] == []
    ports = set(re.findall(r"^ +(?:input|output) .*?(\w+),?$", head, re.MULTILINE))
    assert ports == set(named) - {"obi_req_t", "obi_rsp_t", "UseRReady"}
    registers = (hdl.parent / "firmware" / "a1_int8_registers.h").read_text(encoding="utf-8")
    assert "COMMIT_TRIGGER" in registers
