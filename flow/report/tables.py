# SPDX-License-Identifier: Apache-2.0
"""The tables that a run ends with."""

from collections.abc import Iterable, Sequence

from pulsewright.flow.report.energy_tables import tier1_line, total_table
from pulsewright.flow.report.energy_tiers import energy_tiers_table
from pulsewright.flow.report.result_table import (
    Column,
    JsonValue,
    ResultTable,
    decimals,
    words,
)
from pulsewright.flow.report.synthesis_figures import synthesis_table
from pulsewright.flow.steps.cycle_check import curve_formula
from pulsewright.flow.steps.results import (
    HistoryResult,
    HlsResult,
    QuantiseResult,
    ShownResults,
)
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


def coverage_table(history: HistoryResult) -> ResultTable:
    """Coverage of the quantiles on the test curves, all of them and by session."""
    groups = {"all": history.coverage}
    groups |= {f"session {number}": one for number, one in history.coverage_by_session.items()}
    return ResultTable(
        "coverage",
        "Test curves: share of the histories below each quantile",
        (
            words("curves", "curves"),
            *(Column(name, f"{float(name):.0%}", decimals(3)) for name in history.coverage),
        ),
        [(name, *one.values()) for name, one in groups.items()],
    )


def proof_table(
    workspace: Workspace, shown: ShownResults, simulators: Iterable[Simulator] = Simulator
) -> ResultTable:
    """Comparisons with the integer reference, and cycles beside their formulas."""
    folded, quantised = workspace.folded, shown.quantised
    ii, latency = folded.initiation_interval, folded.latency
    rows: list[Sequence[JsonValue]] = []

    def compared(what: str, rows_compared: int, mismatches: int, *cycles: int | None) -> None:
        rows.append((what, rows_compared, mismatches, *(cycles or (None, None, None))))

    curve = curve_formula(workspace.model, folded, workspace.bus_options)
    rows.append(("formula", None, None, ii, latency, curve))
    if shown.history is not None:
        compared("Brevitas", shown.history.brevitas_rows, shown.history.brevitas_mismatches)
    if quantised is not None:
        compared("Brevitas", quantised.brevitas_rows, quantised.brevitas_mismatches)
    if shown.qonnx is not None:
        compared("QONNX, by qonnx", shown.qonnx.rows, shown.qonnx.mismatches)
    for what, result in _kernel_results(shown):
        compared(what, result.rows, result.mismatches)
    for one in shown.firmware:
        what = f"firmware on {one.core}, {one.attachment}, {one.simulator}"
        compared(what, one.rows, one.mismatches)
    for simulator in simulators:
        simulated = shown.simulations.get(simulator)
        if simulated is not None:
            what = f"RTL on {simulator.value}, via its bus"
            cycles = simulated.ii, simulated.latency, simulated.curve_cycles
            compared(what, simulated.rows, simulated.mismatches, *cycles)
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
        "" if quantised is None else _undecided_note(workspace, quantised),
    )


def _undecided_note(workspace: Workspace, quantised: QuantiseResult) -> str:
    if not workspace.recipe.bits.has_float_scales:
        return ""
    count = sum(len(rows) for rows in quantised.float32_undecided.values())
    return (
        f"On {count} of {quantised.brevitas_rows} rows Brevitas' float32 rounds a value to the "
        "other side of a step; the integers are exact there, and report.json lists them."
    )


def _kernel_results(shown: ShownResults) -> list[tuple[str, HlsResult]]:
    results = {"HLS C++, emulator": shown.hls, "HLS C++, its own bench": shown.hls_bench}
    return [(what, result) for what, result in results.items() if result is not None]


def emulator_table(shown: ShownResults) -> ResultTable:
    """What the emulator of the C++, and the test bench that is delivered with it, showed."""
    return ResultTable(
        "proof",
        "C++ beside the integer reference",
        (
            words("implementation", "implementation"),
            Column("rows", "rows"),
            Column("mismatches", "mismatches"),
            words("compiler", "compiler"),
        ),
        [
            (what, result.rows, result.mismatches, result.compiler)
            for what, result in _kernel_results(shown)
        ],
    )


def emulator_lines(shown: ShownResults) -> list[str]:
    """The same as sentences."""
    return [
        f"{what}: {result.rows} rows, {result.mismatches} mismatches ({result.compiler})"
        for what, result in _kernel_results(shown)
    ]


def summary_tables(workspace: Workspace, shown: ShownResults) -> list[ResultTable]:
    """What a run ends with."""
    totals = energy_totals(workspace.model, workspace.folded, EnergyTable.load())
    energy = total_table(workspace.recipe.name, totals, tier1_line(workspace.model))
    accuracy = [] if shown.quantised is None else [accuracy_table(shown.quantised)]
    if shown.history is not None:
        accuracy.append(coverage_table(shown.history))
    return [
        *accuracy,
        proof_table(workspace, shown),
        energy,
        *synthesis_tables(workspace, shown),
    ]


def synthesis_tables(workspace: Workspace, shown: ShownResults) -> list[ResultTable]:
    """What was synthesised of this Verilog, and what an inference costs by all tiers."""
    name, model, folded = workspace.recipe.name, workspace.model, workspace.folded
    tables = (
        synthesis_table(shown.synthesis),
        energy_tiers_table(name, model, folded, shown.synthesis),
    )
    return [table for table in tables if table is not None]
