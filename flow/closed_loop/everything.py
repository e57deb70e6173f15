# SPDX-License-Identifier: Apache-2.0
"""The whole comparison: train what is missing, run all trials, write tables, plots and report."""

import json
from pathlib import Path

import numpy as np

from pulsewright.flow.closed_loop.arrays import array_lines, array_table
from pulsewright.flow.closed_loop.csv_files import write_csv_files
from pulsewright.flow.closed_loop.held_out import HeldOut, folds, trained_models
from pulsewright.flow.closed_loop.plots import ErrorLine, plot_costs, plot_errors, plot_pareto
from pulsewright.flow.closed_loop.report import report_text
from pulsewright.flow.closed_loop.results import (
    TrialSet,
    controllers,
    error_after_reads,
    trial_sets,
)
from pulsewright.flow.closed_loop.settings import ClosedLoopSettings
from pulsewright.flow.closed_loop.tables import cost_table, set_table
from pulsewright.flow.output import Output
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.studies.cluster import ClusterOptions

REPORT = "closed_loop.md"


def closed_loop(
    curves: PulseCurves,
    source_name: str,
    folder: Path,
    cluster: ClusterOptions,
    output: Output,
    settings: ClosedLoopSettings | None = None,
) -> list[TrialSet]:
    """Compare the history network with blind rules on `curves`; hand out tables and files.

    folder: gets CSV files, plots, the report, closed_loop.json, and the journal of networks, which
    a second run does not train again.

    Raises:
        PulsewrightError: the curves are of one session or cannot be used, a training failed, or
            the folder cannot be written.
    """
    settings = settings or ClosedLoopSettings()
    devices = MeasuredDevices(curves)
    fold = {kind: folds(curves, kind, settings) for kind in HeldOut}
    models = trained_models(curves, fold, settings, folder, cluster, output.console)
    sets = trial_sets(devices, fold, models, settings)
    errors = {}
    for one in sets:
        families = controllers(fold[one.held_out], models[one.held_out])
        errors[one.title] = [
            ErrorLine(
                family.name,
                dict(
                    enumerate(
                        error_after_reads(devices, one.trials, family, settings.most_reads), start=2
                    )
                ),
            )
            for family in families
        ]
    families = controllers(fold[HeldOut.SESSIONS], models[HeldOut.SESSIONS])
    arrays = array_lines(devices, families, settings.array_sides, settings.training.seed)
    write_csv_files(sets, errors, arrays, settings.read_costs, folder)
    plot_pareto(sets, folder / "pareto.png")
    plot_errors(errors, folder / "error_by_reads.png")
    plot_costs(sets, settings.read_costs, folder / "costs.png")
    write_text(folder / REPORT, report_text(devices, sets, arrays, settings, source_name))
    tables = [set_table(one, number) for number, one in enumerate(sets)]
    tables += [cost_table(sets[0], settings.read_costs), array_table(arrays)]
    document = {
        "settings": settings.model_dump(mode="json"),
        "folds": {kind.value: int(np.max(one)) + 1 for kind, one in fold.items()},
        "tables": [table.document for table in tables],
    }
    write_text(folder / "closed_loop.json", json.dumps(document, indent=1, allow_nan=False) + "\n")
    for table in tables:
        output.table(table)
    output.file("report", folder / REPORT, "report")
    return sets
