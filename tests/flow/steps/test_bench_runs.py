# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.steps.bench_runs import benches, simulation_result
from pulsewright.sim.bench_files import BenchOutcome
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.runner import BenchRun
from pulsewright.sim.simulators import Simulator


def run(folder: Path, failures: int, **outcomes: BenchOutcome) -> BenchRun:
    return BenchRun(
        tests=4,
        failures=failures,
        skipped=0,
        junit=folder / "results.xml",
        log=folder / "simulation.log",
        outcomes={Measurement(name): outcome for name, outcome in outcomes.items()},
    )


def test_each_figure_comes_from_the_bench_that_measures_it(tmp_path: Path) -> None:
    rows = BenchOutcome(rows=10, mismatches=2, first_mismatch="row 3", clock_cycles=250)
    curve = BenchOutcome(mismatches=1, clock_cycles=810, read_cycles=2)
    timed = BenchOutcome(ii=8, latency=16)
    # The bare engine has a test of that name too, which is not through the bus.
    other = BenchOutcome(rows=99, clock_cycles=99)
    runs = {
        "engine": run(tmp_path / "engine", 0, back_to_back=timed, every_row=other),
        "apb": run(tmp_path / "apb", 2, every_row=rows, curve_jobs=curve),
    }
    found = simulation_result(runs, "apb", Simulator.ICARUS, tmp_path)
    assert (found.rows, found.mismatches, found.first_mismatch) == (10, 3, "row 3")
    assert (found.ii, found.latency, found.curve_cycles, found.read_cycles) == (8, 16, 810, 2)
    assert (found.tests, found.failures, found.cycles_per_inference) == (8, 2, 25)


@pytest.mark.parametrize("lost", ["engine", "obi"])
def test_a_bench_without_its_measurement_is_an_error_that_names_the_logs(
    lost: str, tmp_path: Path
) -> None:
    outcomes = {"engine": "back_to_back", "obi": "every_row"}
    runs = {
        name: run(tmp_path / name, 1, **({} if name == lost else {outcome: BenchOutcome(rows=1)}))
        for name, outcome in outcomes.items()
    }
    assert runs.keys() == benches("obi").keys()
    with pytest.raises(VerificationError, match=r"early on icarus.*engine/simulation\.log.*obi"):
        simulation_result(runs, "obi", Simulator.ICARUS, tmp_path)
