# SPDX-License-Identifier: Apache-2.0
"""`make lint` keeps the house: what is planted against its rules is found."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
ROOMS = ("bench", "firmware", "flow", "hls_model", "quant", "rtl", "sim", "synth")
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the rooms and their rules."""
    for room in ROOMS:
        shutil.copytree(
            REPOSITORY / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copytree(REPOSITORY / "src", tmp_path / "src", symlinks=True)
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def lint(house: Path) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": f"{house / 'src'}{os.pathsep}{house}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


PLANTED = {
    "hls_model/words.py": (
        "from pulsewright.quant.splits import SplitKind\n",
        "imports point down the floors of the house BROKEN",
    ),
    "hls_model/files/atomic_write.py": (
        "from pulsewright.hls_model.reference.fixed_point import FixedPoint\n",
        "no import goes round BROKEN",
    ),
    "quant/studies/settings.py": (
        "from pulsewright.quant.studies.study import Study\n",
        "no import goes round BROKEN",
    ),
    "flow/workspace.py": ("import amaranth\n", "Amaranth stays in rtl BROKEN"),
}


def test_the_house_as_it_is_keeps_its_rules(house: Path) -> None:
    code, output = lint(house)
    assert code == 0, output


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_import_is_found(house: Path, place: str) -> None:
    planted, finding = PLANTED[place]
    with (house / place).open("a") as file:
        file.write(planted)
    code, output = lint(house)
    assert code == 1
    assert finding in output
