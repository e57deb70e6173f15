# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.files import made_here
from pulsewright.hls_model.files.made_here import is_made_here, note_made


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "pulsewright" / "made"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program"
    path.write_bytes(b"made")
    return path


def test_only_what_was_noted_is_made_here(state: Path, program: Path) -> None:
    assert not is_made_here(program, "source")
    note_made(program, "source")
    assert is_made_here(program, "source")
    assert not is_made_here(program, "another source")
    assert state.stat().st_mode & 0o777 == 0o700


def test_a_file_that_was_changed_or_is_gone_is_not(state: Path, program: Path) -> None:
    note_made(program, "source")
    program.write_bytes(b"Made")
    assert not is_made_here(program, "source")
    program.write_bytes(b"made")
    assert is_made_here(program, "source")
    program.unlink()
    assert not is_made_here(program, "source")


def test_notes_that_others_can_write_count_for_nothing(state: Path, program: Path) -> None:
    note_made(program, "source")
    for mode in (0o770, 0o702, 0o777):
        state.chmod(mode)
        assert not is_made_here(program, "source")
    state.chmod(0o700)
    assert is_made_here(program, "source")


def test_nor_do_those_behind_a_link(state: Path, program: Path, tmp_path: Path) -> None:
    note_made(program, "source")
    state.rename(tmp_path / "elsewhere")
    state.symlink_to(tmp_path / "elsewhere")
    assert not is_made_here(program, "source")


def test_without_a_place_for_notes_nothing_is_noted(
    tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    note_made(program, "source")
    assert not is_made_here(program, "source")


def test_a_user_without_a_home_has_no_notes(
    tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(made_here, "user_state_path", lambda *_, **__: Path("~/.local/state"))
    note_made(program, "source")
    assert not is_made_here(program, "source")
    assert list(tmp_path.iterdir()) == [program]


def test_the_oldest_notes_are_forgotten(
    state: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_here, "MOST_NOTES", 3)
    for number in range(6):
        note_made(program, str(number))
    assert len(list(state.iterdir())) == 3
    assert is_made_here(program, "5")
