# SPDX-License-Identifier: Apache-2.0
import shutil
import tempfile
from collections import namedtuple
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.full_disk import check_room

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize("full", ["build", "temporary"])
def test_the_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: Usage(9, 9, 0 if Path(path).name == full else 1 << 30)
    )
    with pytest.raises(PulsewrightError) as raised:
        check_room(tmp_path / "build")
    assert str(raised.value).startswith(f"the disk of {tmp_path / full} is full (0 bytes are free)")
    assert "; make room there" in str(raised.value)


def test_where_there_is_room_or_no_place_nothing_is_said(tmp_path: Path) -> None:
    check_room(tmp_path, tmp_path / "none")
