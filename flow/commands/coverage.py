# SPDX-License-Identifier: Apache-2.0
"""The command that says what the test benches reach in the Verilog."""

from typing import Annotated

import typer

from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import AsJson, BuildOptions, RecipeFile, open_workspace
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.order import PACKAGE, RTL, make
from pulsewright.flow.output import command_output
from pulsewright.flow.steps.coverage_result import CoverageChoice
from pulsewright.flow.steps.mutation_result import BenchKind


@guarded
@with_option_groups
def coverage(
    recipe: RecipeFile,
    bench: Annotated[
        list[BenchKind] | None, typer.Option(help="This one only; may be repeated.")
    ] = None,
    rows: Annotated[
        int, typer.Option("--rows", min=4, max=100_000, help="Drawn rows of the cocotb benches.")
    ] = 200,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="Of the rows.")] = 0,
    least: Annotated[
        float,
        typer.Option(
            "--least", min=0, max=1, help="Share of lines, branches, bits and bins each, or exit 1."
        ),
    ] = 0.0,
    *,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """What the benches reach: lines, branches and bits of the Verilog, and what they drive."""
    from pulsewright.flow.report.code_coverage_tables import (
        functional_table,
        hole_table,
        reached_table,
    )
    from pulsewright.flow.steps.coverage import (
        check_coverage,
        coverage_result_file,
        measure_coverage,
    )
    from pulsewright.sim.coverage.points import PointKind
    from pulsewright.synth.tools.yowasp import YOSYS

    choice = CoverageChoice(rows=rows, seed=seed, benches=tuple(dict.fromkeys(bench or BenchKind)))
    with (
        command_output("coverage", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        check_coverage(workspace)
        make(workspace, RTL, PACKAGE, later=(YOSYS.package,))
        result = measure_coverage(workspace, choice)
        verilog = workspace.verilog(workspace.bus).read_text(encoding="utf-8").splitlines()
        output.table(hole_table(workspace.recipe.name, result, verilog))
        output.table(reached_table(workspace.recipe.name, result))
        if result.functional:
            output.table(functional_table(workspace.recipe.name, result))
        output.file("coverage", coverage_result_file(workspace), "result")
    shares = {f"points of kind {kind.value}": result.share(kind) for kind in PointKind}
    shares["bins of the functional coverage"] = result.functional_share
    for what, share in shares.items():
        if share is not None and share < least:
            raise VerificationError(
                f"the benches reach {share:.3f} of the {what}, and --least asks for {least}"
            )
