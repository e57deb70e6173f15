# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.fresh_folder import fresh_folder


def test_what_is_there_goes(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "objects"
    assert fresh_folder(folder) == folder
    (folder / "deep").mkdir()
    (folder / "deep" / "planted.d").write_text("all: ; touch planted\n")
    assert list(fresh_folder(folder).iterdir()) == []


def test_a_link_goes_and_its_target_stays(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "file").write_text("kept")
    link = tmp_path / "objects"
    link.symlink_to(target)
    assert list(fresh_folder(link).iterdir()) == []
    assert not link.is_symlink()
    assert (target / "file").read_text() == "kept"


def test_a_file_in_its_place_goes(tmp_path: Path) -> None:
    (tmp_path / "objects").write_text("")
    assert fresh_folder(tmp_path / "objects").is_dir()


def test_where_no_folder_can_be_made_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PulsewrightError, match=r"cannot empty .*objects: Not a directory; remove"):
        fresh_folder(tmp_path / "file" / "objects")
