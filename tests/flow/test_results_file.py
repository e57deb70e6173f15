# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from pydantic import BaseModel

from pulsewright.flow.results_file import left_result, load_result
from pulsewright.hls_model.errors import PulsewrightError


class Measured(BaseModel):
    rows: int


def test_a_result_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"rows": 3}')
    assert load_result(tmp_path / "a.json", Measured) == Measured(rows=3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not JSON"),
        ('{"rows": "many"}', "rows = 'many'; give a whole number"),
        ("[" * 10_000, "recursion limit"),
        ("\xff", "it is not JSON"),
    ],
)
def test_a_result_that_is_none(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(PulsewrightError, match=rf"cannot read the result .*{reason}.*; remove it"):
        load_result(tmp_path / "a.json", Measured)


def test_no_file_a_device_and_a_sparse_file(tmp_path: Path) -> None:
    sparse = tmp_path / "sparse.json"
    with sparse.open("wb") as file:
        file.truncate(20 << 30)
    for path in (tmp_path / "none.json", Path("/dev/zero"), sparse):
        with pytest.raises(PulsewrightError, match="cannot read the result"):
            load_result(path, Measured)


def test_what_an_earlier_version_left_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert left_result(path, Measured) is None
    path.write_text('{"columns": 3}')
    assert left_result(path, Measured) is None
    path.write_text('{"rows": 3}')
    assert left_result(path, Measured) == Measured(rows=3)
