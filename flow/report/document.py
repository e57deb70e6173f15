# SPDX-License-Identifier: Apache-2.0
"""`report.json` and the table that a run ends with."""

import json
from collections.abc import Mapping
from typing import Any

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.report.energy_tables import energy_figures
from pulsewright.flow.steps.hls import hls_result
from pulsewright.flow.steps.qonnx import qonnx_result
from pulsewright.flow.steps.simulation import SimulationResult, simulation_results
from pulsewright.flow.steps.soc_result import soc_results
from pulsewright.flow.steps.training import QuantiseResult, quantise_result
from pulsewright.flow.versions import tool_versions
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.schedule.sequence import curve_cycles
from pulsewright.sim.simulators import Simulator

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
            "curve_formula": curve_job_cycles(workspace),
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


def curve_job_cycles(workspace: Workspace) -> int | None:
    """Clock cycles of a curve job over all pulse numbers, by the formula; None without curves."""
    sweep = pulse_sweep(workspace.model)
    return curve_cycles(workspace.recipe.folded, len(sweep.codes)) if sweep else None
