# SPDX-License-Identifier: Apache-2.0
import csv
from pathlib import Path

import numpy as np
import pytest

from pulsewright.flow.report.csv_tables import csv_text, write_csv_tables
from pulsewright.hls_model.errors import PulsewrightError


def test_fractions_have_six_digits_and_all_else_is_as_it_is() -> None:
    lines = [
        {"name": "a, b", "count": 12345678, "error": 1 / 3},
        {"name": 'say "c"', "count": np.int64(7), "error": np.float32(0.25)},
        {"name": "", "count": None, "error": np.float64(1e-9)},
    ]
    text = csv_text(lines)
    assert text.splitlines()[1] == '"a, b",12345678,0.333333'
    assert list(csv.reader(text.splitlines())) == [
        ["name", "count", "error"],
        ["a, b", "12345678", "0.333333"],
        ['say "c"', "7", "0.25"],
        ["", "", "1e-09"],
    ]


def test_each_table_is_a_file(tmp_path: Path) -> None:
    paths = write_csv_tables({"one.csv": [{"x": 1}], "none.csv": []}, tmp_path)
    assert paths == [tmp_path / "one.csv", tmp_path / "none.csv"]
    assert paths[0].read_text() == "x\n1\n"
    assert paths[1].read_text() == "\n"


def test_a_line_of_other_columns_is_none_of_the_table() -> None:
    with pytest.raises(ValueError, match="y"):
        csv_text([{"x": 1}, {"y": 2}])


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.touch()
    with pytest.raises(PulsewrightError, match="file"):
        write_csv_tables({"one.csv": [{"x": 1}]}, folder)
