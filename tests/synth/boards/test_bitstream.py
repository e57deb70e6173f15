# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.boards.bitstream import make_bitstream
from pulsewright.synth.boards.board import ICEBREAKER, ULX3S, Board
from pulsewright.synth.fpga.targets import Resource

NOTHING = {Resource.LUT: 0, Resource.FLIP_FLOP: 0, Resource.DSP: 0, Resource.BLOCK_RAM: 0}


def echo(board: Board) -> str:
    """A counter and a line that comes back, on the ports of a board."""
    ones = "".join(f", output {pin.port}" for pin in board.ones)
    assigned = "".join(f" assign {pin.port} = 1'b1;" for pin in board.ones)
    return f"""
module echo (
    input clk_i, input {board.button.port}, input uart_rx_i, output reg uart_tx_o,
    output reg {board.lamp.port}{ones}
);
    reg [7:0] count;
   {assigned}
    always @(posedge clk_i) begin
        count <= count + 1'b1;
        uart_tx_o <= uart_rx_i;
        {board.lamp.port} <= count[7] ^ {board.button.port};
    end
endmodule
"""


@pytest.mark.parametrize(
    ("board", "suffix", "mark"),
    [
        # The preamble of every iCE40 bitstream, and the comment in front of an ECP5's.
        (ICEBREAKER, ".bin", bytes.fromhex("7eaa997e")),
        pytest.param(ULX3S, ".bit", b"LFE5U-85F-6CABGA381", marks=pytest.mark.regression),
    ],
    ids=["icebreaker", "ulx3s"],
)
def test_a_bitstream_is_made_on_the_pins_of_the_board(
    board: Board, suffix: str, mark: bytes, tmp_path: Path
) -> None:
    placed = []
    made = make_bitstream(echo(board), "echo", board, (5, 6), tmp_path, lambda: placed.append(1))
    content = (tmp_path / made.file).read_bytes()
    assert made.file == f"echo{suffix}"
    assert made.size == len(content) > 1000
    assert mark in content[:200]
    assert made.resources.flip_flops == 10
    assert (made.seed, len(placed), made.multipliers_in_logic) == (5, 1, False)
    assert made.megahertz > board.megahertz


def test_what_does_not_fit_is_told_with_its_cells(tmp_path: Path) -> None:
    small = replace(ICEBREAKER, capacity={**NOTHING, Resource.FLIP_FLOP: 9, Resource.LUT: 5000})
    with pytest.raises(
        PulsewrightError, match=r"echo does not fit iCEBreaker .*, it takes 10 FF of 9; fold"
    ):
        make_bitstream(echo(small), "echo", small, (1,), tmp_path)
    assert not list(tmp_path.glob("*.asc"))


@pytest.mark.regression
def test_a_clock_that_is_not_met_is_told_and_makes_no_bitstream(tmp_path: Path) -> None:
    fast = replace(ICEBREAKER, hertz=900_000_000)
    with pytest.raises(PulsewrightError, match=r"echo reaches [\d.]+ MHz in the best of 1 plac"):
        make_bitstream(echo(fast), "echo", fast, (1,), tmp_path)
    assert not list(tmp_path.glob("*.bin"))
