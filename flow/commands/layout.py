# SPDX-License-Identifier: Apache-2.0
"""The command that hands a recipe's Verilog to place-and-route tools."""

from typing import Annotated

import typer

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
from pulsewright.flow.output import command_output

Period = Annotated[
    float | None,
    typer.Option(
        "--period",
        min=0.1,
        callback=finite,
        help="Of the clock in ns; else as measured, with a margin.",
    ),
]


@guarded
@with_option_groups
def layout(
    recipe: RecipeFile,
    pdk: PdkFolder = None,
    period: Period = None,
    *,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """A folder for LibreLane of each design: configuration, Verilog, constraints, for SG13G2."""
    from pulsewright.flow.report.layout_tables import librelane_table
    from pulsewright.flow.steps.cells import ChosenCells, chosen_cells
    from pulsewright.flow.steps.librelane import write_librelane
    from pulsewright.synth.cells.technology import SG13G2

    # The kit keeps gates of clocks from layouts.
    clock = period or chosen_cells(SG13G2.name, None, pdk, SIZED_FOR, clock_gates=False)
    cells = clock if isinstance(clock, ChosenCells) else None
    with (
        command_output("layout", as_json) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        make(workspace, RTL, later=() if cells is None else cells.packages)
        designs = write_librelane(workspace, clock)
        sized_for = None if cells is None else cells.period
        output.table(librelane_table(workspace.recipe.name, designs, sized_for))
        for one in designs:
            output.file(one.design, one.configuration, "configuration")
