# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.boards.board import BOARDS, ICEBREAKER, ULX3S, known_board


def test_boards_are_known_by_their_names() -> None:
    assert known_board("ulx3s") is ULX3S
    assert known_board("icebreaker") is ICEBREAKER
    with pytest.raises(PulsewrightError, match="--board 'arty' is unknown; choose one of ulx3s, "):
        known_board("arty")


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_no_pin_and_no_port_is_there_twice(board: object) -> None:
    pins = board.pins  # type: ignore[attr-defined]
    assert len({pin.site for pin in pins}) == len({pin.port for pin in pins}) == len(pins)
