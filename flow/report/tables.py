# SPDX-License-Identifier: Apache-2.0
"""The tables that a run ends with."""

from collections.abc import Iterable

from rich.console import JustifyMethod
from rich.table import Table

from pulsewright.flow.report.document import curve_job_cycles
from pulsewright.flow.report.energy_tables import tier1_line, total_table
from pulsewright.flow.steps.hls import hls_result
from pulsewright.flow.steps.qonnx import qonnx_result
from pulsewright.flow.steps.simulation import simulation_results
from pulsewright.flow.steps.soc_result import soc_results
from pulsewright.flow.steps.training import QuantiseResult, quantise_result
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.sim.simulators import Simulator


def accuracy_table(result: QuantiseResult) -> Table:
    """Test errors by split."""
    table = Table(
        title="Test MSE of the scaled read current I_r,n (ratio: integer to float)",
        title_justify="left",
    )
    table.add_column("split")
    columns = ("float", "QAT", "integer", "ratio", "median curve")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for kind, one in result.accuracy.items():
        table.add_row(
            kind.value,
            f"{one.float_mse:.5f}",
            f"{one.quantised_mse:.5f}",
            f"{one.integer_mse:.5f}",
            f"{one.integer_mse / one.float_mse:.3f}",
            f"{one.median_curve_mse:.5f}",
        )
    return table


def proof_table(workspace: Workspace, simulators: Iterable[Simulator] = Simulator) -> Table:
    """Comparisons with the integer reference, and cycles beside their formulas."""
    folded, quantised = workspace.recipe.folded, quantise_result(workspace)
    table = Table(title="Comparison with the integer reference", title_justify="left")
    for column in ("implementation", "rows", "mismatches", "II", "latency", "curve"):
        justify: JustifyMethod = "left" if column == "implementation" else "right"
        table.add_column(column, justify=justify, no_wrap=True)
    table.add_row(
        "formula",
        "",
        "",
        str(folded.initiation_interval),
        str(folded.latency),
        _shown(curve_job_cycles(workspace)),
    )
    if quantised is not None:
        table.add_row("Brevitas", str(quantised.brevitas_rows), str(quantised.brevitas_mismatches))
    executed = qonnx_result(workspace)
    if executed is not None:
        table.add_row("QONNX, by qonnx", str(executed.rows), str(executed.mismatches))
    hls_cpp = hls_result(workspace)
    if hls_cpp is not None:
        table.add_row("HLS C++, emulator", str(hls_cpp.rows), str(hls_cpp.mismatches))
    for one in soc_results(workspace):
        what = f"firmware on {one.core}, {one.attachment}, {one.simulator}"
        table.add_row(what, str(one.rows), str(one.mismatches))
    for simulator, result in simulation_results(workspace, simulators).items():
        table.add_row(
            f"RTL on {simulator.value}, via its bus",
            str(result.rows),
            str(result.mismatches),
            str(result.ii),
            str(result.latency),
            _shown(result.curve_cycles),
        )
    return table


def _shown(cycles: int | None) -> str:
    return "" if cycles is None else str(cycles)


def summary_tables(workspace: Workspace) -> list[Table]:
    """What a run ends with."""
    totals = energy_totals(workspace.model, workspace.recipe.folded, EnergyTable.load())
    energy = total_table(workspace.recipe.name, totals)
    energy.caption = tier1_line(workspace.model)
    quantised = quantise_result(workspace)
    accuracy = [] if quantised is None else [accuracy_table(quantised)]
    return [*accuracy, proof_table(workspace), energy]
