# SPDX-License-Identifier: Apache-2.0
import os
import threading
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files import plain_file
from pulsewright.hls_model.files.plain_file import read_plain_bytes, read_plain_text
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp


def test_text_is_read_in_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\N{MICRO SIGN}s".encode("utf-8-sig"))
    assert read_plain_text(path, 100, "utf-8-sig") == "\N{MICRO SIGN}s"


def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(OSError, match="a pipe or a device"):
            read_plain_text(path, 100)
        with pytest.raises(PulsewrightError, match=r"cannot read model .* a pipe or a device"):
            IntegerMlp.load(path)


def write_into(pipe: Path, data: bytes) -> threading.Thread:
    writer = threading.Thread(target=pipe.write_bytes, args=(data,), daemon=True)
    writer.start()
    return writer


def test_a_pipe_is_read_once_where_the_caller_allows_it(tmp_path: Path) -> None:
    pipe, data = tmp_path / "pipe.csv", bytes(range(256)) * 1000
    os.mkfifo(pipe)
    writer = write_into(pipe, data)
    assert read_plain_bytes(pipe, len(data), from_pipe=True) == data
    writer.join()
    inlet, outlet = os.pipe()
    os.write(outlet, b"through a shell")
    os.close(outlet)
    assert read_plain_bytes(Path(f"/dev/fd/{inlet}"), 100, from_pipe=True) == b"through a shell"
    os.close(inlet)


def test_a_pipe_that_says_too_much_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    write_into(pipe, bytes(1001))
    with pytest.raises(OSError, match="at most 1000 are read"):
        read_plain_bytes(pipe, 1000, from_pipe=True)
    monkeypatch.setattr(plain_file, "PATIENCE_SECONDS", 0.01)
    # Another one: the writer of the first may not have noticed yet that nobody reads.
    silent = tmp_path / "silent.csv"
    os.mkfifo(silent)
    with pytest.raises(OSError, match="Nothing came through the pipe"):
        read_plain_bytes(silent, 1000, from_pipe=True)
    with pytest.raises(OSError, match="a pipe or a device"):
        read_plain_bytes(Path("/dev/zero"), 1000, from_pipe=True)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(20 << 30)
    with pytest.raises(OSError, match="It has 21474836480 bytes, at most 1000 are read"):
        read_plain_bytes(sparse, 1000)
    sparse.write_bytes(bytes(1000))
    assert read_plain_bytes(sparse, 1000) == bytes(1000)
    # It tells no size.
    with pytest.raises(OSError, match="at most 10 are read"):
        read_plain_bytes(Path("/proc/self/status"), 10)


def test_names_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="null character"):
        read_plain_bytes(tmp_path / "a\0b", 10)
    with pytest.raises(IsADirectoryError):
        read_plain_bytes(tmp_path, 10)
