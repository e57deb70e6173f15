# SPDX-License-Identifier: Apache-2.0
import errno
import os
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import (
    atomic_path,
    write_folder,
    write_new_text,
    write_text,
)


def test_text_is_written_as_utf_8_in_a_new_folder(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "file.txt"
    write_text(target, "0.9 µJ\n")
    assert target.read_bytes() == "0.9 µJ\n".encode()
    assert [path.name for path in target.parent.iterdir()] == ["file.txt"]


def test_an_earlier_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    target.write_text("a long earlier text")
    write_text(target, "new")
    assert target.read_text() == "new"


def test_the_target_is_untouched_until_the_end(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    target.write_text("earlier")
    with atomic_path(target) as temporary:
        temporary.write_text("half")
        assert target.read_text() == "earlier"
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".part"
    assert target.read_text() == "half"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, ValueError])
def test_an_error_inside_keeps_the_earlier_file_and_leaves_nothing(
    tmp_path: Path, error: type[BaseException]
) -> None:
    target = tmp_path / "file.txt"
    target.write_text("earlier")

    def half_write() -> None:
        with atomic_path(target) as temporary:
            temporary.write_text("half")
            raise error("broken off")

    with pytest.raises(error, match="broken off"):
        half_write()
    assert target.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_inside_makes_no_new_file(tmp_path: Path) -> None:
    def half_write() -> None:
        with atomic_path(tmp_path / "file.txt"):
            raise RuntimeError("broken off")

    with pytest.raises(RuntimeError, match="broken off"):
        half_write()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_keeps_the_earlier_file(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    target.write_text("earlier")

    def write_to_a_full_disk() -> None:
        with atomic_path(target) as temporary:
            temporary.write_text("half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(PulsewrightError) as raised:
        write_to_a_full_disk()
    assert str(raised.value) == (
        f"cannot write {target}: No space left on device; choose another folder or free this one"
    )
    assert target.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("path", ["file/target.txt", "file/folder/target.txt"])
def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PulsewrightError) as raised:
        write_text(tmp_path / path, "text")
    assert str(raised.value).startswith(f"cannot write {tmp_path / path}: ")
    assert str(raised.value).endswith("; choose another folder or free this one")
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_folder_where_the_file_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "inside").write_text("kept")
    with pytest.raises(PulsewrightError, match=r"cannot write .*target: "):
        write_text(tmp_path / "target", "text")
    assert (tmp_path / "target" / "inside").read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_everyone_may_read_the_file(tmp_path: Path) -> None:
    """mkstemp's files are for their owner alone; an artefact is for others too."""
    target = tmp_path / "file.txt"
    write_text(target, "text")
    assert target.stat().st_mode & 0o777 == 0o644


def test_a_folder_holds_what_was_given_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a" / "package"
    write_folder(target, {"one.txt": b"1", "deep/er/two.txt": b"2"})
    write_folder(target, {"deep/three.txt": b"3"})
    assert [path.relative_to(target).as_posix() for path in sorted(target.rglob("*"))] == [
        "deep",
        "deep/three.txt",
    ]
    assert (target / "deep" / "three.txt").read_bytes() == b"3"
    assert [path.name for path in target.parent.iterdir()] == ["package"]


def test_an_empty_folder_is_one_too(tmp_path: Path) -> None:
    write_folder(tmp_path / "package", {})
    assert list((tmp_path / "package").iterdir()) == []


@pytest.mark.parametrize("failing", ["write_bytes", "replace"])
def test_an_earlier_folder_survives_a_failure(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "package"
    write_folder(target, {"one.txt": b"1"})
    real = os.replace

    def no_space(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def new_one_fails(source: Path, destination: Path) -> None:
        if source.name == "new":
            no_space()
        real(source, destination)

    if failing == "write_bytes":
        monkeypatch.setattr(Path, "write_bytes", no_space)
    else:
        monkeypatch.setattr("pulsewright.hls_model.files.atomic_write.os.replace", new_one_fails)
    with pytest.raises(PulsewrightError, match=r"cannot write .*package: No space left on device"):
        write_folder(target, {"two.txt": b"2"})
    monkeypatch.undo()
    assert [path.name for path in target.iterdir()] == ["one.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["package"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PulsewrightError, match=r"cannot write .*package: .*choose another folder"):
        write_folder(tmp_path / "file" / "package", {})


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_users_umask_holds(tmp_path: Path, umask: int, mode: int) -> None:
    earlier = os.umask(umask)
    try:
        write_text(tmp_path / "file.txt", "mine")
        write_folder(tmp_path / "folder", {"inside.txt": b"mine"})
    finally:
        os.umask(earlier)
    for path in (tmp_path / "file.txt", tmp_path / "folder" / "inside.txt"):
        assert path.stat().st_mode & 0o777 == mode


def test_a_link_is_replaced_and_what_it_points_at_stays(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("the user's")
    (tmp_path / "result.json").symlink_to(tmp_path / "diary.txt")
    write_text(tmp_path / "result.json", "ours")
    assert (tmp_path / "diary.txt").read_text() == "the user's"
    assert (tmp_path / "result.json").read_text() == "ours"
    assert not (tmp_path / "result.json").is_symlink()


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_never_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def no_links(source: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", no_links)
    target = tmp_path / "a" / "file.txt"
    write_new_text(target, "0.9 µJ\n")
    assert target.read_bytes() == "0.9 µJ\n".encode()
    with pytest.raises(PulsewrightError, match=r"file\.txt is there already and is not"):
        write_new_text(target, "other")
    nowhere = target.with_name("link.txt")
    nowhere.symlink_to(tmp_path / "nowhere")
    with pytest.raises(PulsewrightError, match=r"link\.txt is there already"):
        write_new_text(nowhere, "other")
    assert target.read_text(encoding="utf-8") == "0.9 µJ\n"
    assert sorted(path.name for path in target.parent.iterdir()) == ["file.txt", "link.txt"]
    with pytest.raises(PulsewrightError, match="cannot write"):
        write_new_text(target / "file.txt", "in a file")
