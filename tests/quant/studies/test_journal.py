# SPDX-License-Identifier: Apache-2.0
import json
import os
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.studies.journal import Journal

MADE_FROM = {"data": "a", "code": "b"}


def only_file(folder: Path) -> Path:
    (path,) = folder.glob("*.jsonl")
    return path


def test_rows_are_there_again(tmp_path) -> None:
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        journal.append("one", {"mse": 0.1, "sizes": [6, 8, 1], "text": "a\nb"})
        journal.append("two", {"mse": 1 / 3})
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        assert journal.rows == {
            "one": {"mse": 0.1, "sizes": [6, 8, 1], "text": "a\nb"},
            "two": {"mse": 1 / 3},
        }


def test_the_last_row_of_a_key_counts(tmp_path) -> None:
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        journal.append("one", {"error": "worker died"})
        journal.append("one", {"mse": 0.5})
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        assert journal.rows == {"one": {"mse": 0.5}}


def test_other_data_has_another_journal(tmp_path) -> None:
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        journal.append("one", {"mse": 0.1})
    with Journal.open(tmp_path / "rows", {"data": "other", "code": "b"}) as journal:
        assert journal.rows == {}
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        assert journal.rows == {"one": {"mse": 0.1}}


@pytest.mark.parametrize("torn", [1, 5, 20])
def test_a_torn_last_line_is_dropped_and_written_over(tmp_path, torn: int) -> None:
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        journal.append("one", {"mse": 0.1})
        journal.append("two", {"mse": 0.2})
    path = only_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-torn])
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        assert journal.rows == {"one": {"mse": 0.1}}
        journal.append("three", {"mse": 0.3})
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        assert list(journal.rows) == ["one", "three"]


def test_killed_before_the_header_was_whole(tmp_path) -> None:
    Journal.open(tmp_path / "rows", MADE_FROM).close()
    path = only_file(tmp_path)
    path.write_bytes(path.read_bytes()[:3])
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        journal.append("one", {"mse": 0.1})
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        assert list(journal.rows) == ["one"]


def test_damage_before_the_last_line(tmp_path) -> None:
    with Journal.open(tmp_path / "rows", MADE_FROM) as journal:
        journal.append("one", {"mse": 0.1})
        journal.append("two", {"mse": 0.2})
    path = only_file(tmp_path)
    lines = path.read_bytes().split(b"\n")
    lines[1] = lines[1][:-4]
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(PulsewrightError, match=r"is damaged .*; move it away"):
        Journal.open(tmp_path / "rows", MADE_FROM)


def test_a_journal_of_another_version(tmp_path) -> None:
    Journal.open(tmp_path / "rows", MADE_FROM).close()
    path = only_file(tmp_path)
    path.write_text(json.dumps({"format_version": 99}) + "\n")
    with pytest.raises(PulsewrightError, match="format_version 99, this release writes 1; move it"):
        Journal.open(tmp_path / "rows", MADE_FROM)


@pytest.mark.parametrize(
    "content",
    [
        b"garbage without a newline",
        b"\n{}\n",
        b'{"format_version":1}\n{"key":"a","row":5}\n',
        b'{"format_version":1}\n{"key":"a","row":{}}\n',
        b'{"format_version":1}\n\n{"key"',
        b"\xff\xfe\n",
    ],
)
def test_what_is_no_journal_is_refused_and_stays_as_it_is(tmp_path, content: bytes) -> None:
    Journal.open(tmp_path / "rows", MADE_FROM).close()
    path = only_file(tmp_path)
    path.write_bytes(content)
    with pytest.raises(PulsewrightError, match=r"is damaged .*; move it away"):
        Journal.open(tmp_path / "rows", MADE_FROM)
    assert path.read_bytes() == content


def test_a_torn_journal_of_another_version_stays_as_it_is(tmp_path) -> None:
    Journal.open(tmp_path / "rows", MADE_FROM).close()
    path = only_file(tmp_path)
    path.write_bytes(b'{"format_version":99}\n{"a":1}\n{"torn')
    with pytest.raises(PulsewrightError, match="format_version 99"):
        Journal.open(tmp_path / "rows", MADE_FROM)
    assert path.read_bytes() == b'{"format_version":99}\n{"a":1}\n{"torn'


def test_two_runs_at_once(tmp_path) -> None:
    with (
        Journal.open(tmp_path / "rows", MADE_FROM),
        pytest.raises(PulsewrightError, match=r"another run is writing .*; wait for it"),
    ):
        Journal.open(tmp_path / "rows", MADE_FROM)


def test_a_full_disk(tmp_path, monkeypatch) -> None:
    journal = Journal.open(tmp_path / "rows", MADE_FROM)
    journal.append("one", {"mse": 0.1})
    with Path("/dev/full").open("ab") as full:
        monkeypatch.setattr(journal, "_file", full)
        with pytest.raises(
            PulsewrightError,
            match="No space left on device; make room and run again, the 1 finished rows are kept",
        ):
            journal.append("two", {"mse": 0.2})
        assert list(journal.rows) == ["one"]
        # Python would flush the unwritten line once more and fail again.
        with pytest.raises(OSError, match="No space left"):
            full.close()


def test_a_folder_that_cannot_be_made(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PulsewrightError, match=r"cannot write the journal .*; choose another"):
        Journal.open(tmp_path / "file" / "rows", MADE_FROM)


@pytest.mark.parametrize(
    "row",
    ["3", "{}", '{"a":NaN}', '{"a":[1e999]}', '{"a":{"b":[[-1e999]]}}', "[" * 5000],
)
def test_a_row_that_is_none(tmp_path, row: str) -> None:
    with Journal.open(tmp_path / "rows", {}) as journal:
        journal.append("a", {"mse": 1.0})
    path = only_file(tmp_path)
    path.write_text(path.read_text() + f'{{"key":"b","row":{row}}}\n')
    with pytest.raises(PulsewrightError, match=r"is damaged .*; move it away"):
        Journal.open(tmp_path / "rows", {})


def test_a_pipe_or_a_huge_file_in_its_place(tmp_path) -> None:
    with Journal.open(tmp_path / "rows", {}):
        pass
    path = only_file(tmp_path)
    with path.open("r+b") as file:
        file.truncate(20 << 30)
    with pytest.raises(PulsewrightError, match="it is no file, or has more than 268435456 bytes"):
        Journal.open(tmp_path / "rows", {})
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(PulsewrightError, match="is no file"):
        Journal.open(tmp_path / "rows", {})


def test_the_parameters_of_a_network_are_nested_lists(tmp_path) -> None:
    row = {"accuracy": {"test_mse": 0.5}, "state": {"weight": [[0.25, -1.0], [3.0, 2.0]]}}
    with Journal.open(tmp_path / "rows.jsonl", MADE_FROM) as journal:
        journal.append("net", row)
    with Journal.open(tmp_path / "rows.jsonl", MADE_FROM) as journal:
        assert journal.rows == {"net": row}
