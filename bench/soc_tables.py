# SPDX-License-Identifier: Apache-2.0
"""The systems that `bench.soc` measures, and its tables."""

from collections.abc import Sequence
from typing import NamedTuple

from pulsewright.flow.report.result_table import Column, JsonValue, ResultTable, decimals, words
from pulsewright.flow.steps.soc import MEASURED_ROWS
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.sim.soc.cores import CORES, SocCore
from pulsewright.sim.soc.cycle_table import MethodCycles, best_curve_software, best_software
from pulsewright.sim.soc.system_energy import hardware_energy, software_energy

PULSES = 100


class Engine(NamedTuple):
    """How the engine is built for two layers of A1's sizes."""

    name: str
    foldings: tuple[tuple[int, int], tuple[int, int]]
    incremental: bool = False
    shallow: bool = False

    def folded(self, sizes: tuple[int, ...]) -> FoldedEngine:
        """The folded engine."""
        layers = [LayerFolding(pe=pe, simd=simd) for pe, simd in self.foldings]
        return fold(sizes, layers, self.incremental, shallow=self.shallow)


SMALL = Engine("56 mul", ((8, 6), (1, 8)))
UNROLLED = Engine("parallel", ((64, 6), (1, 64)), shallow=True)
CURVE_ENGINE = Engine("16 mul inc.", ((8, 1), (1, 8)), incremental=True)
SYSTEMS = [
    (core, attachment, engine)
    for core in CORES.values()
    for attachment, engine in (
        ("obi", SMALL),
        (core.attachments[-1], UNROLLED),
        *([(core.instruction, SMALL)] if core.instruction else []),
        ("obi", CURVE_ENGINE),
    )
]


class Measured(NamedTuple):
    """A system and the cycles of its methods."""

    core: SocCore
    attachment: str
    engine: Engine
    folded: FoldedEngine
    methods: dict[str, MethodCycles]


SYSTEM = (words("core", "core"), words("by", "by"), words("engine", "engine"))


def inference_table(found: list[Measured]) -> ResultTable:
    """One inference, end to end."""
    rows = []
    for one in found:
        software = software_of(one.core, found).cycles
        packed = one.methods["hardware_packed"].cycles
        physical = one.methods["hardware_physical_packed"].cycles
        units = one.methods.get("hardware_units")
        mapped = None if units is None else units.cycles
        streamed = one.methods.get("hardware_streamed")
        overlapped = None if streamed is None else streamed.cycles
        ratio = software / packed
        rows.append((*_system(one), packed, overlapped, software, ratio, physical, mapped))
    return ResultTable(
        "inference",
        f"Cycles of one inference, mean of {MEASURED_ROWS} rows, loads, stores and loop included",
        (
            *SYSTEM,
            Column("cycles", "cycles", decimals(1)),
            Column("streamed_cycles", "streamed", decimals(1)),
            Column("software_cycles", "software", decimals(0)),
            Column("ratio", "ratio", decimals(1)),
            Column("physical_cycles", "from mV", decimals(1)),
            Column("units_cycles", "by hardware", decimals(1)),
        ),
        rows,
    )


def curve_table(found: list[Measured]) -> ResultTable:
    """A curve of 100 pulses."""
    rows = []
    for one in found:
        names = ("curve_job", "curve_steps", "curve_calls")
        job, steps, calls = (one.methods[name].cycles * PULSES for name in names)
        best = curve_software_of(one.core, found).cycles * PULSES
        rows.append((*_system(one), job, steps, calls, best, best / job))
    return ResultTable(
        "curve",
        f"Cycles of a curve of {PULSES} pulses",
        (
            *SYSTEM,
            Column("job_cycles", "job", decimals(0)),
            Column("steps_cycles", "steps", decimals(0)),
            Column("calls_cycles", "calls", decimals(0)),
            Column("software_cycles", "software", decimals(0)),
            Column("ratio", "ratio", decimals(1)),
        ),
        rows,
    )


def energy_table(found: list[Measured], model: IntegerMlp, prices: EnergyTable) -> ResultTable:
    """One inference of the whole system, tier 2."""
    rows: list[Sequence[JsonValue]] = []
    for one in found:
        packed = one.methods["hardware_packed"]
        hardware = hardware_energy(packed, model, one.folded, prices)
        software = software_energy(software_of(one.core, found), model, prices)
        picojoule = (hardware.memory, hardware.coprocessor, hardware.total, software.total)
        ratio = software.total / hardware.total
        rows.append((*_system(one), *(part / 1000 for part in picojoule), ratio))
    return ResultTable(
        "energy",
        f"nJ of one inference, tier 2, {prices.operating_point} ({prices.name}), at least",
        (
            *SYSTEM,
            Column("memory_nanojoule", "RAM", decimals(3)),
            Column("coprocessor_nanojoule", "coproc.", decimals(3)),
            Column("total_nanojoule", "sum", decimals(3)),
            Column("software_nanojoule", "software", decimals(2)),
            Column("ratio", "ratio", decimals(0)),
        ),
        rows,
    )


def _system(one: Measured) -> tuple[str, str, str]:
    return one.core.title, one.attachment, one.engine.name


def software_of(core: SocCore, found: list[Measured]) -> MethodCycles:
    """The best software on a core, whatever its coprocessor was attached to in that build."""
    candidates = [best_software(one.methods) for one in found if one.core is core]
    return min(candidates, key=lambda one: one.cycles)


def curve_software_of(core: SocCore, found: list[Measured]) -> MethodCycles:
    """The same of a curve."""
    candidates = [best_curve_software(one.methods) for one in found if one.core is core]
    return min((one for one in candidates if one is not None), key=lambda one: one.cycles)


def software_lines(found: list[Measured]) -> list[str]:
    """Which software was the best on each core, and how it was compiled."""
    lines = []
    for core in CORES.values():
        one, curve = software_of(core, found), curve_software_of(core, found)
        lines.append(
            f"{core.title} ({core.configuration}): best software {one.method} {one.optimisation}, "
            f"of a curve {curve.method} {curve.optimisation}"
        )
    return lines
