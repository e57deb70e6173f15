# SPDX-License-Identifier: Apache-2.0
import re

import pytest

from pulsewright.synth.boards.board import BOARDS, ICEBREAKER, Board
from pulsewright.synth.boards.board_top import board_top
from pulsewright.synth.boards.serial_timing import serial_timing


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_its_ports_are_the_pins_of_the_board(board: Board) -> None:
    text = board_top("top", "core", board, serial_timing(115_200, board.hertz, board.name))
    ports = re.findall(r"^  (?:input|output) wire (\w+),?$", text, re.M)
    assert sorted(ports) == sorted(pin.port for pin in board.pins)
    assert f"  parameter BIT_CYCLES = {round(board.hertz / 115_200)}," in text


def test_pins_that_are_low_when_pressed_or_lit_are_turned_round() -> None:
    text = board_top("top", "core", ICEBREAKER, serial_timing(9600, 12_000_000, "board"))
    assert "assign lamp_no = ~listening;" in text
    assert "pressed <= {pressed[0], ~button_ni};" in text
