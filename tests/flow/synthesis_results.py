# SPDX-License-Identifier: Apache-2.0
"""Results of synthesis that no tool was run for."""

from pulsewright.flow.steps.synthesis_result import (
    BUS,
    CURVE,
    RANDOM_ROWS,
    CellDesign,
    CellResult,
    FpgaMapping,
    FpgaRouting,
    GateEnergy,
)
from pulsewright.synth.energy.gate_run import EnergyRun
from pulsewright.synth.energy.groups import Part
from pulsewright.synth.fpga.mapping import MappedDesign
from pulsewright.synth.fpga.routing import RoutedDesign

DESIGNS = ("engine", "obi")
YOSYS, NEXTPNR, ICARUS = {"yosys": "1"}, {"yosys": "1", "nextpnr": "2"}, {"icarus": "3"}


def fpga_mapping(luts: int = 5) -> FpgaMapping:
    """Two look-up tables of carry cells beside the others."""
    designs = [
        MappedDesign(
            design=one,
            luts=luts,
            carries=1,
            luts_with_carries=luts + 2,
            flip_flops=len(one),
            dsps=2,
            block_rams=0,
        )
        for one in DESIGNS
    ]
    return FpgaMapping(versions=YOSYS, target="ecp5", device="25k", designs=designs)


def fpga_routing() -> FpgaRouting:
    """The engine is placed three times, the coprocessor does not fit."""
    designs = [
        RoutedDesign(design="engine", megahertz={1: 90.0, 2: 110.0, 3: 95.0}),
        RoutedDesign(design="obi", megahertz={}, remark="too large"),
    ]
    return FpgaRouting(
        versions=NEXTPNR, target="ecp5", device="25k", seeds=(1, 2, 3), designs=designs
    )


def cell_result(gate_equivalents: float = 1500) -> CellResult:
    """200 MHz, 125 at the slow corner."""
    designs = [
        CellDesign(
            design=one,
            area=10,
            gate_equivalents=gate_equivalents,
            cells=4,
            flip_flops=2,
            clock_gates=1,
            leakage_nanowatt=3,
            nanoseconds={"typical": 5.0, "slow": 8.0},
        )
        for one in DESIGNS
    ]
    return CellResult(
        versions=YOSYS,
        technology="gates",
        cell_library="lib",
        libraries={"typical": "digest"},
        period=4,
        clock_gates=True,
        designs=designs,
    )


def gate_energy(picojoule: float = 1, cycles: float = 6, leakage: float = 3) -> GateEnergy:
    """picojoule: of each part on random rows; a curve takes twice as much, the bus three times."""

    def run(times: float) -> EnergyRun:
        return EnergyRun(
            rows=9,
            mismatches=0,
            cycles=cycles,
            picojoule=dict.fromkeys(Part, times * picojoule),
            with_wires=dict.fromkeys(Part, 2 * times * picojoule),
            without_glitches=dict.fromkeys(Part, 0.75 * times * picojoule),
            idle_picojoule=1,
        )

    return GateEnergy(
        versions=ICARUS,
        technology="gates",
        cell_library="lib",
        liberty="digest",
        counted=9,
        voltage=1.2,
        leakage_nanowatt=leakage,
        runs={RANDOM_ROWS: run(1), CURVE: run(2), BUS: run(3)},
    )
