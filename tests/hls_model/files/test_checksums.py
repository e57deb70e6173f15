# SPDX-License-Identifier: Apache-2.0
import subprocess
from pathlib import Path

import pytest

from pulsewright.hls_model.files.atomic_write import write_folder
from pulsewright.hls_model.files.checksums import CHECKSUMS, is_intact, with_checksums

CONTENTS = {"b.txt": b"bb", "a/c d.bin": b"\0\xff"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "package", with_checksums(CONTENTS))
    return tmp_path / "package"


def test_the_checksums_are_those_of_sha256sum(folder: Path) -> None:
    run = subprocess.run(
        ["sha256sum", "--strict", "-c", CHECKSUMS],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, "a/c d.bin: OK\nb.txt: OK\n")


def test_a_folder_as_it_was_made_is_intact(folder: Path) -> None:
    assert is_intact(folder)
    (folder / "more.txt").write_text("a user's own file")
    assert is_intact(folder)


@pytest.mark.parametrize("path", [*CONTENTS, CHECKSUMS])
def test_a_missing_file_is_seen(folder: Path, path: str) -> None:
    (folder / path).unlink()
    assert not is_intact(folder)


@pytest.mark.parametrize("path", CONTENTS)
def test_a_changed_file_is_seen(folder: Path, path: str) -> None:
    (folder / path).write_bytes(CONTENTS[path] + b" ")
    assert not is_intact(folder)


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"no digest"])
def test_checksums_that_are_none_are_seen(folder: Path, text: bytes) -> None:
    (folder / CHECKSUMS).write_bytes(text)
    assert not is_intact(folder)


def test_no_folder_is_not_intact(tmp_path: Path) -> None:
    assert not is_intact(tmp_path / "nothing")
