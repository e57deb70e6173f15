# SPDX-License-Identifier: Apache-2.0
"""The command that synthesises many variants of a recipe, and tells the front."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulsewright.flow.commands import completion
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
from pulsewright.flow.foldings import parse_multipliers
from pulsewright.flow.output import Output, command_output
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.python_packages import check_packages

if TYPE_CHECKING:
    from pulsewright.flow.exploration.engine_choice import EngineAxes
    from pulsewright.flow.exploration.network_choice import NetworkChoice
    from pulsewright.flow.exploration.run import ExplorationRun
    from pulsewright.flow.recipe import Recipe
    from pulsewright.flow.steps.exploration_result import Exploration


PAGE = "report.html"


@dataclass(frozen=True)
class OneSeedSynthesisOptions(SynthesisOptions):
    """Each of many variants is placed once, unless more is asked for."""

    seeds: Seeds = 1


@dataclass(frozen=True)
class AxisOptions:
    """What is combined; what is not given stays as the recipe has it."""

    multipliers: Multipliers = None
    pipelines: Annotated[
        str,
        typer.Option(
            "--pipelines", help="deep, shallow, or both.", autocompletion=completion.pipelines
        ),
    ] = "deep,shallow"
    weights: Annotated[
        str | None,
        typer.Option(
            "--weights", help="constant, reloadable, or both.", autocompletion=completion.weights
        ),
    ] = None
    incremental: Annotated[
        bool,
        typer.Option("--incremental", help="Each folding with an incremental first layer as well."),
    ] = False
    curve: Annotated[
        str | None,
        typer.Option(
            "--curve",
            help="inferences, piecewise_linear, or both.",
            autocompletion=completion.curves,
        ),
    ] = None
    networks: Annotated[
        str | None,
        typer.Option(
            "--networks", help="Such as a1,tiny,6-16-1: trained as the recipe says, with :log too."
        ),
    ] = None
    bits: Annotated[
        str | None,
        typer.Option(
            "--bits", help="Such as 4,8,4:8: widths of weights and activations, trained each."
        ),
    ] = None

    def network_choices(self) -> "list[NetworkChoice]":
        """The networks.

        Raises:
            PulsewrightError: a part of an option is no network or no width.
        """
        from pulsewright.flow.exploration.network_choice import (
            network_choices,
            parse_bits,
            parse_networks,
        )

        return network_choices(
            [] if self.networks is None else parse_networks(self.networks),
            [] if self.bits is None else parse_bits(self.bits),
        )

    def check(self) -> None:
        """Refuse what no axis can be made of.

        Raises:
            PulsewrightError: a part of an option is unknown.
        """
        from pulsewright.flow.exploration.engine_choice import (
            parse_curves,
            parse_pipelines,
            parse_weights,
        )

        self.network_choices()
        parse_pipelines(self.pipelines)
        parse_weights(self.weights or "constant")
        parse_curves(self.curve or "inferences")
        if self.multipliers is not None:
            parse_multipliers(self.multipliers)

    def engine_axes(self, recipe: "Recipe") -> "EngineAxes":
        """The engines of each network.

        Raises:
            PulsewrightError: as of `check`.
        """
        from pulsewright.flow.exploration.engine_choice import (
            EngineAxes,
            parse_curves,
            parse_pipelines,
            parse_weights,
        )

        engine = recipe.engine
        incremental = (False, True) if self.incremental else (engine.incremental,)
        return EngineAxes(
            multipliers=None if self.multipliers is None else parse_multipliers(self.multipliers),
            pipelines=parse_pipelines(self.pipelines),
            weights=parse_weights(self.weights or engine.weights),
            incremental=incremental,
            curves=parse_curves(self.curve or engine.curve),
        )


@guarded
@with_option_groups
def explore(
    recipe: RecipeFile,
    synthesis: OneSeedSynthesisOptions,
    axes: AxisOptions,
    jobs: Annotated[
        int, typer.Option("--jobs", min=1, max=256, help="Variants synthesised at a time.")
    ] = 1,
    peers: Annotated[
        bool,
        typer.Option("--peers/--no-peers", help="Designs of others in pictures and a table."),
    ] = True,
    *,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Foldings, engines, widths and networks, synthesised: the front, and recipes of it."""
    from pulsewright.flow.exploration.plan import planned
    from pulsewright.flow.exploration.run import ExplorationRun

    chosen = chosen_target(synthesis)
    check_packages(["tomli_w"])
    axes.check()
    with (
        command_output("explore", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        networks = planned(workspace, axes.network_choices(), axes.engine_axes(workspace.recipe))
        rows = synthesis.counted_rows
        run = ExplorationRun(workspace, networks, chosen, rows, jobs, with_peers=peers)
        _show(output, run, run.run())


def _show(output: Output, run: "ExplorationRun", found: "Exploration") -> None:
    from pulsewright.flow.exploration.run import RECIPES
    from pulsewright.flow.report.exploration_page import exploration_page
    from pulsewright.flow.report.exploration_plots import plot_exploration
    from pulsewright.flow.report.exploration_table import exploration_table, unmeasured_table
    from pulsewright.flow.report.peers import peer_table
    from pulsewright.flow.steps.exploration_result import EXPLORATION

    write_text(run.folder / PAGE, exploration_page(found, _recipe_texts(run.folder / RECIPES)))
    output.table(exploration_table(found))
    unmeasured = unmeasured_table(found)
    if unmeasured is not None:
        output.table(unmeasured)
    peers = peer_table(found.peers)
    if peers is not None:
        output.table(peers)
    for name, picture in plot_exploration(found, run.folder).items():
        output.file(name, picture, name.replace("_", " over "))
    _show_duty_cycle(output, run)
    output.file("exploration", run.folder / EXPLORATION, "everything found")
    output.file("page", run.folder / PAGE, "all of it as a page")
    output.file("recipes", run.folder / RECIPES, "recipes of the front")


def _recipe_texts(folder: Path) -> dict[str, str]:
    """Of the recipes that the exploration wrote, by file."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))}


def _show_duty_cycle(output: Output, run: "ExplorationRun") -> None:
    """Which engine is the cheapest at which rate, where energies are known."""
    from pulsewright.flow.report.duty_plot import plot_duty_cycle
    from pulsewright.flow.report.folding_tables import cheapest_table

    costs = run.duty_costs()
    picture = run.folder / "duty_cycle.png"
    picture.unlink(missing_ok=True)
    if costs:
        name = run.workspace.recipe.name
        output.table(cheapest_table(name, costs))
        plot_duty_cycle(costs, f"{name} on {run.chosen.name}", picture)
        output.file("duty_cycle", picture, "energy by rate")
