# SPDX-License-Identifier: Apache-2.0
"""The benches of streams, buses and jobs on the engine for piecewise-linear curves."""

from pathlib import Path

import pytest

from pulsewright.rtl.buses.registry import BUSES
from pulsewright.sim.simulators import Simulator
from tests.models import random_model
from tests.sim.designs import run_design

A1 = (6, 64, 1)
CURVES = 3


def check_jobs(
    simulator: Simulator, folder: Path, sizes: tuple[int, int, int], pulses: int, bus: str = "obi"
) -> int | None:
    """Clock cycles of the longest curve."""
    model = random_model(sizes, requantised=False, pulses=pulses, pulse_input=sizes[0] - 1)
    run = run_design(
        simulator,
        ["job_bench", "bus_bench"],
        folder,
        model,
        [(1, sizes[0]), (1, 1)],
        20,
        attachment=bus,
        piecewise_linear=True,
    )
    assert run.failures == 0, run.log.read_text()[-3000:]
    curves = run.outcomes["curve_jobs"]
    assert (curves.rows, curves.mismatches) == (CURVES * pulses, 0)
    every_row = run.outcomes["every_row"]
    assert (every_row.rows, every_row.mismatches) == (20, 0)
    return curves.clock_cycles


def test_jobs_and_rows_on_icarus(tmp_path: Path) -> None:
    check_jobs(Simulator.ICARUS, tmp_path, (4, 8, 1), 20)


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
def test_jobs_of_a1(simulator: Simulator, tmp_path: Path) -> None:
    cycles = check_jobs(simulator, tmp_path, A1, 100)
    assert cycles is not None
    # Without the reads of the bus 176; the FIFO is full for most of the curve, and each takes 3.
    assert 176 <= cycles <= 176 + 99 * 2


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.parametrize("bus", [name for name in BUSES if name != "obi"])
def test_jobs_through_every_attachment(simulator: Simulator, bus: str, tmp_path: Path) -> None:
    check_jobs(simulator, tmp_path, (5, 6, 1), 20, bus)


@pytest.mark.parametrize(
    "simulator",
    [Simulator.ICARUS, pytest.param(Simulator.VERILATOR, marks=pytest.mark.regression)],
)
def test_the_bare_engine_on_its_streams(simulator: Simulator, tmp_path: Path) -> None:
    model = random_model((6, 10, 1), requantised=False, pulses=100)
    run = run_design(
        simulator,
        "stream_bench",
        tmp_path,
        model,
        [(1, 6), (1, 1)],
        80,
        piecewise_linear=True,
    )
    assert run.failures == 0, run.log.read_text()[-3000:]
    measured = run.outcomes["back_to_back"]
    assert (measured.mismatches, measured.latency, measured.ii) == (0, 10 + 3 + 1, 10 + 3 + 2)


@pytest.mark.regression
@pytest.mark.parametrize("bench", ["pcpi_bench", "cv_x_if_bench"])
def test_instructions(bench: str, tmp_path: Path) -> None:
    model = random_model((4, 8, 1), requantised=False, pulses=20)
    folding = [(1, 4), (1, 1)]
    run = run_design(Simulator.ICARUS, bench, tmp_path, model, folding, 12, piecewise_linear=True)
    assert run.tests > 0
    assert run.failures == 0, run.log.read_text()[-3000:]
