# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.sim.scoreboard import Scoreboard
from tests.hls_model.exact_reference import model_output
from tests.models import random_codes, random_model

# Linear, so that every row has outputs of its own.
MODEL = random_model((3, 2))
CODES = random_codes(MODEL, 5)
EXPECTED = model_output(MODEL, CODES)


def board() -> Scoreboard:
    return Scoreboard(MODEL, CODES)


def test_right_results_in_order_are_no_mismatch() -> None:
    scoreboard = board()
    for outputs in EXPECTED:
        scoreboard.check(outputs)
    scoreboard.finish()
    assert (scoreboard.rows, scoreboard.mismatches, scoreboard.first_mismatch) == (5, 0, None)


@pytest.mark.parametrize("row", range(5))
@pytest.mark.parametrize("output", range(2))
@pytest.mark.parametrize("change", [1, -1, 2**20])
def test_a_wrong_output_is_found_and_told(row: int, output: int, change: int) -> None:
    scoreboard = board()
    for number, outputs in enumerate(EXPECTED):
        observed = list(outputs)
        if number == row:
            observed[output] += change
            wrong = observed
        scoreboard.check(observed)
    scoreboard.finish()
    assert scoreboard.mismatches == 1
    assert scoreboard.first_mismatch == (
        f"row {row}: inputs {CODES[row].tolist()}, expected {EXPECTED[row]}, got {wrong}"
    )


@pytest.mark.parametrize("results", range(5))
def test_missing_results_are_found(results: int) -> None:
    scoreboard = board()
    for outputs in EXPECTED[:results]:
        scoreboard.check(outputs)
    assert scoreboard.mismatches == 0
    scoreboard.finish()
    assert scoreboard.mismatches == 5 - results
    assert scoreboard.first_mismatch == f"row {results}: no result"


def test_a_result_too_many_is_found() -> None:
    scoreboard = board()
    for outputs in [*EXPECTED, EXPECTED[0]]:
        scoreboard.check(outputs)
    scoreboard.finish()
    assert (scoreboard.rows, scoreboard.mismatches) == (6, 1)
    assert scoreboard.first_mismatch == (f"row 5: inputs None, expected None, got {EXPECTED[0]}")


def test_swapped_rows_are_found() -> None:
    scoreboard = board()
    assert len({tuple(outputs) for outputs in EXPECTED}) == 5
    for row in (0, 2, 1, 3, 4):
        scoreboard.check(EXPECTED[row])
    scoreboard.finish()
    assert scoreboard.mismatches == 2


def test_a_dropped_result_is_found_though_the_rest_is_right() -> None:
    scoreboard = board()
    for row in (0, 1, 3, 4):
        scoreboard.check(EXPECTED[row])
    scoreboard.finish()
    assert scoreboard.mismatches >= 2


@pytest.mark.parametrize("observed", [[], EXPECTED[0][:1], [*EXPECTED[0], 0]])
def test_too_few_or_too_many_outputs_are_found(observed: list[int]) -> None:
    scoreboard = board()
    scoreboard.check(observed)
    assert scoreboard.mismatches == 1


def test_only_the_first_mismatch_is_kept() -> None:
    scoreboard = board()
    for outputs in EXPECTED:
        scoreboard.check([value + 1 for value in outputs])
    assert scoreboard.mismatches == 5
    assert scoreboard.first_mismatch is not None
    assert scoreboard.first_mismatch.startswith("row 0:")
