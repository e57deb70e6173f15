# SPDX-License-Identifier: Apache-2.0
"""The command that synthesises a recipe's Verilog."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulsewright.flow.commands.foldings import compare_foldings, measure
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.options import (
    AsJson,
    BuildPath,
    DataPath,
    Download,
    RecipeFile,
    Wait,
    open_workspace,
)
from pulsewright.flow.foldings import folded_workspaces, parse_multipliers
from pulsewright.flow.order import RTL, make
from pulsewright.flow.output import Output, command_output
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened

if TYPE_CHECKING:
    from pulsewright.flow.commands.foldings import Chosen
    from pulsewright.flow.steps.synthesis_result import GateEnergy, SynthesisShown

TargetName = Annotated[
    str | None, typer.Option("--target", help="ecp5 (default), ice40, xc7, sg13g2 or osu018.")
]
DeviceName = Annotated[
    str | None, typer.Option("--device", help="Of an FPGA family; ecp5 85k, ice40 hx8k.")
]
Seeds = Annotated[
    int, typer.Option("--seeds", min=0, help="Placements that MHz is the median of; 0 for none.")
]
LibertyFile = Annotated[
    Path | None, typer.Option("--liberty", help="Standard cells of your own, in place of a target.")
]
PdkFolder = Annotated[
    Path | None, typer.Option("--pdk", help="Folder of the process design kit; else PDK_ROOT.")
]
Period = Annotated[
    float, typer.Option("--period", min=0.1, help="Of the clock in ns, that cells are sized for.")
]
ClockGates = Annotated[
    bool, typer.Option("--clock-gates/--no-clock-gates", help="Gate the clock of registers.")
]

Energy = Annotated[
    bool, typer.Option("--energy", help="Run rows through the cells, and tell what they cost.")
]
Rows = Annotated[int, typer.Option("--rows", min=1, help="Whose energy is counted, of each run.")]

Multipliers = Annotated[
    str | None,
    typer.Option("--multipliers", help="Numbers such as 2,7,56: foldings beside each other."),
]


@guarded
def synth(
    recipe: RecipeFile,
    target: TargetName = None,
    device: DeviceName = None,
    seeds: Seeds = 3,
    liberty: LibertyFile = None,
    pdk: PdkFolder = None,
    period: Period = 4.0,
    clock_gates: ClockGates = True,
    energy: Energy = False,
    rows: Rows = 50,
    multipliers: Multipliers = None,
    data: DataPath = None,
    download: Download = False,
    build: BuildPath = Path("build"),
    wait: Wait = True,
    as_json: AsJson = False,
) -> None:
    """Size and clock frequency of the Verilog on an FPGA or in standard cells, by open tools."""
    from pulsewright.flow.steps.gate_energy import check_energy

    chosen = chosen_target(target, device, seeds, liberty, pdk, period, clock_gates, energy)
    counted = rows if energy else 0
    numbers = () if multipliers is None else parse_multipliers(multipliers)
    with (
        command_output("synth", as_json) as output,
        open_workspace(recipe, data, download, build, output.console, wait) as workspace,
    ):
        if energy:
            check_energy(workspace)
        if numbers:
            foldings = folded_workspaces(workspace, numbers)
            compare_foldings(output, workspace, chosen, foldings, counted)
            return
        make(workspace, RTL, later=chosen.packages)
        shown = measure(workspace, chosen, counted)
        _show(output, workspace, chosen, shown)
        output.file("synthesis", chosen.folder(workspace), "scripts, netlists and logs")


def chosen_target(
    target: str | None,
    device: str | None,
    seeds: int,
    liberty: Path | None,
    pdk: Path | None,
    period: float,
    clock_gates: bool,
    energy: bool,
) -> "Chosen":
    """The cells or the FPGA that these options name.

    Raises:
        PulsewrightError: they are unknown, or do not go together.
    """
    from pulsewright.flow.steps.cells import chosen_cells
    from pulsewright.flow.steps.fpga import chosen_fpga
    from pulsewright.synth.cells.technology import TECHNOLOGIES

    if liberty is not None and target is not None:
        raise PulsewrightError(
            f"--target {shortened(target)} says what to map to, and so does --liberty; give one"
        )
    is_cells = liberty is not None or target in TECHNOLOGIES
    if energy and not is_cells:
        raise PulsewrightError(
            f"--energy needs standard cells, not {target or 'ecp5'}; give --target sg13g2, osu018, "
            "or --liberty"
        )
    if is_cells:
        return chosen_cells(target, liberty, pdk, period, clock_gates)
    return chosen_fpga(target or "ecp5", device, seeds)


def _show(output: Output, workspace: Workspace, chosen: "Chosen", shown: "SynthesisShown") -> None:
    from pulsewright.flow.report.cell_tables import cell_table
    from pulsewright.flow.report.fpga_tables import fpga_table

    name = workspace.recipe.name
    for fpga in shown.fpgas:
        output.table(fpga_table(name, fpga.mapping, fpga.routing))
    for one in shown.cells:
        output.table(cell_table(name, one.cells))
        if one.energy is not None:
            _show_energy(output, workspace, chosen, one.energy)


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
