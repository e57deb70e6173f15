# SPDX-License-Identifier: Apache-2.0
"""The program of a board's host, as it is delivered, on a real serial port."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pulsewright.firmware.host import pulsewright_board
from pulsewright.flow.steps.board import expected_rows, rows_text
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.rtl.uart.host_image import host_image
from tests.firmware.board_model import BoardModel, connected
from tests.models import random_codes, random_model

MODEL = random_model((6, 5, 2))
IMAGE: dict[str, Any] = {
    **host_image(compile_register_map(MODEL), MODEL),
    "baud": 115_200,
    "timeout_seconds": 0.3,
}
ROWS = 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An image without its bitstream."""
    shutil.copy(pulsewright_board.__file__, tmp_path)
    (tmp_path / "image.json").write_text(json.dumps(IMAGE))
    rows = expected_rows(MODEL, random_codes(MODEL, ROWS))
    (tmp_path / "rows.csv").write_text(rows_text(rows))
    return tmp_path


def host(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run as its users do: nothing of ours can be imported."""
    script = folder / "pulsewright_board.py"
    return subprocess.run(
        [sys.executable, script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )


def test_rows_are_sent_and_compared(folder: Path) -> None:
    board = BoardModel(IMAGE, MODEL)
    with connected(board) as port:
        run = host(folder, "--port", port)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(f"{ROWS} inferences in ")
    assert run.stdout.endswith(", 0 mismatches, 0 requests repeated\n")
    assert board.jobs == ROWS


def test_results_that_differ_end_with_1(folder: Path) -> None:
    with connected(BoardModel(IMAGE, MODEL, wrong_rows=3)) as port:
        run = host(folder, "--port", port)
    assert run.returncode == 1
    assert ", 3 mismatches, the first is row 0, " in run.stdout


def test_a_lost_answer_costs_a_repetition_and_no_second_job(folder: Path) -> None:
    board = BoardModel(IMAGE, MODEL, lost_answers=(0, 9, 30))
    with connected(board) as port:
        run = host(folder, "--port", port)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.endswith(" 0 mismatches, 2 requests repeated\n")
    assert board.jobs == ROWS


def test_a_board_with_another_model_is_refused(folder: Path) -> None:
    other = {**IMAGE, "constants": {**IMAGE["constants"], "MODEL_DIGEST": (0x34, 7)}}
    with connected(BoardModel(other, MODEL)) as port:
        run = host(folder, "--port", port)
    assert run.returncode == 2
    assert "the board has MODEL_DIGEST = 0x00000007, this image 0x" in run.stderr


def test_what_cannot_be_tried_ends_with_2_and_a_sentence(folder: Path) -> None:
    for name, text in (
        ("none.csv", None),
        ("head.csv", "a,b\n1,2\n"),
        ("empty.csv", "input_0,expected_0\n"),
        ("words.csv", "input_0,expected_0\n1,x\n"),
        ("short.csv", "input_0,expected_0\n1\n"),
        ("range.csv", "input_0,expected_0\n900,1\n"),
    ):
        if text is not None:
            (folder / name).write_text(text)
        run = host(folder, "--port", "/dev/null", "--rows", folder / name)
        assert run.returncode == 2, name
        assert run.stderr.startswith("pulsewright_board: "), name
        assert "--rows" in run.stderr, name
    run = host(folder, "--port", folder / "no port")
    assert run.returncode == 2
    assert run.stderr.startswith(f"pulsewright_board: cannot open --port {folder}/no port: ")


def test_a_line_that_is_never_silent_is_told() -> None:
    class Noise:
        def write(self, data: bytes) -> None:
            pass

        def read(self, size: int = 1) -> bytes:
            return b"x" * size

    with pytest.raises(pulsewright_board.BoardError, match="the line is never silent"):
        pulsewright_board.compare_on_board(Noise(), IMAGE, [])


def test_a_board_that_is_silent_is_told(folder: Path) -> None:
    (folder / "image.json").write_text(json.dumps({**IMAGE, "timeout_seconds": 0.02}))
    with connected(None) as port:
        run = host(folder, "--port", port)
    assert run.returncode == 2
    assert "the board does not answer, after 5 attempts; look at port and baud" in run.stderr
