# SPDX-License-Identifier: Apache-2.0
import os
from pathlib import Path

import pytest

from pulsewright.synth.cells.cell_library import CellLibrary, read_library
from pulsewright.synth.cells.technology import SG13G2, Technology, of_liberty
from tests.synth.mini_library import MINI_LIBRARY


@pytest.fixture(scope="session")
def mini_liberty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("liberty") / "mini.lib"
    path.write_text(MINI_LIBRARY, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def mini_technology(mini_liberty: Path) -> Technology:
    return of_liberty(mini_liberty, "mini")


@pytest.fixture(scope="session")
def mini(mini_liberty: Path) -> CellLibrary:
    return read_library(mini_liberty)


@pytest.fixture(scope="session")
def sg13g2() -> Technology:
    if not os.environ.get("PULSEWRIGHT_PDK"):
        pytest.skip("PULSEWRIGHT_PDK names no folder with the cells of IHP SG13G2")
    return SG13G2.find(None)
