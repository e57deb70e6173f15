# SPDX-License-Identifier: Apache-2.0
"""Families of FPGAs, their devices, and what their cells count as."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened
from pulsewright.synth.tools.yowasp import NEXTPNR_ECP5, NEXTPNR_ICE40, YowaspTool


class Resource(StrEnum):
    """What a design takes: logic look-up tables, those used as memory, and hard blocks."""

    LUT = "lut"
    CARRY = "carry"
    MEMORY_LUT = "memory_lut"
    FLIP_FLOP = "flip_flop"
    DSP = "dsp"
    BLOCK_RAM = "block_ram"


@dataclass(frozen=True)
class Device:
    """placing: nextpnr's arguments, of device, package and speed grade. mapping: Yosys' options."""

    name: str
    title: str
    placing: tuple[str, ...] = ()
    mapping: tuple[str, ...] = ()


@dataclass(frozen=True)
class FpgaTarget:
    """A family.

    command: of Yosys, that maps to it. cells: patterns of cell types, the resource of each and how
    many of it one cell is; a cell that no pattern names costs nothing of interest. luts_a_carry:
    look-up tables that a cell of a carry chain takes the place of. devices: the first is the
    default. router: places and routes; None if no open tool does. megahertz: what it aims at.
    """

    name: str
    title: str
    command: str
    cells: Mapping[str, tuple[Resource, int]]
    devices: tuple[Device, ...]
    luts_a_carry: int = 0
    router: YowaspTool | None = None
    router_arguments: tuple[str, ...] = ()
    megahertz: int = 0

    def resources(self, cells: Mapping[str, int]) -> dict[Resource, int]:
        """What cells of these types and numbers take, of every resource."""
        taken = dict.fromkeys(Resource, 0)
        for kind, number in cells.items():
            for pattern, (resource, count) in self.cells.items():
                if fnmatchcase(kind, pattern):
                    taken[resource] += number * count
        return taken

    def device(self, name: str | None) -> Device:
        """The device of that name, or the default.

        Raises:
            PulsewrightError: the family has none of that name.
        """
        if name is None:
            return self.devices[0]
        for device in self.devices:
            if device.name == name:
                return device
        known = ", ".join(device.name for device in self.devices)
        raise PulsewrightError(
            f"--device {shortened(name)} is no device of {self.name}; choose one of {known}"
        )


ECP5 = FpgaTarget(
    "ecp5",
    "Lattice ECP5",
    "synth_ecp5",
    {
        "LUT4": (Resource.LUT, 1),
        "CCU2C": (Resource.CARRY, 1),
        "TRELLIS_DPR16X4": (Resource.MEMORY_LUT, 4),
        "TRELLIS_FF": (Resource.FLIP_FLOP, 1),
        "MULT18X18D": (Resource.DSP, 1),
        "DP16KD": (Resource.BLOCK_RAM, 1),
        "PDPW16KD": (Resource.BLOCK_RAM, 1),
    },
    (
        Device("85k", "LFE5U-85F, grade 6", ("--85k", "--package", "CABGA756", "--speed", "6")),
        Device("25k", "LFE5U-25F, grade 6", ("--25k", "--package", "CABGA381", "--speed", "6")),
    ),
    luts_a_carry=2,
    router=NEXTPNR_ECP5,
    router_arguments=("--lpf-allow-unconstrained",),
    megahertz=200,
)
ICE40 = FpgaTarget(
    "ice40",
    "Lattice iCE40",
    "synth_ice40",
    {
        "SB_LUT4": (Resource.LUT, 1),
        "SB_CARRY": (Resource.CARRY, 1),
        "SB_DFF*": (Resource.FLIP_FLOP, 1),
        "SB_MAC16": (Resource.DSP, 1),
        "SB_RAM40_4K*": (Resource.BLOCK_RAM, 1),
    },
    (
        Device("hx8k", "HX8K", ("--hx8k", "--package", "ct256")),
        Device("up5k", "UP5K", ("--up5k", "--package", "sg48"), ("-dsp",)),
    ),
    router=NEXTPNR_ICE40,
    router_arguments=("--pcf-allow-unconstrained",),
    megahertz=50,
)
XC7 = FpgaTarget(
    "xc7",
    "AMD 7 series",
    "synth_xilinx -family xc7 -flatten -noiopad",
    {
        "LUT[1-6]": (Resource.LUT, 1),
        "CARRY4": (Resource.CARRY, 1),
        "RAM32X1[SD]": (Resource.MEMORY_LUT, 1),
        "RAM64X1S": (Resource.MEMORY_LUT, 1),
        "RAM64X1D": (Resource.MEMORY_LUT, 2),
        "RAM32M": (Resource.MEMORY_LUT, 4),
        "RAM64M": (Resource.MEMORY_LUT, 4),
        "SRL16E": (Resource.MEMORY_LUT, 1),
        "SRLC32E": (Resource.MEMORY_LUT, 1),
        "FD[RSCP]E*": (Resource.FLIP_FLOP, 1),
        "DSP48E1": (Resource.DSP, 1),
        "RAMB18E1": (Resource.BLOCK_RAM, 1),
        "RAMB36E1": (Resource.BLOCK_RAM, 2),
    },
    (Device("any", "any device"),),
)
FPGA_TARGETS = {target.name: target for target in (ECP5, ICE40, XC7)}
