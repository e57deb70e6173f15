# SPDX-License-Identifier: Apache-2.0
"""Constraint files: which port is on which pin, and how fast the clock is."""

from pulsewright.synth.boards.board import Board, Pin
from pulsewright.synth.fpga.targets import ECP5


def constraint_suffix(board: Board) -> str:
    """Of the file: .lpf for an ECP5, .pcf for an iCE40."""
    return ".lpf" if board.target is ECP5 else ".pcf"


def constraints(board: Board) -> str:
    """Text of the file that nextpnr reads."""
    lines = _lpf(board) if board.target is ECP5 else _pcf(board)
    return "\n".join(("# SPDX-License-Identifier: Apache-2.0", f"# {board.title}", *lines, ""))


def _lpf(board: Board) -> list[str]:
    # 3.3 V in every bank that is used.
    lines = []
    for pin in board.pins:
        lines += [
            f'LOCATE COMP "{pin.port}" SITE "{pin.site}";',
            f'IOBUF PORT "{pin.port}" IO_TYPE=LVCMOS33 PULLMODE={pin.pull};',
        ]
    return [*lines, f'FREQUENCY PORT "{board.clock.port}" {board.megahertz:g} MHZ;']


def _pcf(board: Board) -> list[str]:
    def pull(pin: Pin) -> str:
        return " -pullup yes" if pin.pull == "UP" else ""

    return [
        *(f"set_io{pull(pin)} {pin.port} {pin.site}" for pin in board.pins),
        f"set_frequency {board.clock.port} {board.megahertz:g}",
    ]
