# SPDX-License-Identifier: Apache-2.0
"""What the steps of simulated systems share: rows, sizes of drivers, ends of programs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pulsewright.flow.errors import VerificationError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.sim.soc.compiler import firmware_folder, object_sizes
from pulsewright.sim.soc.run import ProgramRun


def evenly(rows: IntegerArray, count: int) -> IntegerArray:
    """At most `count` of the rows, spread over all of them."""
    places = np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(int)
    chosen: IntegerArray = rows[places]
    return chosen


def driver_sizes(folder: Path, files: Sequence[str], needed: Sequence[str]) -> dict[str, int]:
    """Bytes of code of the driver at -O2, whole and of what one inference needs.

    files: of the driver. needed: functions that probe and infer. folder: for what is compiled.
    """
    sizes: dict[str, int] = {}
    total = 0
    for name in files:
        found = object_sizes(firmware_folder() / "driver" / name, folder, "-O2")
        total += sum(found.values())
        sizes |= found
    return {"all": total, "probe and infer": sum(sizes.get(name, 0) for name in needed)}


def register_driver_sizes(folder: Path) -> dict[str, int]:
    """The same of the driver of networks that fit among the registers."""
    return driver_sizes(folder, ["pulsewright.c"], ("pulsewright_probe", "pulsewright_infer"))


def check_ended(runs: Sequence[ProgramRun]) -> None:
    """Refuse programs that found something wrong.

    Raises:
        VerificationError: one did; the sentence names its log.
    """
    for run in runs:
        if run.exit_code != 0:
            first = f"; first: {run.failures[0]}" if run.failures else ""
            raise VerificationError(f"the firmware ends with {run.exit_code}, see {run.log}{first}")
