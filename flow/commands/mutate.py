# SPDX-License-Identifier: Apache-2.0
"""The command that says how many planted faults the test benches see."""

from typing import Annotated

import typer

from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import AsJson, BuildOptions, RecipeFile, open_workspace
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.order import PACKAGE, RTL, make
from pulsewright.flow.output import command_output
from pulsewright.flow.steps.mutation_result import BenchKind, MutationChoice
from pulsewright.synth.mutants.mutant import Part

MOST_MUTANTS = 100_000
PARTS = {part.name.lower(): part for part in Part}


def _part(name: str) -> Part:
    if name not in PARTS:
        raise typer.BadParameter(f"{name!r} is no part; there are {', '.join(PARTS)}")
    return PARTS[name]


@guarded
@with_option_groups
def mutate(
    recipe: RecipeFile,
    mutants: Annotated[
        int, typer.Option("--mutants", min=1, max=MOST_MUTANTS, help="Faults that are planted.")
    ] = 200,
    bench: Annotated[
        list[BenchKind] | None, typer.Option(help="This one only; may be repeated.")
    ] = None,
    part: Annotated[
        list[Part] | None,
        typer.Option(
            parser=_part,
            metavar="<part>",
            help=f"Faults in this part only; may be repeated: {', '.join(PARTS)}.",
        ),
    ] = None,
    rows: Annotated[
        int, typer.Option("--rows", min=4, max=10_000, help="Drawn rows of the cocotb benches.")
    ] = 24,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**31 - 1, help="Of the faults and the rows.")
    ] = 0,
    jobs: Annotated[
        int, typer.Option("--jobs", min=1, max=64, help="Simulations beside each other.")
    ] = 1,
    only: Annotated[
        list[int] | None,
        typer.Option("--only", min=1, help="The fault of this number; may be repeated."),
    ] = None,
    least: Annotated[
        float,
        typer.Option("--least", min=0, max=1, help="Share that each bench must see, or exit 1."),
    ] = 0.0,
    *,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Plant faults in the coprocessor's Verilog, and count those that the benches see."""
    from pulsewright.flow.report.mutation_tables import score_table, survivor_table
    from pulsewright.flow.steps.mutation import check_mutation, judge_mutants, mutation_file
    from pulsewright.synth.tools.yowasp import YOSYS

    benches = tuple(dict.fromkeys(bench or BenchKind))
    parts = tuple(one for one in Part if one in (part or Part))
    choice = MutationChoice(
        mutants=mutants, seed=seed, rows=rows, jobs=jobs, benches=benches, parts=parts
    )
    with (
        command_output("mutate", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        check_mutation(workspace, choice)
        make(workspace, RTL, PACKAGE, later=(YOSYS.package,))
        result = judge_mutants(workspace, choice, only or ())
        verilog = workspace.verilog(workspace.bus).read_text(encoding="utf-8").splitlines()
        output.table(survivor_table(workspace.recipe.name, result, verilog))
        output.table(score_table(workspace.recipe.name, result))
        if not only:
            output.file("mutation", mutation_file(workspace), "result")
    for kind in benches:
        share = result.score(kind).share
        if share is not None and share < least:
            raise VerificationError(
                f"the {kind.value} bench sees {share:.3f} of the faults that are not proven to "
                f"change nothing, and --least asks for {least}"
            )
