# SPDX-License-Identifier: Apache-2.0
"""The command that hands a recipe's Verilog to place-and-route tools."""

from pathlib import Path
from typing import Annotated

import typer

from pulsewright.flow.commands import completion
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import (
    SIZED_FOR,
    AsJson,
    BuildOptions,
    PdkFolder,
    RecipeFile,
    finite,
    open_workspace,
)
from pulsewright.flow.order import RTL, make
from pulsewright.flow.output import Output, command_output
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened

TargetName = Annotated[
    str,
    typer.Option(
        "--target",
        help="sg13g2, a folder for LibreLane; osu018, laid out here by qflow.",
        autocompletion=completion.cells,
    ),
]
Period = Annotated[
    float | None,
    typer.Option(
        "--period",
        min=0.1,
        callback=finite,
        help="Of the clock in ns. sg13g2: else as measured, with a margin; osu018: else 4.",
    ),
]
Energy = Annotated[
    bool, typer.Option("--energy", help="Run rows through the cells, with the layout's wires.")
]
Rows = Annotated[int, typer.Option("--rows", min=1, help="Whose energy is counted.")]


@guarded
@with_option_groups
def layout(
    recipe: RecipeFile,
    target: TargetName = "sg13g2",
    pdk: PdkFolder = None,
    period: Period = None,
    energy: Energy = False,
    rows: Rows = 50,
    *,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Layout: a folder for LibreLane of each design, or the engine placed and routed by qflow."""
    if target not in ("sg13g2", "osu018"):
        raise PulsewrightError(
            f"--target {shortened(target)} is unknown; choose one of sg13g2, osu018"
        )
    if target == "sg13g2" and energy:
        raise PulsewrightError(
            "--energy needs wires, and sg13g2 is not laid out here; give --target osu018"
        )
    if target == "osu018" and pdk is not None:
        raise PulsewrightError(
            f"--pdk {shortened(str(pdk))}: qflow brings cells of its own; leave it out"
        )
    with (
        command_output("layout", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        if target == "sg13g2":
            _write_for_librelane(output, workspace, pdk, period)
        else:
            _lay_out(output, workspace, period or SIZED_FOR, rows if energy else 0)


def _write_for_librelane(
    output: Output, workspace: Workspace, pdk: Path | None, period: float | None
) -> None:
    from pulsewright.flow.report.layout_tables import librelane_table
    from pulsewright.flow.steps.cells import ChosenCells, chosen_cells
    from pulsewright.flow.steps.librelane import write_librelane

    # The kit keeps gates of clocks from layouts.
    clock = period or chosen_cells("sg13g2", None, pdk, SIZED_FOR, clock_gates=False)
    cells = clock if isinstance(clock, ChosenCells) else None
    make(workspace, RTL, later=() if cells is None else cells.packages)
    designs = write_librelane(workspace, clock)
    sized_for = None if cells is None else cells.period
    output.table(librelane_table(workspace.recipe.name, designs, sized_for))
    for one in designs:
        output.file(one.design, one.configuration, "configuration")


def _lay_out(output: Output, workspace: Workspace, period: float, rows: int) -> None:
    from pulsewright.flow.report.layout_plot import plot_layout
    from pulsewright.flow.report.layout_tables import layout_energy_table, layout_table
    from pulsewright.flow.steps.cells import chosen_cells
    from pulsewright.flow.steps.layout import (
        check_layout,
        laid_out,
        laid_out_energy,
        lef_of,
        routed_design,
        routed_file,
    )

    chosen = chosen_cells("osu018", None, None, period, clock_gates=True)
    check_layout(workspace)
    make(workspace, RTL, later=chosen.packages)
    name = workspace.recipe.name
    found = laid_out(workspace, chosen)
    output.table(layout_table(name, chosen.technology.title, found))
    if rows:
        run = laid_out_energy(workspace, chosen, rows)
        output.table(layout_energy_table(name, chosen.technology.title, run))
    routed, file = routed_design(workspace, chosen), routed_file(workspace, chosen)
    if routed is not None:
        picture = file.with_name("layout.png")
        plot_layout(routed, lef_of(chosen), f"Engine of {name}", picture)
        output.file("picture", picture, "picture")
        output.file("routed", file, "cells and wires (DEF)")
    output.file("layout", file.parent, "scripts, logs and files of magic")
