# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.sim.simulators import Simulator
from tests.pulse_models import pulse_model
from tests.sim.designs import Foldings, run_design

TESTS = {
    *("every_row", "steps", "any_program", "a_gated_clock", "reset_in_mid_instruction"),
    *("one_after_the_other", "operands_that_are_needed"),
}
SMALL = (6, 8, 1), [(2, 6), (1, 2)]
A1 = (6, 64, 1), [(8, 6), (1, 8)]


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize(
    ("simulator", "case", "attachment"),
    [
        (Simulator.ICARUS, SMALL, "cv_x_if"),
        (Simulator.ICARUS, SMALL, "cv_x_if_v1"),
        *(
            pytest.param(simulator, case, attachment, marks=pytest.mark.regression)
            for simulator, case in (
                (Simulator.VERILATOR, SMALL),
                (Simulator.ICARUS, A1),
                (Simulator.VERILATOR, A1),
            )
            for attachment in ("cv_x_if", "cv_x_if_v1")
        ),
    ],
)
def test_one_instruction_makes_an_exact_inference(
    simulator: Simulator, case: tuple[tuple[int, ...], Foldings], attachment: str, tmp_path: Path
) -> None:
    sizes, foldings = case
    model = pulse_model(sizes)
    run = run_design(
        simulator, "cv_x_if_bench", tmp_path, model, foldings, 60, attachment=attachment
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
    every_row = run.outcomes["every_row"]
    assert (every_row.rows, every_row.mismatches) == (60, 0)


@pytest.mark.regression
@pytest.mark.parametrize(
    ("id_bits", "attachment"), [(3, "cv_x_if"), (7, "cv_x_if"), (3, "cv_x_if_v1")]
)
def test_identifiers_are_as_wide_as_those_of_the_core(
    id_bits: int, attachment: str, tmp_path: Path
) -> None:
    """The driver counts instructions by them, and the rules look up every result's."""
    model = pulse_model((3, 4, 1))
    run = run_design(
        Simulator.ICARUS,
        "cv_x_if_bench",
        tmp_path,
        model,
        [(2, 3), (1, 2)],
        30,
        attachment=attachment,
        attachment_options=AttachmentOptions(id_bits=id_bits),
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
    assert f"input wire [{id_bits - 1}:0] x_issue_req_id_i," in (tmp_path / "pulse.v").read_text()


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
def test_a_step_of_an_incremental_engine_computes_what_changed(
    simulator: Simulator, tmp_path: Path
) -> None:
    model = pulse_model((6, 8, 1), lane=1)
    options = {"incremental": True, "reloadable": True}
    run = run_design(simulator, "cv_x_if_bench", tmp_path, model, [(2, 1), (1, 2)], 30, **options)
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.parametrize(
    ("sizes", "foldings", "parts"),
    [
        ((6, 8, 1), [(2, 6), (1, 2)], {"lane": 5}),
        ((3, 4, 1), [(2, 3), (1, 2)], {"lane": 2}),
        ((3, 8, 3), [(3, 2), (2, 4)], {"lane": 1, "input_width": 12}),
        ((8, 4, 1), [(2, 3), (1, 2)], {"lane": 4, "input_width": 5, "requantised": False}),
    ],
)
def test_other_networks_are_exact_through_instructions(
    simulator: Simulator,
    sizes: tuple[int, ...],
    foldings: Foldings,
    parts: dict[str, object],
    tmp_path: Path,
) -> None:
    model = pulse_model(sizes, **parts)
    run = run_design(simulator, "cv_x_if_bench", tmp_path, model, foldings, 100)
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
