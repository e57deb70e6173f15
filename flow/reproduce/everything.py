# SPDX-License-Identifier: Apache-2.0
"""The whole reproduction: train what is missing, then write tables, plots and report."""

from pathlib import Path

from pulsewright.flow.output import Output
from pulsewright.flow.reproduce.csv_files import write_csv_files
from pulsewright.flow.reproduce.curve_panels import plot_curve_panels
from pulsewright.flow.reproduce.fraction_plot import plot_fractions, plot_unseen
from pulsewright.flow.reproduce.report import report_text
from pulsewright.flow.reproduce.results import Results, check_rows
from pulsewright.flow.reproduce.settings import ReproductionSettings
from pulsewright.flow.reproduce.tables import summary_grids
from pulsewright.flow.reproduce.training import trained_rows
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.quant.curve_sources import CurveSource
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.studies.cluster import ClusterOptions

REPORT = "reproduction.md"


def reproduce(
    curves: PulseCurves,
    source_name: str,
    folder: Path,
    cluster: ClusterOptions,
    output: Output,
    settings: ReproductionSettings | None = None,
) -> Path:
    """Make Table II, Fig. 4(b) and Fig. 5 from `curves`, hand out the tables; the report's path.

    source_name: what the curves are called in titles; "measured" are the paper's own, and only
    then are its figures compared with. folder: gets the CSV files, the plots, the report, and the
    journal of finished trainings, which a second run does not repeat.

    Raises:
        PulsewrightError: the curves cannot be used, a training failed, the cluster cannot be
            reached, or the folder cannot be written.
    """
    settings = settings or ReproductionSettings()
    rows = trained_rows(curves, settings, folder, cluster, output.console)
    check_rows(rows)
    results = Results(
        curves,
        source_name,
        measured=source_name == CurveSource.MEASURED,
        settings=settings,
        rows=rows,
    )
    write_csv_files(results, folder)
    plot_fractions(results, folder / "fig_4b.png")
    plot_unseen(results, folder / "splits.png")
    plot_curve_panels(results, folder / "fig_5.png")
    write_text(folder / REPORT, report_text(results))
    for grid in summary_grids(results):
        output.table(grid)
    output.file("report", folder / REPORT, "report")
    return folder / REPORT
