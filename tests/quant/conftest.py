# SPDX-License-Identifier: Apache-2.0
import os
from pathlib import Path

import pytest

from pulsewright.quant.datasets import measured
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves


@pytest.fixture(scope="session")
def synthetic() -> PulseCurves:
    return synthetic_curves(seed=0)


@pytest.fixture(scope="session")
def small() -> PulseCurves:
    return synthetic_curves(seed=1, curves=40)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    folder = os.environ.get("PULSEWRIGHT_DATA")
    if not folder:
        pytest.skip("PULSEWRIGHT_DATA does not name the folder with x.pck and y.pck")
    return Path(folder)


@pytest.fixture(scope="session")
def measured_curves(data_folder: Path) -> PulseCurves:
    return measured.load(data_folder)
