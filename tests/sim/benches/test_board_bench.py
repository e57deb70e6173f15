# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.sim.simulators import Simulator
from pulsewright.synth.boards.board import ICEBREAKER, ULX3S, Board
from tests.models import changed, random_codes, random_model
from tests.sim.boards.board_designs import run_board

SMALL = (3, 4, 2), [(2, 3), (1, 2)]
TINY = (6, 5, 3, 1), [(5, 1), (3, 1), (1, 1)]
A1 = (6, 64, 1), [(8, 6), (1, 8)]
TESTS = {
    *("every_row", "disturbed_line", "broken_bytes", "refused_accesses", "button_in_mid_row"),
}


@pytest.mark.parametrize(
    ("simulator", "board"),
    [
        (Simulator.ICARUS, ULX3S),
        *(
            pytest.param(*case, marks=pytest.mark.regression)
            for case in (
                (Simulator.VERILATOR, ICEBREAKER),
                (Simulator.ICARUS, ICEBREAKER),
                (Simulator.VERILATOR, ULX3S),
            )
        ),
    ],
    ids=lambda one: getattr(one, "name", str(one)),
)
def test_a_host_gets_right_results_whatever_the_line_does(
    simulator: Simulator, board: Board, tmp_path: Path
) -> None:
    model = random_model(SMALL[0])
    codes = random_codes(model, 6)
    run = run_board(simulator, board, tmp_path, model, SMALL[1], codes)
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-3000:]
    for name in ("every_row", "disturbed_line"):
        assert (run.outcomes[name].rows, run.outcomes[name].mismatches) == (6, 0)


@pytest.mark.regression
def test_a_wrong_weight_is_found(tmp_path: Path) -> None:
    model = random_model(SMALL[0])
    weights = model.layers[0].weights.copy()
    weights[0, 0] ^= 1
    other = changed(model, layers=(changed(model.layers[0], weights=weights), *model.layers[1:]))
    codes = random_codes(model, 6)
    run = run_board(Simulator.ICARUS, ULX3S, tmp_path, model, SMALL[1], codes, reference=other)
    assert run.failures >= 1


@pytest.mark.regression
@pytest.mark.parametrize(("shape", "rows"), [(TINY, 1000), (A1, 1000)], ids=["tiny", "A1"])
def test_a_thousand_rows_through_the_serial_line(
    shape: tuple[tuple[int, ...], list[tuple[int, int]]], rows: int, tmp_path: Path
) -> None:
    model = random_model(shape[0], per_channel=True)
    codes = random_codes(model, rows)
    run = run_board(Simulator.VERILATOR, ULX3S, tmp_path, model, shape[1], codes)
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-3000:]
    assert (run.outcomes["every_row"].rows, run.outcomes["every_row"].mismatches) == (rows, 0)
    assert run.outcomes["disturbed_line"].rows == 40


@pytest.mark.regression
@pytest.mark.parametrize("kind", ["reloadable", "windows"])
def test_loaded_weights_and_windows_are_reached_as_well(kind: str, tmp_path: Path) -> None:
    reloadable = kind == "reloadable"
    # So many inputs are in a window, 32 of them in a word.
    model = (
        random_model((6, 4, 1))
        if reloadable
        else random_model((130, 3, 2), input_width=1, signed_inputs=False)
    )
    foldings = [(4, 6), (1, 4)] if reloadable else [(1, 10), (1, 3)]
    codes = random_codes(model, 4)
    run = run_board(
        Simulator.ICARUS, ICEBREAKER, tmp_path, model, foldings, codes, reloadable=reloadable
    )
    assert run.failures == 0, run.log.read_text()[-3000:]
    assert run.outcomes["every_row"].rows == 4
