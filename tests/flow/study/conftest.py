# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from tests.flow.conftest import invoke, write_curves
from tests.shared_folder import shared_folder

STUDY = """
name = "small"
seeds = [0, 1]
initiation_interval = 4
published_a1 = true

[data]
source = "csv"
path = "curves.csv"

[training.float]
epochs = 3
batch_size = 64

[training.float_unseen]
epochs = 3
batch_size = 64

[training.published]
epochs = 2
learning_rate = 0.01

[[grid]]
name = "widths"
network = [[4]]
weights = [3, 8]
activations = [4, 8]
epochs = [2]

[[grid]]
name = "scales"
network = [[3, 2]]
pulse_number = ["log"]
split = ["rows", "curves"]
weights = [[2, 4, 8]]
inputs = [5]
weight_scales = ["per_channel"]
refinement = ["none", "last_two_layers"]
epochs = [0]
"""


def write_study(folder: Path) -> Path:
    write_curves(folder / "curves.csv")
    path = folder / "small.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture
def study_file(tmp_path: Path) -> Path:
    """A study that is done in seconds, on curves of its own."""
    return write_study(tmp_path)


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build folder of a finished study; tests that go on from there copy it."""

    def make(folder: Path) -> None:
        options = "--build", folder / "build", "--workers", 0
        result = invoke("study", write_study(folder), *options)
        assert result.exit_code == 0, result.output

    return shared_folder(tmp_path_factory, "study", make) / "build"
