# SPDX-License-Identifier: Apache-2.0
"""The `pulsewright` command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pulsewright.flow import order
from pulsewright.flow.commands import completion
from pulsewright.flow.commands.board import board
from pulsewright.flow.commands.coverage import coverage
from pulsewright.flow.commands.doctor import doctor
from pulsewright.flow.commands.energy import show_presets, show_recipe
from pulsewright.flow.commands.examples import epilog
from pulsewright.flow.commands.explain import explain
from pulsewright.flow.commands.explore import explore
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.import_file import import_file
from pulsewright.flow.commands.init import init
from pulsewright.flow.commands.layout import layout
from pulsewright.flow.commands.mutate import mutate
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import (
    AsJson,
    BuildOptions,
    RecipeFile,
    Waves,
    open_workspace,
)
from pulsewright.flow.commands.prove import prove
from pulsewright.flow.commands.recipes import recipes
from pulsewright.flow.commands.soc import demonstrator, soc
from pulsewright.flow.commands.standard_streams import fallible_streams
from pulsewright.flow.commands.studies import closed_loop, reproduce, study
from pulsewright.flow.commands.synth import synth
from pulsewright.flow.commands.verify import verify
from pulsewright.flow.inputs.energy_table import named_table
from pulsewright.flow.order import make, shown_results
from pulsewright.flow.output import command_output
from pulsewright.flow.report.tables import (
    accuracy_table,
    coverage_table,
    emulator_lines,
    emulator_table,
    proof_table,
    summary_tables,
    synthesis_tables,
)
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.delivered_bench import check_bench_tools
from pulsewright.sim.simulators import Simulator

app = typer.Typer(
    help="From pulse curves of memristive devices to a bit-exact MLP coprocessor in Verilog. "
    "Every command does its own part and what that depends on, and nothing twice.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _command(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return app.command(name, epilog=epilog(name))


@_command("run")
@guarded
@with_option_groups
def run(
    recipe: RecipeFile,
    options: BuildOptions,
    waves: Waves = False,
    as_json: AsJson = False,
) -> None:
    """Everything: train, quantise, generate Verilog and C++, compare, and report."""
    with (
        command_output("run", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console, waves=waves) as workspace,
    ):
        make(workspace, order.REPORT)
        for table in summary_tables(workspace, shown_results(workspace)):
            output.table(table)
        output.file("verilog", workspace.verilog(workspace.bus), "Verilog")
        output.file("package", workspace.package, "package")
        output.file("hls", workspace.hls, "C++ for synthesis")


@_command("train")
@guarded
@with_option_groups
def train(
    recipe: RecipeFile,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Train the network in floating point, on each split."""
    with (
        command_output("train", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        workspace.check_trained()
        if workspace.predicts_pulses:
            raise PulsewrightError(
                f'recipe {workspace.recipe.name!r} has task = "{workspace.recipe.task}", whose '
                "trainings are one step; use quantise"
            )
        make(workspace, order.FLOAT)
        output.file("float_networks", workspace.float_checkpoint, "float networks")


@_command("quantise")
@guarded
@with_option_groups
def quantise(
    recipe: RecipeFile,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Quantisation-aware training, and export to the integer model."""
    with (
        command_output("quantise", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        workspace.check_trained()
        make(workspace, order.QUANTISE, order.HISTORY)
        shown = shown_results(workspace)
        if shown.quantised is not None:
            output.table(accuracy_table(shown.quantised))
        if shown.history is not None:
            output.table(coverage_table(shown.history))
        output.file("model", workspace.model_file, "integer model")


@_command("rtl")
@guarded
@with_option_groups
def rtl(
    recipe: RecipeFile,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Generate the Verilog, the C header of the registers, and the folder for a SoC team."""
    with (
        command_output("rtl", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        make(workspace, order.PACKAGE)
        output.file("verilog", workspace.verilog(workspace.bus))
        output.file("engine_verilog", workspace.verilog("engine"))
        if workspace.stream is not None:
            output.file("stream_verilog", workspace.verilog(workspace.stream))
        output.file("register_header", workspace.register_header)
        output.file("package", workspace.package, "package")


@_command("sim")
@guarded
@with_option_groups
def sim(
    recipe: RecipeFile,
    options: BuildOptions,
    waves: Waves = False,
    simulator: Annotated[
        list[Simulator] | None, typer.Option(help="Simulate on this one only; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate the Verilog against the integer model, through the bus."""
    chosen = simulator or list(Simulator)
    with (
        command_output("sim", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console, waves=waves) as workspace,
    ):
        make(workspace, *(order.SIMULATIONS[one] for one in chosen))
        output.table(proof_table(workspace, shown_results(workspace), chosen))


@_command("hls")
@guarded
@with_option_groups
def hls(
    recipe: RecipeFile,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Write C++ for high-level synthesis, and compare it with the integer model on all rows."""
    with (
        command_output("hls", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        check_bench_tools()
        make(workspace, order.HLS_COMPARISON, order.HLS_BENCH)
        shown = shown_results(workspace)
        output.lines(emulator_table(shown), emulator_lines(shown))
        output.file("hls", workspace.hls, "C++ for synthesis")


_command("soc")(soc)
_command("demonstrator")(demonstrator)
_command("verify")(verify)
_command("mutate")(mutate)
_command("coverage")(coverage)
_command("prove")(prove)
_command("synth")(synth)
_command("explore")(explore)
_command("board")(board)
_command("layout")(layout)
_command("recipes")(recipes)
_command("init")(init)
_command("explain")(explain)
_command("doctor")(doctor)
_command("import")(import_file)


@_command("energy")
@guarded
@with_option_groups
def energy(
    recipe: Annotated[
        Path | None,
        typer.Argument(
            help="Recipe; without it the paper's three.", autocompletion=completion.recipe_files
        ),
    ] = None,
    *,
    options: BuildOptions,
    table: Annotated[
        str | None,
        typer.Option(
            help="Energy table: a name, or a file (docs/energy.md).",
            autocompletion=completion.energy_tables,
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Trace every total to the lines of its table.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Energy per inference: the paper's estimate, and from what the hardware executes."""
    # A faulty table is told before anything is trained.
    chosen = None if table is None else named_table(table)
    with command_output("energy", as_json, options.quiet) as output:
        show_presets(output, chosen)
        if recipe is None:
            output.sentence("Give a recipe for the energy of what its hardware executes.")
            return
        with open_workspace(recipe, options, output.console) as workspace:
            make(workspace, *order.NETWORKS)
            show_recipe(output, workspace, chosen, explain)


@_command("qonnx")
@guarded
@with_option_groups
def qonnx(
    recipe: RecipeFile,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Write the integer model as a QONNX file, and let the qonnx package execute it."""
    with (
        command_output("qonnx", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        make(workspace, order.QONNX_EXECUTION)
        output.file("qonnx", workspace.qonnx_file)


@_command("report")
@guarded
@with_option_groups
def report(
    recipe: RecipeFile,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Write report.json and the picture of the curves."""
    with (
        command_output("report", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        make(workspace, order.REPORT)
        for table in synthesis_tables(workspace, shown_results(workspace)):
            output.table(table)
        output.file("report", workspace.report_file, "report")


_command("study")(study)
_command("reproduce")(reproduce)
_command("closed-loop")(closed_loop)


def main() -> None:
    """Entry point of the console script."""
    with fallible_streams():
        app()


if __name__ == "__main__":
    main()
