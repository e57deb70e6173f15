# SPDX-License-Identifier: Apache-2.0
"""The tables that a run ends with."""

from collections.abc import Iterable, Sequence

from pulsewright.flow.report.document import curve_job_cycles
from pulsewright.flow.report.energy_tables import tier1_line, total_table
from pulsewright.flow.report.result_table import (
    Column,
    JsonValue,
    ResultTable,
    decimals,
    words,
)
from pulsewright.flow.steps.hls import HlsResult, hls_result
from pulsewright.flow.steps.qonnx import qonnx_result
from pulsewright.flow.steps.simulation import simulation_results
from pulsewright.flow.steps.soc_result import soc_results
from pulsewright.flow.steps.training import QuantiseResult, quantise_result
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.sim.simulators import Simulator


def accuracy_table(result: QuantiseResult) -> ResultTable:
    """Test errors by split."""
    return ResultTable(
        "accuracy",
        "Test MSE of the scaled read current I_r,n (ratio: integer to float)",
        (
            words("split", "split"),
            Column("float", "float", decimals(5)),
            Column("qat", "QAT", decimals(5)),
            Column("integer", "integer", decimals(5)),
            Column("integer_to_float", "ratio", decimals(3)),
            Column("integer_median_curve", "median curve", decimals(5)),
        ),
        [
            (
                kind.value,
                one.float_mse,
                one.quantised_mse,
                one.integer_mse,
                one.integer_mse / one.float_mse if one.float_mse else None,
                one.median_curve_mse,
            )
            for kind, one in result.accuracy.items()
        ],
    )


def proof_table(workspace: Workspace, simulators: Iterable[Simulator] = Simulator) -> ResultTable:
    """Comparisons with the integer reference, and cycles beside their formulas."""
    folded, quantised = workspace.recipe.folded, quantise_result(workspace)
    executed, hls_cpp = qonnx_result(workspace), hls_result(workspace)
    ii, latency = folded.initiation_interval, folded.latency
    rows: list[Sequence[JsonValue]] = []

    def compared(what: str, rows_compared: int, mismatches: int, *cycles: int | None) -> None:
        rows.append((what, rows_compared, mismatches, *(cycles or (None, None, None))))

    rows.append(("formula", None, None, ii, latency, curve_job_cycles(workspace)))
    if quantised is not None:
        compared("Brevitas", quantised.brevitas_rows, quantised.brevitas_mismatches)
    if executed is not None:
        compared("QONNX, by qonnx", executed.rows, executed.mismatches)
    if hls_cpp is not None:
        compared("HLS C++, emulator", hls_cpp.rows, hls_cpp.mismatches)
    for one in soc_results(workspace):
        what = f"firmware on {one.core}, {one.attachment}, {one.simulator}"
        compared(what, one.rows, one.mismatches)
    for simulator, result in simulation_results(workspace, simulators).items():
        what = f"RTL on {simulator.value}, via its bus"
        cycles = result.ii, result.latency, result.curve_cycles
        compared(what, result.rows, result.mismatches, *cycles)
    return ResultTable(
        "proof",
        "Comparison with the integer reference",
        (
            words("implementation", "implementation"),
            Column("rows", "rows"),
            Column("mismatches", "mismatches"),
            Column("ii", "II"),
            Column("latency", "latency"),
            Column("curve", "curve"),
        ),
        rows,
    )


def emulator_table(result: HlsResult) -> ResultTable:
    """What the emulator of the C++ showed."""
    return ResultTable(
        "proof",
        "C++ beside the integer reference",
        (
            words("implementation", "implementation"),
            Column("rows", "rows"),
            Column("mismatches", "mismatches"),
            words("compiler", "compiler"),
        ),
        [("HLS C++, emulator", result.rows, result.mismatches, result.compiler)],
    )


def summary_tables(workspace: Workspace) -> list[ResultTable]:
    """What a run ends with."""
    totals = energy_totals(workspace.model, workspace.recipe.folded, EnergyTable.load())
    energy = total_table(workspace.recipe.name, totals, tier1_line(workspace.model))
    quantised = quantise_result(workspace)
    accuracy = [] if quantised is None else [accuracy_table(quantised)]
    return [*accuracy, proof_table(workspace), energy]
