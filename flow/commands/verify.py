# SPDX-License-Identifier: Apache-2.0
"""The command that drives as many vectors as one likes through the engine."""

from typing import Annotated

import typer

from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import AsJson, BuildOptions, RecipeFile, open_workspace
from pulsewright.flow.order import RTL, make
from pulsewright.flow.output import command_output

MOST_VECTORS = 10**12


@guarded
@with_option_groups
def verify(
    recipe: RecipeFile,
    vectors: Annotated[
        int, typer.Option("--vectors", min=1, max=MOST_VECTORS, help="How many are compared.")
    ] = 1_000_000,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**63 - 1, help="Of vectors and pauses.")
    ] = 0,
    *,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Millions of drawn vectors through the engine's Verilog, each compared with the C++ kernel."""
    from pulsewright.flow.report.volume_table import volume_table
    from pulsewright.flow.steps.volume import check_volume, volume_file, volume_result

    with (
        command_output("verify", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        check_volume(workspace)
        make(workspace, RTL)
        shown = volume_result(workspace, vectors, seed)
        output.table(volume_table(workspace.recipe.name, shown))
        output.file("volume", volume_file(workspace), "result")
