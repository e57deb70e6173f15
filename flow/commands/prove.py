# SPDX-License-Identifier: Apache-2.0
"""The command that proves what holds of a coprocessor whatever happens."""

from typing import TYPE_CHECKING, Annotated

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
    open_workspace,
)
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.order import RTL, make
from pulsewright.flow.output import command_output

if TYPE_CHECKING:
    from pathlib import Path

    from pulsewright.flow.steps.proofs_result import ProofsResult

NAMES_SHOWN = 3


@guarded
@with_option_groups
def prove(
    recipe: RecipeFile,
    *,
    netlist: Annotated[
        list[str] | None,
        typer.Option(
            "--netlist",
            help="Map to generic gates, ecp5, sg13g2 or osu018, and prove the netlist equal to "
            "the Verilog; once for each.",
            autocompletion=completion.netlists,
        ),
    ] = None,
    pdk: PdkFolder = None,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Proofs of the coprocessor's Verilog: port, jobs, interrupts, FIFO, streams, requantisers."""
    from pulsewright.flow.report.formal_table import formal_table, netlist_table
    from pulsewright.flow.steps.netlist_proofs import netlist_mappers
    from pulsewright.flow.steps.proofs import check_proofs, proofs_file, prove_coprocessor

    mappers = netlist_mappers(netlist or (), pdk, SIZED_FOR)
    with (
        command_output("prove", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        check_proofs(workspace)
        make(workspace, RTL)
        result = prove_coprocessor(workspace, mappers)
        output.table(formal_table(workspace.recipe.name, result))
        if result.netlists:
            output.table(netlist_table(workspace.recipe.name, result))
        output.file("proofs", proofs_file(workspace), "result")
    _refuse_broken(result, proofs_file(workspace).parent)


def _refuse_broken(result: "ProofsResult", folder: "Path") -> None:
    broken = [one for one in result.proofs if not one.holds]
    if broken:
        raise VerificationError(
            f"{len(broken)} of {len(result.proofs)} proofs do not hold, the first of "
            f"{broken[0].part}; see {folder}"
        )
    for one in result.netlists:
        if not one.holds:
            names = (*one.different, *one.undecided)
            raise VerificationError(
                f"netlist for {one.target}: {len(names)} of {one.bits} bits are not proven, such "
                f"as {', '.join(names[:NAMES_SHOWN])}; see {folder}, or simulate the gates with "
                "pulsewright synth --energy"
            )
