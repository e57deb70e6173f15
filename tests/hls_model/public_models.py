# SPDX-License-Identifier: Apache-2.0
"""Public quantised networks with the outputs of public executors, which are never shipped."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FOLDER = os.environ.get("PULSEWRIGHT_MODELS")
needs_public_models = pytest.mark.skipif(
    FOLDER is None, reason="PULSEWRIGHT_MODELS names no folder with the public models"
)


def public_file(name: str) -> Path:
    assert FOLDER is not None
    return Path(FOLDER) / name


def public_vectors(name: str) -> dict[str, Any]:
    with np.load(public_file(name)) as arrays:
        return dict(arrays)
