# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import BUSES
from pulsewright.sim.simulators import Simulator
from tests.models import random_model
from tests.sim.designs import run_design

SIZES, FOLDINGS = (3, 4, 2), [(2, 2), (1, 2)]
CASES = {
    "full": {},
    "reloadable, incremental": {"incremental": True, "reloadable": True},
    "short FIFO": {"attachment_options": AttachmentOptions(fifo_depth=2)},
}


@pytest.mark.parametrize("case", CASES)
def test_every_state_meets_every_event(case: str, tmp_path: Path) -> None:
    model = random_model(SIZES, pulses=20, pulse_input=1)
    simulator = Simulator.ICARUS
    run = run_design(simulator, "queue_bench", tmp_path, model, FOLDINGS, 20, **CASES[case])
    assert (run.tests, run.failures, run.skipped) == (4, 0, 0), run.log.read_text()[-3000:]


@pytest.mark.regression
@pytest.mark.parametrize("attachment", sorted(BUSES))
@pytest.mark.parametrize("simulator", Simulator)
def test_every_bus_answers_as_documented(
    attachment: str, simulator: Simulator, tmp_path: Path
) -> None:
    model = random_model(SIZES, pulses=20, pulse_input=1)
    run = run_design(simulator, "queue_bench", tmp_path, model, FOLDINGS, 20, attachment=attachment)
    assert (run.tests, run.failures, run.skipped) == (4, 0, 0), run.log.read_text()[-3000:]


@pytest.mark.regression
@pytest.mark.parametrize("max_wait", [1, 16])
def test_bounded_waits_change_no_answer(max_wait: int, tmp_path: Path) -> None:
    model = random_model(SIZES, pulses=20, pulse_input=1)
    options = AttachmentOptions(max_wait=max_wait)
    run = run_design(
        Simulator.ICARUS, "queue_bench", tmp_path, model, FOLDINGS, 20, attachment_options=options
    )
    assert (run.tests, run.failures, run.skipped) == (4, 0, 0), run.log.read_text()[-3000:]


def test_a_curve_that_the_fifo_holds_ends_by_itself(tmp_path: Path) -> None:
    model = random_model(SIZES, pulses=12, pulse_input=1)
    run = run_design(Simulator.ICARUS, "queue_bench", tmp_path, model, FOLDINGS, 20)
    assert (run.tests, run.failures, run.skipped) == (4, 0, 1), run.log.read_text()[-3000:]


def test_without_pulses_there_are_inferences_alone(tmp_path: Path) -> None:
    run = run_design(Simulator.ICARUS, "queue_bench", tmp_path, random_model(SIZES), FOLDINGS, 20)
    assert (run.tests, run.failures, run.skipped) == (4, 0, 1), run.log.read_text()[-3000:]
