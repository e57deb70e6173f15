# SPDX-License-Identifier: Apache-2.0
"""The code of docs/import.md runs as it stands there, on files of a kind that it names."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pulsewright as pw
from tests.hls_model.quantised_onnx.made_files import onnxruntime_file

PAGE = Path(__file__).parents[3] / "docs" / "import.md"


def test_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    onnxruntime_file(tmp_path, "int8_symmetric").rename(tmp_path / "net.onnx")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 1
    names: dict[str, Any] = {"np": np}
    for block in blocks:
        exec(compile(block, "docs/import.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "[16, 12, 8, 5]" in printed.replace("(", "[").replace(")", "]")


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"output": "softmax"}, "output = 'softmax'; choose accumulator, code, argmax"),
        ({"input_format": "16"}, "input_format = '16'; give s or u"),
    ],
)
def test_choices_that_there_are_not_are_refused(
    tmp_path: Path, choices: dict[str, str], words: str
) -> None:
    with pytest.raises(pw.PulsewrightError, match=words):
        pw.import_model(tmp_path / "net.onnx", **choices)
