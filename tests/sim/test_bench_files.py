# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from pulsewright.sim.bench_files import FOLDER_VARIABLE, BenchFolder, BenchInputs, BenchOutcome
from tests.models import fold_model, random_codes, random_model

MODEL = random_model((3, 4, 2))
FOLDED = fold_model(MODEL, [(2, 3), (1, 2)])
CODES = random_codes(MODEL, 5)
OUTCOME = BenchOutcome(
    rows=5, mismatches=1, first_mismatch="row 3", clock_cycles=99, ii=4, latency=17
)


@pytest.fixture
def files(tmp_path: Path) -> BenchFolder:
    files = BenchFolder(tmp_path / "new" / "sim")
    files.prepare(BenchInputs(MODEL, FOLDED, CODES, "apb"))
    return files


def test_the_bench_reads_what_was_prepared(files: BenchFolder) -> None:
    assert files.model().to_json() == MODEL.to_json()
    assert files.folded() == FOLDED
    assert np.array_equal(files.codes(), CODES)
    assert files.codes().dtype == CODES.dtype
    assert files.attachment() == "apb"
    assert files.progress() == 0
    assert files.outcomes() == {}


def test_the_folder_is_named_by_the_environment(
    files: BenchFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(files.folder))
    assert BenchFolder.from_environment().folder == files.folder


def test_outcomes_are_read_by_the_name_of_their_test(files: BenchFolder) -> None:
    other = BenchOutcome(rows=2)
    files.write_outcome("every_row", OUTCOME)
    files.write_outcome("back_to_back", other)
    assert files.outcomes() == {"every_row": OUTCOME, "back_to_back": other}


def test_outcomes_of_an_earlier_run_are_removed(files: BenchFolder) -> None:
    files.write_outcome("every_row", OUTCOME)
    files.report_progress(77)
    files.prepare(BenchInputs(MODEL, FOLDED, CODES))
    assert files.attachment() == "obi"
    assert files.outcomes() == {}
    assert files.progress() == 0


def test_progress_is_what_was_told_last(files: BenchFolder) -> None:
    for rows in (0, 100, 26600):
        files.report_progress(rows)
        assert files.progress() == rows


@pytest.mark.parametrize("text", ["", "12x", "half"])
def test_a_half_written_progress_is_none(files: BenchFolder, text: str) -> None:
    (files.folder / "progress").write_text(text)
    assert files.progress() == 0


def test_a_missing_progress_is_none(tmp_path: Path) -> None:
    assert BenchFolder(tmp_path / "none").progress() == 0


def test_an_outcome_starts_with_nothing_measured() -> None:
    empty = BenchOutcome()
    assert (empty.rows, empty.mismatches, empty.first_mismatch) == (0, 0, None)
    assert (empty.ii, empty.latency) == (None, None)
    with pytest.raises(ValidationError, match="speed"):
        BenchOutcome(speed=3)


def test_codes_that_need_unpickling_are_refused(files: BenchFolder) -> None:
    np.save(files.folder / "codes.npy", np.array([{}]), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle"):
        files.codes()
