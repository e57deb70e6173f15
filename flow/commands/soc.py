# SPDX-License-Identifier: Apache-2.0
"""The commands that run firmware on simulated systems."""

from pathlib import Path
from typing import Annotated

import typer

from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.options import (
    BuildPath,
    DataPath,
    Download,
    RecipeFile,
    console,
    open_workspace,
)
from pulsewright.sim.simulators import Simulator


@guarded
def soc(
    recipe: RecipeFile = Path("recipes/a1_int8.toml"),
    core: Annotated[str, typer.Option(help="ibex, picorv32 or cv32e40x.")] = "ibex",
    attachment: Annotated[
        str | None, typer.Option(help="obi, or the core's instruction: pcpi, cv_x_if.")
    ] = None,
    simulator: Annotated[Simulator, typer.Option(help="Icarus runs PicoRV32 alone.")] = (
        Simulator.VERILATOR
    ),
    data: DataPath = None,
    download: Download = False,
    build: BuildPath = Path("build"),
) -> None:
    """Firmware on a RISC-V core with the coprocessor: proof, cycles, and the best software."""
    from pulsewright.flow.report.soc_tables import cycle_tables, energy_line, proof_line
    from pulsewright.flow.steps.soc import soc_step
    from pulsewright.sim.soc.cores import known_core, known_core_attachment

    chosen = known_core(core)
    joined = known_core_attachment(chosen, attachment or chosen.attachments[-1])
    result = soc_step(open_workspace(recipe, data, download, build), chosen, joined, simulator)
    for table in cycle_tables(result):
        console.print(table)
    for line in (proof_line(result), energy_line(result)):
        console.print(line, highlight=False, soft_wrap=True)


@guarded
def demonstrator(
    recipe: RecipeFile = Path("recipes/a1_demonstrator.toml"),
    core: Annotated[str, typer.Option(help="ibex, picorv32 or cv32e40x.")] = "ibex",
    data: DataPath = None,
    download: Download = False,
    build: BuildPath = Path("build"),
) -> None:
    """Firmware programs simulated devices to target currents, guided by the model and blind."""
    from pulsewright.flow.steps.demonstrator import demonstrator_step, demonstrator_table
    from pulsewright.sim.soc.cores import known_core

    workspace = open_workspace(recipe, data, download, build)
    console.print(demonstrator_table(demonstrator_step(workspace, known_core(core))))
