# SPDX-License-Identifier: Apache-2.0
"""The command that says what the test benches reach in the Verilog."""

from pathlib import Path
from typing import Annotated

import typer

from pulsewright.flow.commands import completion
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import AsJson, BuildOptions, RecipeFile, open_workspace
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.order import PACKAGE, RTL, make
from pulsewright.flow.output import command_output
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.steps.coverage_result import CoverageChoice
from pulsewright.flow.steps.mutation_result import BenchKind
from pulsewright.hls_model.errors import PulsewrightError


@guarded
@with_option_groups
def coverage(
    recipe: RecipeFile,
    bench: Annotated[
        list[BenchKind] | None, typer.Option(help="This one only; may be repeated.")
    ] = None,
    also: Annotated[
        list[Path] | None,
        typer.Option(
            "--with",
            help="Another recipe, put together with this one; may be repeated.",
            autocompletion=completion.recipe_files,
        ),
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
        put_together,
    )
    from pulsewright.sim.coverage.points import PointKind
    from pulsewright.synth.tools.yowasp import YOSYS

    choice = CoverageChoice(rows=rows, seed=seed, benches=tuple(dict.fromkeys(bench or BenchKind)))
    recipes = {load_recipe(file).name: file for file in (recipe, *(also or ()))}
    if len(recipes) <= len(also or ()):
        raise PulsewrightError(
            f"--with: {len(also or ()) + 1} recipes have {len(recipes)} names, {', '.join(recipes)}"
            "; give each a name of its own"
        )
    designs = []
    with command_output("coverage", as_json, options.quiet) as output:
        for file in recipes.values():
            with open_workspace(file, options, output.console) as workspace:
                check_coverage(workspace)
        for name, file in recipes.items():
            with open_workspace(file, options, output.console) as workspace:
                make(workspace, RTL, PACKAGE, later=(YOSYS.package,))
                designs.append(measure_coverage(workspace, choice))
                kept = coverage_result_file(workspace)
                output.file(f"coverage_{name}" if also else "coverage", kept, "result")
        result = put_together(designs, choice)
        what = f"{next(iter(recipes))} and {len(also)} more" if also else next(iter(recipes))
        output.table(hole_table(what, result))
        output.table(reached_table(what, result))
        if result.functional:
            output.table(functional_table(what, result))
    shares = {f"points of kind {kind.value}": result.share(kind) for kind in PointKind}
    shares["bins of the functional coverage"] = result.functional_share
    for what, share in shares.items():
        if share is not None and share < least:
            raise VerificationError(
                f"the benches reach {share:.3f} of the {what}, and --least asks for {least}"
            )
