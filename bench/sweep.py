# SPDX-License-Identifier: Apache-2.0
"""How long a sweep over bit widths takes, beside the plain Brevitas loop, in one run.

The sweep is A1 with 2 to 8 bits for weights and for activations, 49 configurations, for three seeds
on the synthetic curves. The plain loop would take an hour, so some of its steps are timed, in as
many processes at once as the sweep has workers, and multiplied; all else is measured whole.
"""

import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import torch
from rich.console import Console

from pulsewright.flow.progress import progress_bars
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.presets import PRESETS
from pulsewright.quant.curve_sources import CurveSource, fit_input_map, load_curves
from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.quantised.quantised_training import calibrate
from pulsewright.quant.settings import BitWidths, QuantisedTraining, Refinement, ScaleFit
from pulsewright.quant.splits import SplitKind, split
from pulsewright.quant.studies.cluster import ClusterOptions
from pulsewright.quant.studies.grid import Grid
from pulsewright.quant.studies.journal import Journal
from pulsewright.quant.studies.study import Study, run_study
from pulsewright.quant.studies.sweep import ERROR

WIDTHS = (2, 3, 4, 5, 6, 7, 8)
SEEDS = (0, 1, 2)
PLAIN_BATCH = 64
TIMED_STEPS = 200
TIMED_WIDTHS = (2, 5, 8)


def plain_step_seconds(width: int) -> float:
    """Seconds of one training step as one would write it first: Brevitas, batch 64, Adam."""
    torch.set_num_threads(1)
    curves, widths = load_curves(CurveSource.SYNTHETIC), BitWidths(weights=width, activations=width)
    input_map = fit_input_map(curves, widths.code_format)
    x = torch.from_numpy(input_map.codes(curves.inputs) * widths.code_format.step).float()
    y = torch.from_numpy(curves.targets[:, None]).float()
    network = QuantisedMlp(PRESETS["A1"], widths, widths.code_format)
    network.copy_parameters(FloatMlp(PRESETS["A1"]), ScaleFit.MSE)
    calibrate(network, x)
    optimiser = torch.optim.Adam(network.parameters(), lr=0.003)
    network.train()
    start = time.perf_counter()
    for step in range(2 * TIMED_STEPS):
        if step == TIMED_STEPS:
            # The first half warms up.
            start = time.perf_counter()
        part = slice(step * PLAIN_BATCH % len(x), step * PLAIN_BATCH % len(x) + PLAIN_BATCH)
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(network(x[part]), y[part])
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return (time.perf_counter() - start) / TIMED_STEPS


def plain_seconds(workers: int) -> float:
    """Seconds that the plain loop would take for the whole sweep, calibration not counted."""
    timed = TIMED_WIDTHS * workers
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        step = sum(pool.map(plain_step_seconds, timed)) / len(timed)
    rows = len(split(load_curves(CurveSource.SYNTHETIC), SplitKind.ROWS, 0).train)
    steps = QuantisedTraining().epochs * -(-rows // PLAIN_BATCH)
    return step * steps * len(WIDTHS) ** 2 * len(SEEDS) / workers


def sweep_seconds(
    refinement: Refinement, folder: Path, workers: int, console: Console
) -> tuple[float, float, int]:
    """(seconds of the configurations, of the float networks, configurations) of our sweep."""
    grid = Grid(name="widths", weights=WIDTHS, activations=WIDTHS, refinement=(refinement,))
    curves = load_curves(CurveSource.SYNTHETIC)
    study = Study(seeds=SEEDS, grids=(grid,))
    ends: dict[str, float] = {}
    start = time.perf_counter()
    with (
        Journal.open(folder / "floats", {}) as floats,
        Journal.open(folder / f"rows_{refinement.value}", {}) as rows,
        progress_bars(console) as show,
    ):

        def progress(step: str, done: int, total: int) -> None:
            ends[step] = time.perf_counter()
            show(step, done, total)

        result = run_study(study, curves, floats, rows, ClusterOptions(workers=workers), progress)
    assert not any(ERROR in row for row in result.rows)
    float_end = ends["float networks"]
    return time.perf_counter() - float_end, float_end - start, len(result.rows)


def main() -> None:
    """Print the table."""
    console = Console()
    workers = len(os.sched_getaffinity(0))
    with console.status("timing the plain Brevitas loop"):
        plain = plain_seconds(workers)
    loop = f"plain Brevitas loop, batch {PLAIN_BATCH}, extrapolated"
    rows: list[tuple[str, int, float, float]] = [(loop, 147, plain, 1.0)]
    note = ""
    with tempfile.TemporaryDirectory() as folder:
        for refinement, name in (
            (Refinement.NONE, "ours"),
            (Refinement.LAST_TWO_LAYERS, "ours, and the search for better integers"),
        ):
            seconds, floats, count = sweep_seconds(refinement, Path(folder), workers, console)
            if refinement is Refinement.NONE:
                note = f"the float networks of the three seeds took {floats:.0f} s more"
            rows.append((name, count, seconds, plain / seconds))
    table = ResultTable(
        "sweep",
        f"A1, 49 pairs of widths, 3 seeds, 30 epochs each, {workers} processes",
        (
            words("sweep", "sweep"),
            Column("configurations", "configurations"),
            Column("seconds", "seconds", decimals(0)),
            Column("speed_up", "speed-up", decimals(0)),
        ),
        rows,
        note,
    )
    print_table(console, table)


if __name__ == "__main__":
    main()
