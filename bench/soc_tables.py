# SPDX-License-Identifier: Apache-2.0
"""The systems that `bench.soc` measures, and its tables."""

from typing import NamedTuple

from rich.table import Table

from pulsewright.flow.steps.soc import MEASURED_ROWS
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import FoldedEngine, LayerFolding, fold
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


def inference_table(found: list[Measured]) -> Table:
    """One inference, end to end."""
    table = Table(
        title=f"Cycles of one inference, mean of {MEASURED_ROWS} rows, loads, stores and loop "
        "included",
        title_justify="left",
    )
    columns = ("cycles", "software", "ratio", "from mV")
    for column in ("core", "by", "engine"):
        table.add_column(column, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for one in found:
        software = software_of(one.core, found)
        packed = one.methods["hardware_packed"].cycles
        physical = one.methods["hardware_physical_packed"].cycles
        table.add_row(
            one.core.title,
            one.attachment,
            one.engine.name,
            f"{packed:.1f}",
            f"{software.cycles:.0f}",
            f"{software.cycles / packed:.1f}",
            f"{physical:.1f}",
        )
    return table


def curve_table(found: list[Measured]) -> Table:
    """A curve of 100 pulses."""
    table = Table(title=f"Cycles of a curve of {PULSES} pulses", title_justify="left")
    for column in ("core", "by", "engine"):
        table.add_column(column, no_wrap=True)
    for column in ("job", "steps", "calls", "software", "ratio"):
        table.add_column(column, justify="right", no_wrap=True)
    for one in found:
        pulse = {name: method.cycles * PULSES for name, method in one.methods.items()}
        best = curve_software_of(one.core, found)
        job = pulse["curve_job"]
        table.add_row(
            one.core.title,
            one.attachment,
            one.engine.name,
            f"{job:.0f}",
            f"{pulse['curve_steps']:.0f}",
            f"{pulse['curve_calls']:.0f}",
            f"{best.cycles * PULSES:.0f}",
            f"{best.cycles * PULSES / job:.1f}",
        )
    return table


def energy_table(found: list[Measured], model: IntegerMlp, prices: EnergyTable) -> Table:
    """One inference of the whole system, tier 2."""
    table = Table(
        title=f"nJ of one inference, tier 2, {prices.operating_point} ({prices.name}), at least",
        title_justify="left",
    )
    for column in ("core", "by", "engine"):
        table.add_column(column, no_wrap=True)
    for column in ("RAM", "coproc.", "sum", "software", "ratio"):
        table.add_column(column, justify="right", no_wrap=True)
    for one in found:
        packed = one.methods["hardware_packed"]
        hardware = hardware_energy(packed, model, one.folded, prices)
        software = software_energy(software_of(one.core, found), model, prices)
        table.add_row(
            one.core.title,
            one.attachment,
            one.engine.name,
            f"{hardware.memory / 1000:.3f}",
            f"{hardware.coprocessor / 1000:.3f}",
            f"{hardware.total / 1000:.3f}",
            f"{software.total / 1000:.2f}",
            f"{software.total / hardware.total:.0f}",
        )
    return table


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
