# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from pulsewright.flow.study.table import read_table, write_table
from pulsewright.hls_model.errors import PulsewrightError

ROWS = [
    {"grids": ["a", "b"], "network": "A1", "seed": 0, "ratio": 1 / 3},
    {"grids": ["a"], "network": "12", "seed": 1, "error": "it failed"},
]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "study.parquet"
    write_table(path, ROWS)
    assert read_table(path) == [
        {**ROWS[0], "error": None},
        {"grids": ["a"], "network": "12", "seed": 1, "ratio": None, "error": "it failed"},
    ]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_table(tmp_path / name, ROWS)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_missing_and_damaged(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"cannot read the table .*run the study again"):
        read_table(tmp_path / "none.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nonsense PAR1")
    with pytest.raises(PulsewrightError, match="cannot read the table"):
        read_table(tmp_path / "bad.parquet")


def test_a_table_of_something_else(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"x": [1]}), tmp_path / "x.parquet")
    with pytest.raises(PulsewrightError, match="has version none, this release knows 1"):
        read_table(tmp_path / "x.parquet")


def test_a_full_disk(monkeypatch, tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "write_table", full)
    path = tmp_path / "study.parquet"
    with pytest.raises(PulsewrightError, match=r"No space left on device; make room and run again"):
        write_table(path, ROWS)
    assert list(tmp_path.iterdir()) == []
