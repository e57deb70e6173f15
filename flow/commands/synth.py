# SPDX-License-Identifier: Apache-2.0
"""The command that synthesises a recipe's Verilog."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulsewright.flow.build_folder import BuildFolder
from pulsewright.flow.commands.foldings import compare_foldings
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import (
    AsJson,
    BuildOptions,
    Multipliers,
    OptionalRecipeFile,
    SynthesisOptions,
    open_workspace,
)
from pulsewright.flow.foldings import folded_workspaces, parse_multipliers
from pulsewright.flow.order import RTL, make
from pulsewright.flow.output import Output, command_output
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.python_packages import check_packages
from pulsewright.hls_model.shortened import shortened

if TYPE_CHECKING:
    from pulsewright.flow.steps.foreign_verilog import ForeignVerilog
    from pulsewright.flow.steps.synthesis_result import GateEnergy, SynthesisShown
    from pulsewright.flow.steps.synthesise import Chosen


# Folder in the build folder for what is no recipe's.
FOREIGN = "verilog"


@dataclass(frozen=True)
class ForeignOptions:
    """Verilog of others in place of a recipe."""

    verilog: Annotated[
        list[Path] | None,
        typer.Option("--verilog", help="A file of others in place of a recipe, once for each."),
    ] = None
    top: Annotated[str | None, typer.Option("--top", help="Its module.")] = None
    clock: Annotated[
        str | None, typer.Option("--clock", help="The port of its clock; else clk_i, clk, ...")
    ] = None

    def design(self) -> "ForeignVerilog | None":
        """What they name; None if they name nothing.

        Raises:
            PulsewrightError: a part of them is missing, or no file or module can be so called.
        """
        from pulsewright.flow.steps.foreign_verilog import ForeignVerilog

        if self.verilog and self.top is not None:
            return ForeignVerilog(tuple(self.verilog), self.top, self.clock)
        if self.verilog or self.top is not None or self.clock is not None:
            raise PulsewrightError(
                "--verilog, --top and --clock are for Verilog of others; give --verilog with its "
                "files and --top with its module, or a recipe alone"
            )
        return None


@guarded
@with_option_groups
def synth(
    recipe: OptionalRecipeFile = None,
    *,
    synthesis: SynthesisOptions,
    multipliers: Multipliers = None,
    foreign: ForeignOptions,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Size and clock frequency of the Verilog on an FPGA or in standard cells, by open tools."""
    from pulsewright.flow.steps.gate_energy import check_energy
    from pulsewright.flow.steps.synthesise import measure
    from pulsewright.rtl.buses.registry import INSTRUCTIONS

    design = foreign.design()
    chosen = chosen_target(synthesis)
    if design is not None:
        if recipe is not None or multipliers is not None or synthesis.energy:
            raise PulsewrightError(
                "--verilog measures a design of others alone; leave the recipe, --multipliers and "
                "--energy out"
            )
        _synthesise_foreign(design, chosen, options, as_json)
        return
    if recipe is None:
        raise PulsewrightError(
            "synth measures a recipe or Verilog of others; name a recipe, or give --verilog and "
            "--top"
        )
    numbers = () if multipliers is None else parse_multipliers(multipliers)
    with (
        command_output("synth", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        if synthesis.energy and workspace.bus in INSTRUCTIONS:
            check_energy(workspace)
        if numbers:
            foldings = folded_workspaces(workspace, numbers)
            compare_foldings(output, workspace, chosen, foldings, synthesis.counted_rows)
            return
        make(workspace, RTL, later=chosen.packages)
        shown = measure(workspace, chosen, synthesis.counted_rows)
        _show(output, workspace, chosen, shown)
        output.file("synthesis", chosen.folder(workspace), "scripts, netlists and logs")


def _synthesise_foreign(
    design: "ForeignVerilog", chosen: "Chosen", options: BuildOptions, as_json: bool
) -> None:
    from pulsewright.flow.steps.foreign_verilog import measure_foreign

    check_packages(chosen.packages)
    design.text()
    root = options.build / FOREIGN
    with (
        command_output("synth", as_json, options.quiet) as output,
        options.locked(root / design.top),
    ):
        build = BuildFolder(root, design.top)
        output.sentence(f"synth     {design.top} for {chosen.name}")
        _show_tables(output, design.top, measure_foreign(design, chosen, build))
        output.file("synthesis", build.path / chosen.name, "scripts, netlists and logs")


def chosen_target(options: SynthesisOptions) -> "Chosen":
    """The cells or the FPGA that these options name.

    Raises:
        PulsewrightError: they are unknown, or do not go together; or energy is asked of cells that
            do not tell theirs.
    """
    from pulsewright.flow.steps.cells import chosen_cells
    from pulsewright.flow.steps.fpga import chosen_fpga
    from pulsewright.flow.steps.gate_energy import check_energies
    from pulsewright.synth.cells.technology import TECHNOLOGIES

    target, liberty = options.target, options.liberty
    if liberty is not None and target is not None:
        raise PulsewrightError(
            f"--target {shortened(target)} says what to map to, and so does --liberty; give one"
        )
    is_cells = liberty is not None or target in TECHNOLOGIES
    if options.energy and not is_cells:
        raise PulsewrightError(
            f"--energy needs standard cells, not {target or 'ecp5'}; give --target sg13g2, osu018, "
            "or --liberty"
        )
    if is_cells:
        cells = chosen_cells(target, liberty, options.pdk, options.period, options.clock_gates)
        if options.energy:
            check_energies(cells)
        return cells
    return chosen_fpga(target or "ecp5", options.device, options.seeds)


def _show(output: Output, workspace: Workspace, chosen: "Chosen", shown: "SynthesisShown") -> None:
    _show_tables(output, workspace.recipe.name, shown)
    for one in shown.cells:
        if one.energy is not None:
            _show_energy(output, workspace, chosen, one.energy)


def _show_tables(output: Output, name: str, shown: "SynthesisShown") -> None:
    from pulsewright.flow.report.cell_tables import cell_table
    from pulsewright.flow.report.fpga_tables import fpga_table

    for fpga in shown.fpgas:
        output.table(fpga_table(name, fpga.mapping, fpga.routing))
    for one in shown.cells:
        output.table(cell_table(name, one.cells))


def _show_energy(
    output: Output, workspace: Workspace, chosen: "Chosen", energy: "GateEnergy"
) -> None:
    from pulsewright.flow.report.duty_plot import plot_duty_cycle
    from pulsewright.flow.report.gate_energy_tables import duty_costs, duty_table, energy_table

    name = workspace.recipe.name
    output.table(energy_table(name, energy))
    output.table(duty_table(name, energy))
    picture = chosen.folder(workspace) / "duty_cycle.png"
    costs = {f"clock {clock} between": cost for clock, cost in duty_costs(energy).items()}
    plot_duty_cycle(costs, f"{name} in cells of {energy.technology}", picture)
    output.file("duty_cycle", picture, "energy by rate")
