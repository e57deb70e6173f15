# SPDX-License-Identifier: Apache-2.0
"""The benches of streams, buses, jobs and instructions on the engine with one multiplier."""

from pathlib import Path
from typing import Any

import pytest

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import BUSES
from pulsewright.sim.simulators import Simulator
from tests.models import random_model
from tests.sim.designs import run_design

A1 = (6, 64, 1)
CURVES = 3


def check_jobs(
    simulator: Simulator, folder: Path, sizes: tuple[int, int, int], pulses: int, **options: Any
) -> None:
    model = random_model(sizes, pulses=pulses, pulse_input=sizes[0] - 1)
    benches = ["job_bench", "bus_bench"]
    shared = {"shared_multiplier": True, **options}
    run = run_design(simulator, benches, folder, model, [], 20, **shared)
    assert run.failures == 0, run.log.read_text()[-3000:]
    curves = run.outcomes["curve_jobs"]
    assert (curves.rows, curves.mismatches) == (CURVES * pulses, 0)
    every_row = run.outcomes["every_row"]
    assert (every_row.rows, every_row.mismatches) == (20, 0)


def test_jobs_and_rows_on_icarus(tmp_path: Path) -> None:
    check_jobs(Simulator.ICARUS, tmp_path, (4, 5, 1), 12)


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
def test_jobs_of_a1(simulator: Simulator, tmp_path: Path) -> None:
    check_jobs(simulator, tmp_path, A1, 30)


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.parametrize("bus", [name for name in BUSES if name != "obi"])
def test_jobs_through_every_attachment(simulator: Simulator, bus: str, tmp_path: Path) -> None:
    check_jobs(simulator, tmp_path, (5, 6, 2), 20, attachment=bus)


@pytest.mark.parametrize(
    "simulator",
    [Simulator.ICARUS, pytest.param(Simulator.VERILATOR, marks=pytest.mark.regression)],
)
def test_the_bare_engine_on_its_streams(simulator: Simulator, tmp_path: Path) -> None:
    """11 passes of 6 + 1 steps and 3 stages."""
    model = random_model((6, 10, 1))
    run = run_design(simulator, "stream_bench", tmp_path, model, [], 60, shared_multiplier=True)
    assert run.failures == 0, run.log.read_text()[-3000:]
    measured = run.outcomes["back_to_back"]
    assert (measured.mismatches, measured.latency, measured.ii) == (0, 80, 81)


@pytest.mark.parametrize(
    "simulator",
    [Simulator.ICARUS, pytest.param(Simulator.VERILATOR, marks=pytest.mark.regression)],
)
def test_inferences_alone(simulator: Simulator, tmp_path: Path) -> None:
    """The smallest coprocessor there is."""
    model = random_model((4, 5, 1))
    options = AttachmentOptions(jobs="infer")
    run = run_design(
        simulator,
        "bus_bench",
        tmp_path,
        model,
        [],
        20,
        shared_multiplier=True,
        attachment_options=options,
    )
    assert run.failures == 0, run.log.read_text()[-3000:]
    every_row = run.outcomes["every_row"]
    assert (every_row.rows, every_row.mismatches) == (20, 0)


@pytest.mark.regression
@pytest.mark.parametrize("bench", ["pcpi_bench", "cv_x_if_bench"])
def test_instructions(bench: str, tmp_path: Path) -> None:
    model = random_model((4, 8, 1), pulses=20)
    run = run_design(Simulator.ICARUS, bench, tmp_path, model, [], 12, shared_multiplier=True)
    assert run.tests > 0
    assert run.failures == 0, run.log.read_text()[-3000:]
