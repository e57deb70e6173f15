# SPDX-License-Identifier: Apache-2.0
"""What a wheel holds, and that it works in a folder with modules of the rooms' names."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.models import random_model

REPOSITORY = Path(__file__).parents[2]
ROOMS = ("firmware", "flow", "hls_model", "quant", "recipes", "rtl", "sim", "synth")
FILES = ("pyproject.toml", "README.md", "LICENSE")
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
PRINTED = "16 rows, 0 mismatches"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout = tmp_path_factory.mktemp("checkout")
    for room in ROOMS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / room, checkout / room, ignore=ignored)
    ignored = shutil.ignore_patterns("*.egg-info")
    shutil.copytree(REPOSITORY / "src", checkout / "src", symlinks=True, ignore=ignored)
    for name in FILES:
        shutil.copy(REPOSITORY / name, checkout)
    place = checkout / "dist"
    command = [sys.executable, "-c", BUILD, str(place)]
    run = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    (path,) = place.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As in site-packages."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of somebody, whose modules are called as our rooms are."""
    (tmp_path / "sim").mkdir()
    (tmp_path / "tests").mkdir()
    for name in ("sim/__init__.py", "tests/__init__.py", "quant.py", "flow.py", "rtl.py"):
        (tmp_path / name).write_text("raise AssertionError('a module of the project')\n")
    return tmp_path


def python(installed: Path, project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the wheel's package in the project's folder, which comes first on the path."""
    path = os.pathsep.join([".", str(installed)])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def pulsewright(installed: Path, project: Path, *arguments: str) -> str:
    run = python(installed, project, "-m", "pulsewright.flow.entry", *arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_a_wheel_holds_one_name_and_all_files_of_the_rooms(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    top = {name.partition("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"pulsewright"}
    files = {
        path.relative_to(REPOSITORY).as_posix()
        for room in ROOMS
        for path in (REPOSITORY / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {f"pulsewright/{file}" for file in files} - names == set()


def test_commands_work_beside_modules_of_the_same_names(installed: Path, project: Path) -> None:
    where = python(installed, project, "-c", "import pulsewright; print(pulsewright.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(installed)
    assert "reproduce" in pulsewright(installed, project, "--help")
    assert "Tier 2" in pulsewright(installed, project, "energy")
    assert "a1_demonstrator" in pulsewright(installed, project, "recipes")
    assert python(installed, project, "-m", "pulsewright", "energy").stdout == pulsewright(
        installed, project, "energy"
    )
    pulsewright(installed, project, "recipes", "--copy", "tiny_int8", "--to", "mine")
    shipped = (REPOSITORY / "recipes" / "tiny_int8.toml").read_bytes()
    assert (project / "mine" / "tiny_int8.toml").read_bytes() == shipped


@pytest.mark.regression
def test_the_ten_lines_of_the_page_work_there(installed: Path, project: Path) -> None:
    page = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")
    (lines, *_) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    folder = project / "build" / "a1_int8"
    folder.mkdir(parents=True)
    random_model((6, 4, 1)).save(folder / "model.json")
    (project / "ten_lines.py").write_text(lines, encoding="utf-8")
    run = python(installed, project, "ten_lines.py")
    assert PRINTED in run.stdout, run.stdout + run.stderr
