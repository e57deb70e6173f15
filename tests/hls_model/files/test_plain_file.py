# SPDX-License-Identifier: Apache-2.0
import os
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp


def test_text_is_read_in_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\N{MICRO SIGN}s".encode("utf-8-sig"))
    assert read_plain_text(path, "utf-8-sig") == "\N{MICRO SIGN}s"


def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(OSError, match="a pipe or a device"):
            read_plain_text(path)
        with pytest.raises(PulsewrightError, match=r"cannot read model .* a pipe or a device"):
            IntegerMlp.load(path)
