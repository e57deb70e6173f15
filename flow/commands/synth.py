# SPDX-License-Identifier: Apache-2.0
"""The command that synthesises a recipe's Verilog."""

from pathlib import Path
from typing import Annotated

import typer

from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.options import (
    AsJson,
    BuildPath,
    DataPath,
    Download,
    RecipeFile,
    Wait,
    open_workspace,
)
from pulsewright.flow.order import RTL, make
from pulsewright.flow.output import command_output

TargetName = Annotated[str, typer.Option("--target", help="ecp5, ice40 or xc7.")]
DeviceName = Annotated[
    str | None, typer.Option("--device", help="Of the FPGA family; ecp5 85k, ice40 hx8k.")
]
Seeds = Annotated[
    int, typer.Option("--seeds", min=0, help="Placements that MHz is the median of; 0 for none.")
]


@guarded
def synth(
    recipe: RecipeFile,
    target: TargetName = "ecp5",
    device: DeviceName = None,
    seeds: Seeds = 3,
    data: DataPath = None,
    download: Download = False,
    build: BuildPath = Path("build"),
    wait: Wait = True,
    as_json: AsJson = False,
) -> None:
    """Cells and clock frequency of the Verilog on an FPGA, by open tools."""
    from pulsewright.flow.report.fpga_tables import fpga_table
    from pulsewright.flow.steps.fpga import chosen_fpga, fpga_steps

    chosen = chosen_fpga(target, device, seeds)
    with (
        command_output("synth", as_json) as output,
        open_workspace(recipe, data, download, build, output.console, wait) as workspace,
    ):
        make(workspace, RTL, later=chosen.packages)
        mapping, routing = fpga_steps(workspace, chosen)
        output.table(fpga_table(workspace.recipe.name, mapping, routing))
        output.file("synthesis", chosen.folder(workspace), "scripts, netlists and logs")
