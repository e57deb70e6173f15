# SPDX-License-Identifier: Apache-2.0
"""What the sweeps of these tests compute."""

import os
import signal
import time
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.studies.journal import Row


def square(offset: float, x: float) -> Row:
    return {"y": offset + x * x, "thread": os.environ.get("OMP_NUM_THREADS")}


def refuse(offset: float, x: float) -> Row:
    if x == 2:
        raise PulsewrightError(f"x is {x}; choose another")
    if x == 3:
        raise ZeroDivisionError("by three")
    return {"y": offset + x}


def die_once(offset: float, x: float, folder: str) -> Row:
    """End the worker at the first call of each x."""
    mark = Path(folder) / f"died-{x}"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"y": offset + x}


def slow(offset: float, x: float) -> Row:
    time.sleep(0.2)
    return {"y": offset + x}
