# SPDX-License-Identifier: Apache-2.0
"""The command that proves what holds of a coprocessor whatever happens."""

from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import AsJson, BuildOptions, RecipeFile, open_workspace
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.order import RTL, make
from pulsewright.flow.output import command_output


@guarded
@with_option_groups
def prove(
    recipe: RecipeFile,
    *,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Proofs of the coprocessor's Verilog: port, jobs, interrupts, FIFO, streams, requantisers."""
    from pulsewright.flow.report.formal_table import formal_table
    from pulsewright.flow.steps.proofs import check_proofs, proofs_file, prove_coprocessor

    with (
        command_output("prove", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        check_proofs(workspace)
        make(workspace, RTL)
        result = prove_coprocessor(workspace)
        output.table(formal_table(workspace.recipe.name, result))
        output.file("proofs", proofs_file(workspace), "result")
    broken = [one for one in result.proofs if not one.holds]
    if broken:
        raise VerificationError(
            f"{len(broken)} of {len(result.proofs)} proofs do not hold, the first of "
            f"{broken[0].part}; see {proofs_file(workspace).parent}"
        )
