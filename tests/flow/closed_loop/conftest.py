# SPDX-License-Identifier: Apache-2.0
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.closed_loop.everything import closed_loop
from pulsewright.flow.closed_loop.results import TrialSet
from pulsewright.flow.output import Output
from tests.flow.closed_loop.small_comparison import CURVES, IN_PROCESS, SETTINGS

COMMAND = "pulsewright closed-loop --curves synthetic"


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, list[TrialSet]]:
    """Folder, what was printed, and outcomes of a finished comparison."""
    folder = tmp_path_factory.mktemp("closed_loop")
    printed = StringIO()
    output = Output(console=Console(file=printed, width=200))
    sets = closed_loop(CURVES, "synthetic", folder, IN_PROCESS, output, SETTINGS, COMMAND)
    return folder, printed.getvalue(), sets
