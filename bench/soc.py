# SPDX-License-Identifier: Apache-2.0
"""Cycles of the coprocessor on RISC-V cores beside the best software on the same core, in one run.

`make bench-soc`, or `python -m bench.soc [recipe]`. The network is the recipe's; engines and cores
are those of SYSTEMS. Writes build/bench_soc/soc.json.
"""

import json
import sys
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import track
from rich.table import Table

from flow.recipe import load_recipe
from flow.soc_step import CURVES, MEASURED_ROWS, driver_sizes, evenly, test_curves, test_rows
from flow.training_steps import quantise_step
from flow.workspace import Options, Workspace
from hls_model.atomic_write import write_text
from hls_model.folding import FoldedEngine, LayerFolding, fold
from sim.simulators import Simulator
from sim.soc.cores import CORES, SocCore
from sim.soc.cycle_table import (
    MethodCycles,
    best_curve_software,
    best_methods,
    best_software,
)
from sim.soc.session import SocSession

BUILD = Path("build")
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


def measure(workspace: Workspace) -> list[Measured]:
    """Build and run every system of SYSTEMS."""
    rows = evenly(test_rows(workspace), MEASURED_ROWS)
    curves = test_curves(workspace, CURVES)
    found = []
    for core, attachment, engine in track(SYSTEMS, "systems", console=workspace.console):
        folded = engine.folded(workspace.model.sizes)
        name = f"{core.name}_{attachment}_{engine.name.replace(', ', '_').replace(' ', '_')}"
        folder = BUILD / "bench_soc" / name
        session = SocSession.build(
            workspace.model, folded, core, attachment, Simulator.VERILATOR, folder
        )
        runs = session.measure_cycles(rows, curves)
        failed = [run for run in runs.values() if run.exit_code]
        if failed:
            raise SystemExit(f"results differ from the integer model, see {failed[0].log}")
        found.append(Measured(core, attachment, engine, folded, best_methods(runs)))
    return found


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


def main() -> None:
    """Measure, print, store."""
    console = Console()
    recipe = Path(sys.argv[1] if len(sys.argv) > 1 else "recipes/a1_int8.toml")
    workspace = Workspace(load_recipe(recipe), BUILD, Options(recipe.parent), console)
    quantise_step(workspace)
    found = measure(workspace)
    console.print(inference_table(found))
    console.print(curve_table(found))
    for line in software_lines(found):
        console.print(line, highlight=False, soft_wrap=True)
    console.print(
        "parallel: all 448 products in one cycle, shallow pipeline; from mV: scaling of mV, µs and "
        "pulses to codes included"
    )
    sizes = driver_sizes(BUILD / "bench_soc" / "driver")
    console.print(
        f"driver at -O2: {sizes['all']} bytes of code, probe and infer {sizes['probe and infer']}"
    )
    document = [
        {
            "core": one.core.name,
            "configuration": one.core.configuration,
            "attachment": one.attachment,
            "engine": one.engine.name,
            "ii": one.folded.initiation_interval,
            "latency": one.folded.latency,
            "methods": {name: method._asdict() for name, method in one.methods.items()},
        }
        for one in found
    ]
    target = BUILD / "bench_soc" / "soc.json"
    write_text(target, json.dumps(document, indent=1) + "\n")
    console.print(f"all methods: {target}", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
