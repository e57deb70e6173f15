# SPDX-License-Identifier: Apache-2.0
"""The commands that run firmware on simulated systems."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pulsewright.flow.commands import completion
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import (
    AsJson,
    BuildOptions,
    Core,
    finite,
    open_workspace,
)
from pulsewright.flow.inputs.shipped_recipes import recipe_path
from pulsewright.flow.order import HISTORY, NETWORKS, QUANTISE, make
from pulsewright.flow.output import command_output
from pulsewright.flow.recipe import Recipe
from pulsewright.flow.recipe_sections import PULSES_TO_TARGET, ControllerSection
from pulsewright.flow.steps.packages import GENERATOR
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.simulators import Simulator

SHIPPED_FOR_SOC = recipe_path("a1_int8")
SHIPPED_FOR_DEMONSTRATOR = recipe_path("a1_demonstrator")


@guarded
@with_option_groups
def soc(
    recipe: Annotated[
        Path,
        typer.Argument(
            help="Recipe, a TOML file.",
            show_default="the shipped a1_int8",
            autocompletion=completion.recipe_files,
        ),
    ] = SHIPPED_FOR_SOC,
    core: Core = "ibex",
    attachment: Annotated[
        str | None,
        typer.Option(
            help="obi, or the core's instruction: pcpi, cv_x_if.",
            autocompletion=completion.core_attachments,
        ),
    ] = None,
    simulator: Annotated[Simulator, typer.Option(help="Icarus runs PicoRV32 alone.")] = (
        Simulator.VERILATOR
    ),
    *,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Firmware on a RISC-V core with the coprocessor: proof, cycles, and the best software."""
    from pulsewright.flow.report.soc_tables import (
        cycle_tables,
        energy_figures,
        energy_line,
        proof_figures,
        proof_line,
    )
    from pulsewright.flow.steps.soc import check_system, soc_step
    from pulsewright.sim.soc.cores import known_core, known_core_attachment

    chosen = known_core(core)
    joined = known_core_attachment(chosen, attachment or chosen.attachments[-1])
    with (
        command_output("soc", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        # Better told now than after the training.
        check_system(workspace, chosen, joined, simulator)
        make(workspace, *NETWORKS, later=GENERATOR)
        result = soc_step(workspace, chosen, joined, simulator)
        for table in cycle_tables(result):
            output.table(table)
        output.lines(proof_figures(result), [proof_line(result)])
        output.lines(energy_figures(result), [energy_line(result)])


@dataclass(frozen=True)
class ControllerOptions:
    """What the command says of a recipe's [controller], and what a cycle of the core costs."""

    all_trials: Annotated[
        bool,
        typer.Option(
            "--all-trials",
            help="Of pulses_to_target: devices of all usable curves, not of the test alone.",
        ),
    ] = False
    memory: Annotated[
        bool,
        typer.Option("--memory", help="Of pulses_to_target: four bytes are kept of every device."),
    ] = False
    core_picojoule: Annotated[
        float | None,
        typer.Option(
            "--core-picojoule",
            min=0.001,
            callback=finite,
            help="Energy of a cycle of the core, instead of the published one (Ibex).",
        ),
    ] = None

    def changed(self, recipe: Recipe) -> Recipe:
        """The recipe with its [controller] as the options want it.

        Raises:
            PulsewrightError: an option is given, and the recipe's network is no controller.
        """
        given = {
            "--all-trials": self.all_trials,
            "--memory": self.memory,
            "--core-picojoule": self.core_picojoule is not None,
        }
        named = [option for option, is_given in given.items() if is_given]
        if named and recipe.task != PULSES_TO_TARGET:
            raise PulsewrightError(
                f'{named[0]} is for recipes with task = "{PULSES_TO_TARGET}", and '
                f"{recipe.name!r} has {recipe.task!r}; leave it out, or give such a recipe "
                "(pulsewright recipes lists history_int8)"
            )
        own = recipe.controller
        section = ControllerSection(
            memory=own.memory or self.memory, trials="all" if self.all_trials else own.trials
        )
        return recipe.model_copy(update={"controller": section})


@guarded
@with_option_groups
def demonstrator(
    recipe: Annotated[
        Path,
        typer.Argument(
            help="Recipe, a TOML file.",
            show_default="the shipped a1_demonstrator",
            autocompletion=completion.recipe_files,
        ),
    ] = SHIPPED_FOR_DEMONSTRATOR,
    core: Core = "ibex",
    *,
    options: BuildOptions,
    controller: ControllerOptions,
    as_json: AsJson = False,
) -> None:
    """Firmware programs simulated devices to target currents, guided by the model and blind."""
    from pulsewright.flow.report.decision_energy_table import decision_energy_table
    from pulsewright.flow.report.demonstrator_table import demonstrator_table
    from pulsewright.flow.report.history_demonstrator_table import history_demonstrator_table
    from pulsewright.flow.steps.demonstrator import check_demonstrator, demonstrator_step
    from pulsewright.flow.steps.history_demonstrator import history_demonstrator_step
    from pulsewright.sim.soc.cores import known_core

    with (
        command_output("demonstrator", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console, changed=controller.changed) as workspace,
    ):
        chosen = known_core(core)
        check_demonstrator(workspace, chosen)
        make(workspace, QUANTISE, HISTORY, later=GENERATOR)
        if workspace.predicts_pulses:
            found = history_demonstrator_step(workspace, chosen, controller.core_picojoule)
            output.table(history_demonstrator_table(found))
            output.table(decision_energy_table(found))
        else:
            output.table(demonstrator_table(demonstrator_step(workspace, chosen)))
