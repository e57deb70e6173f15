# SPDX-License-Identifier: Apache-2.0
"""The command that synthesises many foldings and pipelines of a recipe, and tells the front."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from pulsewright.flow.commands.foldings import compare_foldings
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import (
    AsJson,
    BuildOptions,
    Multipliers,
    RecipeFile,
    Seeds,
    SynthesisOptions,
    open_workspace,
)
from pulsewright.flow.commands.synth import chosen_target
from pulsewright.flow.foldings import (
    doubled_multipliers,
    folded_workspaces,
    foldings_folder,
    parse_multipliers,
    parse_pipelines,
    write_folded_recipe,
)
from pulsewright.flow.output import Output, command_output
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.python_packages import check_packages

if TYPE_CHECKING:
    from pulsewright.flow.report.folding_tables import MeasuredFolding


@dataclass(frozen=True)
class OneSeedSynthesisOptions(SynthesisOptions):
    """Each of many foldings is placed once, unless more is asked for."""

    seeds: Seeds = 1


@guarded
@with_option_groups
def explore(
    recipe: RecipeFile,
    synthesis: OneSeedSynthesisOptions,
    multipliers: Multipliers = None,
    pipelines: Annotated[str, typer.Option("--pipelines", help="deep, shallow, or both.")] = (
        "deep,shallow"
    ),
    *,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Foldings and pipelines of one network, synthesised: the front, and recipes of the winners."""
    from pulsewright.flow.steps.gate_energy import check_energy

    chosen = chosen_target(synthesis)
    check_packages(["tomli_w"])
    numbers = None if multipliers is None else parse_multipliers(multipliers)
    tried = parse_pipelines(pipelines)
    with (
        command_output("explore", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        if synthesis.energy:
            check_energy(workspace)
        numbers = numbers or doubled_multipliers(workspace.recipe.sizes)
        foldings = folded_workspaces(workspace, numbers, tried)
        measured = compare_foldings(output, workspace, chosen, foldings, synthesis.counted_rows)
        _write_winners(output, workspace, foldings, measured)


def _write_winners(
    output: Output,
    workspace: Workspace,
    foldings: list[Workspace],
    measured: list["MeasuredFolding"],
) -> None:
    from pulsewright.flow.report.folding_tables import on_front
    from pulsewright.hls_model.files.fresh_folder import fresh_folder

    folder = fresh_folder(foldings_folder(workspace) / "recipes")
    for folding, is_on in zip(foldings, on_front(measured), strict=True):
        if is_on:
            write_folded_recipe(folding, folder)
    output.file("recipes", folder, "recipes of the front")
