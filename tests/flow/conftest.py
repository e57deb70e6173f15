# SPDX-License-Identifier: Apache-2.0
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.cli import app
from tests.shared_folder import shared_folder
from tools.report_picture import chromium as chromium_path
from tools.report_picture import launch_arguments

RECIPE = """
name = "tiny"
seed = 3

[data]
source = "csv"
path = "curves.csv"

[network]
hidden = [5]

[training.float]
epochs = 3
batch_size = 32

[training.float_unseen]
epochs = 3
batch_size = 32

[training.quantised]
epochs = 2
batch_size = 64

[[folding]]
pe = 2
simd = 3
[[folding]]
pe = 1
simd = 2

[simulation]
icarus = "test"
verilator = "off"
"""


def write_curves(path: Path, curves: int = 16, pulses: int = 12) -> None:
    random = np.random.default_rng(0)
    lines = ["pulse_number,v_set,v_anti,t_set,t_off,t_read,current"]
    for curve in range(curves):
        v_set, v_anti = 2 + 0.1 * (curve % 4), -0.1 * (curve % 3)
        t_set, t_off, t_read = (
            0.1 * (1 + curve % 5),
            0.05 * (1 + curve % 2),
            0.1 + 0.1 * (curve % 2),
        )
        for n in range(pulses):
            current = 1e-6 * (1 + v_set * np.log1p(n) + 0.05 * random.standard_normal())
            lines.append(f"{n},{v_set},{v_anti},{t_set},{t_off},{t_read},{current}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """A recipe that is done in seconds, on curves of its own."""
    write_curves(tmp_path / "curves.csv")
    path = tmp_path / "tiny.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tiny.toml, its curves, and a finished build; tests copy it."""

    def make(folder: Path) -> None:
        write_curves(folder / "curves.csv")
        (folder / "tiny.toml").write_text(RECIPE, encoding="utf-8")
        result = invoke("run", folder / "tiny.toml", "--build", folder / "build")
        assert result.exit_code == 0, result.output

    return shared_folder(tmp_path_factory, "finished", make)


@pytest.fixture
def finished_copy(finished: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(finished, copy)
    return copy


def stamp_again(build: Path, step: str) -> None:
    """Let a step's artefacts, changed by the test, count as what the step left."""
    stamp = build / ".stamps" / f"{step}.json"
    content = json.loads(stamp.read_text())
    content["outputs"] = {name: file_digest(build / name) for name in content["outputs"]}
    stamp.write_text(json.dumps(content))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium_path(), args=launch_arguments())
        yield browser
        browser.close()
