# SPDX-License-Identifier: Apache-2.0
"""What synthesis of a recipe's Verilog showed, as it is stored and reported."""

from pydantic import BaseModel, ConfigDict

from pulsewright.synth.energy.gate_run import EnergyRun
from pulsewright.synth.fpga.mapping import MappedDesign
from pulsewright.synth.fpga.routing import RoutedDesign

MAPPING, ROUTING, CELLS, ENERGY = "mapping.json", "routing.json", "cells.json", "energy.json"
RANDOM_ROWS, CURVE, BUS = "random rows", "along a curve", "random rows through the bus"
# Of which an EnergyRun tells of whole curves in place of inferences.
CURVE_JOBS = "curves through the bus, each"


class _Result(BaseModel):
    """versions: of the tools."""

    model_config = ConfigDict(extra="forbid")

    versions: dict[str, str]


class FpgaMapping(_Result):
    """What the designs of a recipe take of a family's cells."""

    target: str
    device: str
    designs: list[MappedDesign]


class FpgaRouting(_Result):
    """How fast they are on a device. seeds: of the placements that were asked for."""

    target: str
    device: str
    seeds: tuple[int, ...]
    designs: list[RoutedDesign]


class CellDesign(BaseModel):
    """A design in standard cells.

    area: in µm². gate_equivalents: of the library's NAND of two inputs. leakage_nanowatt: at the
    typical corner. nanoseconds: longest path by corner; empty without OpenSTA.
    """

    model_config = ConfigDict(extra="forbid")

    design: str
    area: float
    gate_equivalents: float
    cells: int
    flip_flops: int
    clock_gates: int
    leakage_nanowatt: float
    nanoseconds: dict[str, float]


class CellResult(_Result):
    """The designs of a recipe in the cells of a library.

    libraries: digests of its files by corner. period: in ns.
    """

    technology: str
    cell_library: str
    libraries: dict[str, str]
    period: float
    clock_gates: bool
    designs: list[CellDesign]


class GateEnergy(_Result):
    """What the engine, and the coprocessor through its bus, cost in the cells of a library.

    liberty: digest of its file. counted: rows whose energy was asked for. voltage: of the supply.
    leakage_nanowatt: of the engine's cells, or the coprocessor's if no engine stands alone. runs:
    by what ran.
    """

    technology: str
    cell_library: str
    liberty: str
    counted: int
    voltage: float
    leakage_nanowatt: float
    runs: dict[str, EnergyRun]

    @property
    def inferences(self) -> EnergyRun | None:
        """Random rows through what `leakage_nanowatt` tells of; None if none ran."""
        return self.runs.get(RANDOM_ROWS, self.runs.get(BUS))


class FpgaShown(BaseModel):
    """routing: None if nothing was placed."""

    mapping: FpgaMapping
    routing: FpgaRouting | None


class CellsShown(BaseModel):
    """energy: None if no rows ran."""

    cells: CellResult
    energy: GateEnergy | None


class SynthesisShown(BaseModel):
    """All that was measured of one build's Verilog."""

    fpgas: list[FpgaShown] = []
    cells: list[CellsShown] = []
