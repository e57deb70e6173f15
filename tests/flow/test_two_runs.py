# SPDX-License-Identifier: Apache-2.0
"""Two runs in one build folder, at many distances: each shows what is its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.flow.conftest import RECIPE, write_curves
from tests.flow.test_build_lock import ENVIRONMENT

PROOF = "Comparison with the integer reference"
OTHERS = {
    "same": {},
    "folding": {"pe = 2": "pe = 5"},
    "bits": {"[training.float]": "[bits]\nweights = 3\n[training.float]"},
    "seed": {"seed = 3": "seed = 4"},
    "bits and folding": {
        "[training.float]": "[bits]\nweights = 5\n[training.float]",
        "simd = 3": "simd = 6",
    },
}


def write_recipes(folder: Path) -> None:
    write_curves(folder / "curves.csv", curves=12, pulses=6)
    for name, changes in OTHERS.items():
        text = RECIPE
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new, 1)
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def started(folder: Path, name: str, build: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pulsewright.flow.cli", "run", f"{name}.toml", "--build", build],
        cwd=folder,
        env={**ENVIRONMENT, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def shown(process: subprocess.Popen[str]) -> str:
    """The tables that a run ends with."""
    said, error = process.communicate()
    assert process.returncode == 0, said + error
    head, title, _ = said.partition(PROOF)
    accuracy = head[head.index("Test MSE of the scaled") :]
    return accuracy + title + said.partition(PROOF)[2].partition("Verilog: ")[0]


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    write_recipes(folder)
    return folder


@pytest.fixture(scope="module")
def undisturbed(recipes: Path) -> dict[str, str]:
    """What each recipe shows by itself."""
    return {name: shown(started(recipes, name, f"alone_{name}")) for name in OTHERS}


@pytest.mark.regression
@pytest.mark.parametrize("seconds", [0, 0.5, 4, 8])
@pytest.mark.parametrize("other", OTHERS)
def test_no_run_shows_what_another_made(
    recipes: Path, undisturbed: dict[str, str], other: str, seconds: float
) -> None:
    build = f"{other}_{seconds}".replace(" ", "_")
    first = started(recipes, "same", build)
    time.sleep(seconds)
    second = started(recipes, other, build)
    assert shown(first) == undisturbed["same"]
    assert shown(second) == undisturbed[other]
    left = recipes / build / "tiny"
    assert not list(left.rglob(".*.part"))
    assert not (left / ".holder.json").exists()
    assert os.listdir(recipes / build) == ["tiny"]
