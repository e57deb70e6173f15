# SPDX-License-Identifier: Apache-2.0
"""`report.json` and the table that a run ends with."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import JustifyMethod
from rich.table import Table

from flow.energy_view import energy_figures, tier1_line, total_table
from flow.errors import VerificationError
from flow.hardware_steps import SimulationResult, simulation_results
from flow.hls_step import hls_result
from flow.qonnx_step import qonnx_result
from flow.soc_result import soc_results
from flow.training_steps import QuantiseResult, quantise_result
from flow.versions import tool_versions
from flow.workspace import Workspace
from hls_model.atomic_write import write_text
from hls_model.energy import energy_totals
from hls_model.energy_table import EnergyTable
from hls_model.pulse_sweep import pulse_sweep
from hls_model.sequence import curve_cycles
from sim.simulators import Simulator

REPORT_VERSION = 1


def measured_cycles(results: Mapping[Simulator, SimulationResult]) -> tuple[int, int] | None:
    """(II, latency) as measured; None if nothing was simulated.

    Raises:
        VerificationError: the simulators disagree.
    """
    measured = {(result.ii, result.latency) for result in results.values()}
    if len(measured) > 1:
        raise VerificationError(f"the simulators measure different II and latency: {measured}")
    return measured.pop() if measured else None


def report_document(workspace: Workspace, command: str) -> dict[str, Any]:
    """The content of `report.json`.

    Raises:
        VerificationError: the simulators disagree.
    """
    recipe, folded, model = workspace.recipe, workspace.recipe.folded, workspace.model
    quantised, results = quantise_result(workspace), simulation_results(workspace)
    ii, latency = measured_cycles(results) or (None, None)
    mismatches = {}
    if quantised is not None:
        mismatches["brevitas"] = {
            "rows": quantised.brevitas_rows,
            "mismatches": quantised.brevitas_mismatches,
        }
    executed = qonnx_result(workspace)
    if executed is not None:
        mismatches["qonnx"] = {"rows": executed.rows, "mismatches": executed.mismatches}
    for simulator, result in results.items():
        mismatches[simulator.value] = {"rows": result.rows, "mismatches": result.mismatches}
    hls_cpp = hls_result(workspace)
    if hls_cpp is not None:
        mismatches["hls_cpp"] = {"rows": hls_cpp.rows, "mismatches": hls_cpp.mismatches}
    firmware = soc_results(workspace)
    if firmware:
        mismatches["firmware"] = {
            "rows": sum(one.rows for one in firmware),
            "mismatches": sum(one.mismatches for one in firmware),
        }
    return {
        "report_version": REPORT_VERSION,
        "recipe": recipe.model_dump(mode="json", by_alias=True),
        "model": {
            "sizes": model.sizes,
            "parameters": model.parameter_count,
            "digest": model.digest,
            "input_format": str(model.input_format),
            "output_format": str(model.output_format),
        },
        "accuracy": {} if quantised is None else _accuracy(quantised),
        "mismatches": mismatches,
        "cycles": {
            "ii": ii,
            "latency": latency,
            "ii_formula": folded.initiation_interval,
            "latency_formula": folded.latency,
            "multipliers": folded.multipliers,
            "multiplier_utilisation": folded.multiplier_utilisation,
            "curve_formula": _curve_cycles(workspace),
            "curve": {
                simulator.value: result.curve_cycles for simulator, result in results.items()
            },
            "bus_cycles_per_inference": {
                simulator.value: result.cycles_per_inference
                for simulator, result in results.items()
            },
        },
        "energy": [figure._asdict() for figure in energy_figures(model, folded)],
        "versions": tool_versions(),
        "command": command,
    }


def _accuracy(quantised: QuantiseResult) -> dict[str, dict[str, float]]:
    return {
        kind.value: {
            "float": one.float_mse,
            "qat": one.quantised_mse,
            "integer": one.integer_mse,
            "integer_median_curve": one.median_curve_mse,
        }
        for kind, one in quantised.accuracy.items()
    }


def write_report(workspace: Workspace, command: str) -> None:
    """Write `report.json`.

    Raises:
        VerificationError: the simulators disagree.
    """
    document = report_document(workspace, command)
    write_text(workspace.report_file, json.dumps(document, indent=1) + "\n")


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
        _shown(_curve_cycles(workspace)),
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


def _curve_cycles(workspace: Workspace) -> int | None:
    """Clock cycles of a curve job over all pulse numbers, by the formula; None without curves."""
    sweep = pulse_sweep(workspace.model)
    return curve_cycles(workspace.recipe.folded, len(sweep.codes)) if sweep else None


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
