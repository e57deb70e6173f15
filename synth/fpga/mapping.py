# SPDX-License-Identifier: Apache-2.0
"""What a design takes of an FPGA's cells, as Yosys maps it."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pulsewright.rtl.clock_gate_text import CLOCK_GATE_OPEN
from pulsewright.synth.fpga.targets import Device, FpgaTarget, Resource
from pulsewright.synth.tools.yosys import READ_VERILOG, cell_counts, read_netlist, run_script


class MappedDesign(BaseModel):
    """What a design takes of an FPGA.

    luts: look-up tables of logic. carries: cells of carry chains. luts_with_carries: with those
    that the chains are made of, and those used as memory. block_rams: in the smallest unit.
    """

    model_config = ConfigDict(extra="forbid")

    design: str
    luts: int
    carries: int
    luts_with_carries: int
    flip_flops: int
    dsps: int
    block_rams: int


def map_design(
    verilog: str,
    top: str,
    label: str,
    target: FpgaTarget,
    device: Device,
    folder: Path,
    reading: str = READ_VERILOG,
) -> MappedDesign:
    """Map the module `top`; scripts, logs and netlist stay in `folder`, named after it.

    label: what the result calls the design. reading: Yosys' command that reads it.

    Raises:
        MissingPackageError: Yosys is not installed.
        ToolError: it refuses the design.
    """
    (folder / f"{top}.v").write_text(verilog, encoding="utf-8")
    run_mapping([f"{top}.v"], top, target, device, folder, reading)
    taken = target.resources(cell_counts(read_netlist(folder / f"{top}.json", top)))
    return MappedDesign(
        design=label,
        luts=taken[Resource.LUT],
        carries=taken[Resource.CARRY],
        luts_with_carries=taken[Resource.LUT]
        + taken[Resource.MEMORY_LUT]
        + target.luts_a_carry * taken[Resource.CARRY],
        flip_flops=taken[Resource.FLIP_FLOP],
        dsps=taken[Resource.DSP],
        block_rams=taken[Resource.BLOCK_RAM],
    )


def run_mapping(
    sources: Sequence[str],
    top: str,
    target: FpgaTarget,
    device: Device,
    folder: Path,
    reading: str = READ_VERILOG,
) -> None:
    """Map the module `top` of files in `folder` to the netlist `top`.json.

    Raises:
        MissingPackageError: Yosys is not installed.
        ToolError: it refuses the design.
    """
    commands = (
        f"{reading} -D {CLOCK_GATE_OPEN} {' '.join(sources)}",
        f"hierarchy -check -top {top}",
        " ".join((target.command, *device.mapping, "-top", top)),
        f"write_json {top}.json",
    )
    run_script(commands, folder, top)
