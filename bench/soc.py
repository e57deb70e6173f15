# SPDX-License-Identifier: Apache-2.0
"""Cycles of the coprocessor on RISC-V cores beside the best software on the same core, in one run.

`make bench-soc`, or `python -m bench.soc [recipe]`. The network is the recipe's; engines and cores
are those of `bench.soc_tables.SYSTEMS`. Writes build/bench_soc/soc.json.
"""

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import track

from bench.soc_tables import (
    SYSTEMS,
    Measured,
    curve_table,
    energy_table,
    inference_table,
    software_lines,
)
from pulsewright.flow.order import QUANTISE, make
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.report.table_layout import print_table
from pulsewright.flow.steps.soc import (
    CURVES,
    MEASURED_ROWS,
    test_curves,
    test_rows,
)
from pulsewright.flow.steps.soc_runs import evenly, register_driver_sizes
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.rtl.buses.registry import BUSES
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.cycle_table import best_methods
from pulsewright.sim.soc.session import SocSession

BUILD = Path("build")


def measure(workspace: Workspace) -> list[Measured]:
    """Build and run every system of SYSTEMS."""
    rows = evenly(test_rows(workspace), MEASURED_ROWS)
    curves = test_curves(workspace, CURVES)
    found = []
    for core, attachment, engine in track(SYSTEMS, "systems", console=workspace.console):
        folded = engine.folded(workspace.model.sizes)
        name = f"{core.name}_{attachment}_{engine.name}".replace(" ", "_").rstrip(".")
        folder = BUILD / "bench_soc" / name
        # The map changes neither the cycles of codes nor those of jobs.
        session = SocSession.build(
            workspace.model,
            folded,
            core,
            attachment,
            Simulator.VERILATOR,
            folder,
            maps_inputs=attachment in BUSES,
        )
        runs = session.measure_cycles(rows, curves)
        failed = [run for run in runs.values() if run.exit_code]
        if failed:
            raise SystemExit(f"results differ from the integer model, see {failed[0].log}")
        found.append(Measured(core, attachment, engine, folded, best_methods(runs)))
    return found


def main() -> None:
    """Measure, print, store."""
    console = Console()
    recipe = Path(sys.argv[1] if len(sys.argv) > 1 else "recipes/a1_int8.toml")
    workspace = Workspace(load_recipe(recipe), BUILD, Options(recipe.parent), console)
    make(workspace, QUANTISE)
    found = measure(workspace)
    print_table(console, inference_table(found))
    print_table(console, curve_table(found))
    print_table(console, energy_table(found, workspace.model, EnergyTable.load()))
    console.print(
        "RAM: every fetch, load and store, 32 bits from an SRAM of 8 KiB. Software: its accesses "
        "and its products of 32 bits. The rest of the core is charged to neither."
    )
    for line in software_lines(found):
        console.print(line, highlight=False, soft_wrap=True)
    console.print(
        "parallel: all 448 products in one cycle, shallow pipeline; from mV: scaling of mV, µs and "
        "pulses to codes included, in C and by the input map in hardware"
    )
    sizes = register_driver_sizes(BUILD / "bench_soc" / "driver")
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
