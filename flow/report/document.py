# SPDX-License-Identifier: Apache-2.0
"""`report.json` and the table that a run ends with."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pulsewright.flow.report.energy_tiers import tier3_figures
from pulsewright.flow.report.synthesis_figures import synthesis_figures
from pulsewright.flow.steps.cycle_check import check_cycles, curve_formula
from pulsewright.flow.steps.results import QuantiseResult, ShownResults, SimulationResult
from pulsewright.flow.versions import tool_versions
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.sim.simulators import Simulator

REPORT_VERSION = 1
MOST_ENERGY_BYTES = 4 << 20


def measured_cycles(
    workspace: Workspace, results: Mapping[Simulator, SimulationResult]
) -> tuple[int, int] | None:
    """(II, latency) as measured, which are the formulas'; None if nothing was simulated.

    Raises:
        VerificationError: a simulator measured other cycles than the formulas say.
    """
    for simulator, result in results.items():
        check_cycles(
            simulator, result, workspace.model, workspace.folded, options=workspace.bus_options
        )
    return next(((result.ii, result.latency) for result in results.values()), None)


def report_document(workspace: Workspace, shown: ShownResults) -> dict[str, Any]:
    """The content of `report.json`, once the energy step is done.

    Raises:
        VerificationError: a simulator measured other cycles than the formulas say.
    """
    recipe, folded, model = workspace.recipe, workspace.folded, workspace.model
    quantised, results = shown.quantised, shown.simulations
    ii, latency = measured_cycles(workspace, results) or (None, None)
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
        "quantiles": {} if shown.history is None else shown.history.model_dump(mode="json"),
        "mismatches": mismatches(shown),
        "float32_undecided": {} if quantised is None else _undecided(quantised),
        "cycles": {
            "ii": ii,
            "latency": latency,
            "ii_formula": folded.initiation_interval,
            "latency_formula": folded.latency,
            "multipliers": folded.multipliers,
            "requantiser_multipliers": folded.requantiser_multipliers,
            "multiplier_utilisation": folded.multiplier_utilisation,
            "curve_formula": curve_formula(model, folded, workspace.bus_options),
            "curve": {
                simulator.value: result.curve_cycles for simulator, result in results.items()
            },
            "bus_cycles_per_inference": {
                simulator.value: result.cycles_per_inference
                for simulator, result in results.items()
            },
            "stream_ii": _of_streams(results, "stream_ii"),
            "stream_latency": _of_streams(results, "stream_latency"),
        },
        "energy": [
            *json.loads(read_plain_text(workspace.energy_file, MOST_ENERGY_BYTES)),
            *(figure._asdict() for figure in tier3_figures(shown.synthesis)),
        ],
        "synthesis": synthesis_figures(shown.synthesis),
        "versions": tool_versions(),
        "command": workspace.options.command,
    }


def _of_streams(results: Mapping[Simulator, SimulationResult], name: str) -> dict[str, int]:
    """A measurement by simulator, of those that had streams."""
    found = {simulator.value: getattr(result, name) for simulator, result in results.items()}
    return {simulator: cycles for simulator, cycles in found.items() if cycles is not None}


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


def _undecided(quantised: QuantiseResult) -> dict[str, list[dict[str, int | float]]]:
    """Rows that Brevitas' float32 has on the other side of a step, by split."""
    return {
        kind.value: [asdict(row) for row in rows]
        for kind, rows in quantised.float32_undecided.items()
    }


def mismatches(shown: ShownResults) -> dict[str, dict[str, int]]:
    """Rows and mismatches of every comparison with the integer model."""
    found = {}
    if shown.history is not None:
        found["brevitas"] = (shown.history.brevitas_rows, shown.history.brevitas_mismatches)
    if shown.quantised is not None:
        found["brevitas"] = (shown.quantised.brevitas_rows, shown.quantised.brevitas_mismatches)
    if shown.qonnx is not None:
        found["qonnx"] = (shown.qonnx.rows, shown.qonnx.mismatches)
    for simulator, result in shown.simulations.items():
        found[simulator.value] = (result.rows, result.mismatches)
    if shown.hls is not None:
        found["hls_cpp"] = (shown.hls.rows, shown.hls.mismatches)
    if shown.hls_bench is not None:
        found["hls_bench"] = (shown.hls_bench.rows, shown.hls_bench.mismatches)
    if shown.firmware:
        found["firmware"] = (
            sum(one.rows for one in shown.firmware),
            sum(one.mismatches for one in shown.firmware),
        )
    return {name: {"rows": rows, "mismatches": wrong} for name, (rows, wrong) in found.items()}


def document_text(document: Mapping[str, Any]) -> str:
    """`report.json` as it is written."""
    return json.dumps(document, indent=1) + "\n"
