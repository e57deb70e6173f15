# SPDX-License-Identifier: Apache-2.0
"""LUTs of a Verilog design as Yosys maps it, the same script for everyone's."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.python_packages import is_installed
from pulsewright.synth.fpga.targets import XC7, Resource
from pulsewright.synth.tools.yosys import run_script
from pulsewright.synth.tools.yowasp import YOSYS

TARGET = "synth_xilinx -family xc7 -flatten -noiopad -nodsp -nobram -nolutram -nosrl"
# With all that series 7 has: DSP blocks, block RAM, LUTs as RAM and as shift registers.
FULL_TARGET = XC7.command
SECONDS = 1800
STATISTICS = "stat.json"


class Area(NamedTuple):
    """Cells after mapping to Xilinx series 7.

    luts: those that hold memories or shift registers among them, without the adders' carry chains.
    block_rams: in halves of 36 kbit.
    """

    luts: int
    flip_flops: int | None
    dsps: int | None = 0
    block_rams: int | None = 0


def has_yosys() -> bool:
    """Whether the Yosys that `pulsewright synth` runs is installed."""
    return is_installed(YOSYS.package)


def lut_estimate(
    sources: Sequence[Path], top: str, target: str = TARGET, seconds: float = SECONDS
) -> Area | None:
    """Area of a design; None without Yosys.

    Raises:
        ToolError: Yosys refuses the design.
        subprocess.TimeoutExpired: it is not mapped after so many seconds.
    """
    if not has_yosys():
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copies = [f"source{number}.v" for number in range(len(sources))]
        for copy, source in zip(copies, sources, strict=True):
            shutil.copy(source, folder / copy)
        commands = (
            # Deferred: a library's module that the design does not use may make no sense alone.
            f"read_verilog -defer {' '.join(copies)}",
            f"hierarchy -top {top}",
            target,
            f"tee -q -o {STATISTICS} stat -json",
        )
        run_script(commands, folder, "mapping", seconds)
        design = json.loads((folder / STATISTICS).read_text())["design"]
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
