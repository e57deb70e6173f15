# SPDX-License-Identifier: Apache-2.0
"""The whole comparison: train what is missing, run all trials, write tables, plots and report."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from pulsewright.flow.closed_loop.arrays import array_energy_table, array_lines, array_table
from pulsewright.flow.closed_loop.csv_files import write_csv_files
from pulsewright.flow.closed_loop.held_out import HeldOut, folds, trained_models
from pulsewright.flow.closed_loop.instruments import (
    instrument_lines,
    instrument_table,
    plot_instruments,
)
from pulsewright.flow.closed_loop.page import ClosedLoopResults, closed_loop_page
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
from pulsewright.flow.progress import StepAdvance, progress_bars, tracked
from pulsewright.flow.report.result_table import ResultTable
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.closed_loop.controllers import Family
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.studies.cluster import ClusterOptions

REPORT, PAGE = "closed_loop.md", "report.html"


def closed_loop(
    curves: PulseCurves,
    source_name: str,
    folder: Path,
    cluster: ClusterOptions,
    output: Output,
    settings: ClosedLoopSettings | None = None,
    command: str = "",
) -> Sequence[TrialSet]:
    """Compare the history network with blind rules on `curves`; hand out tables and files.

    folder: gets CSV files, plots, the report, its page, closed_loop.json, and the journal of
    networks, which a second run does not train again. command: what was typed, for the page.

    Raises:
        PulsewrightError: the curves are of one session or cannot be used, a training failed, or
            the folder cannot be written.
    """
    settings = settings or ClosedLoopSettings()
    devices = MeasuredDevices(curves)
    fold = {kind: folds(curves, kind, settings) for kind in HeldOut}
    models = trained_models(curves, fold, settings, folder, cluster, output.console)
    with progress_bars(output.console) as show:
        found = _results(devices, fold, models, settings, show)
    tables = _write_results(found, devices, settings, source_name, folder)
    write_text(folder / "closed_loop.json", _document_text(settings, fold, tables))
    write_text(folder / PAGE, closed_loop_page(found, settings, source_name, command))
    for table in tables:
        output.table(table)
    output.file("report", folder / REPORT, "report")
    output.file("page", folder / PAGE, "page")
    return found.sets


def _results(
    devices: MeasuredDevices,
    fold: Mapping[HeldOut, IntegerArray],
    models: Mapping[HeldOut, Mapping[int, IntegerMlp]],
    settings: ClosedLoopSettings,
    show: StepAdvance,
) -> ClosedLoopResults:
    """Run all trials, and program the arrays."""
    sets = trial_sets(devices, fold, models, settings, show)
    families = {kind: controllers(devices, fold[kind], models[kind]) for kind in HeldOut}
    errors = {
        one.title: _error_lines(devices, one, families[one.held_out], settings.most_reads)
        for one in tracked(sets, partial(show, "errors by reads"))
    }
    blind_to_session = families[HeldOut.SESSIONS]
    model = next(iter(models[HeldOut.SESSIONS].values()))
    arrays = array_lines(devices, blind_to_session, model, settings, partial(show, "arrays"))
    first = sets[0]
    instruments = instrument_lines(
        devices, first, families[first.held_out], settings, partial(show, "instruments")
    )
    return ClosedLoopResults(sets, errors, arrays, instruments)


def _write_results(
    found: ClosedLoopResults,
    devices: MeasuredDevices,
    settings: ClosedLoopSettings,
    source_name: str,
    folder: Path,
) -> list[ResultTable]:
    """Write CSV files, plots and report; the tables."""
    sets, errors, arrays, instruments = found
    first = sets[0]
    write_csv_files(sets, errors, arrays, instruments, settings.read_costs, folder)
    _draw(sets, errors, settings, folder)
    plot_instruments(first.title, instruments, folder / "instruments.png")
    text = report_text(devices, sets, arrays, instruments, settings, source_name)
    write_text(folder / REPORT, text)
    return [
        *(set_table(one, number) for number, one in enumerate(sets)),
        cost_table(first, settings.read_costs),
        array_table(arrays),
        array_energy_table(arrays, settings.read_voltage),
        instrument_table(first.title, instruments),
    ]


def _error_lines(
    devices: MeasuredDevices, one: TrialSet, families: Sequence[Family], most_reads: int
) -> list[ErrorLine]:
    """How far each controller is off when it is stopped after 2, 3, .. reads."""
    errors = (error_after_reads(devices, one.trials, family, most_reads) for family in families)
    return [
        ErrorLine(family.name, dict(enumerate(found, start=2)))
        for family, found in zip(families, errors, strict=True)
    ]


def _draw(
    sets: Sequence[TrialSet],
    errors: Mapping[str, Sequence[ErrorLine]],
    settings: ClosedLoopSettings,
    folder: Path,
) -> None:
    plot_pareto(sets, folder / "pareto.png")
    plot_errors(errors, folder / "error_by_reads.png")
    plot_costs(sets, settings.read_costs, folder / "costs.png")


def _document_text(
    settings: ClosedLoopSettings,
    fold: Mapping[HeldOut, IntegerArray],
    tables: Sequence[ResultTable],
) -> str:
    document = {
        "settings": settings.model_dump(mode="json"),
        "folds": {kind.value: int(np.max(one)) + 1 for kind, one in fold.items()},
        "tables": [table.document for table in tables],
    }
    return json.dumps(document, indent=1, allow_nan=False) + "\n"
