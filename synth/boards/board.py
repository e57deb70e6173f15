# SPDX-License-Identifier: Apache-2.0
"""Boards: their FPGA, their clock, and the pins of clock, button, serial line and lamp.

Pins are facts of the boards' own constraint files: `doc/constraints/ulx3s_v20.lpf` of emard/ulx3s,
and `icebreaker/icebreaker.pcf` of icebreaker-fpga/icebreaker-verilog-examples.
"""

from dataclasses import dataclass

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened
from pulsewright.synth.fpga.targets import ECP5, ICE40, Device, FpgaTarget

CLOCK = "clk_i"


@dataclass(frozen=True)
class Pin:
    """A port of the top level on a pin of the package.

    port: ends with _ni or _no if it is low when something is pressed or lit. site: of the package.
    pull: what an ECP5's pin has, UP, DOWN or NONE.
    """

    port: str
    site: str
    pull: str = "NONE"


@dataclass(frozen=True)
class Board:
    """target, device: the FPGA. hertz: of its oscillator. ones: outputs that are to be 1."""

    name: str
    title: str
    target: FpgaTarget
    device: Device
    hertz: int
    clock: Pin
    button: Pin
    rx: Pin
    tx: Pin
    lamp: Pin
    ones: tuple[Pin, ...] = ()

    @property
    def pins(self) -> tuple[Pin, ...]:
        """All of them."""
        return (self.clock, self.button, self.rx, self.tx, self.lamp, *self.ones)

    @property
    def megahertz(self) -> float:
        """Of the oscillator."""
        return self.hertz / 1e6


RX, TX = "uart_rx_i", "uart_tx_o"
ULX3S = Board(
    name="ulx3s",
    title="ULX3S with LFE5U-85F",
    target=ECP5,
    device=Device("85k", "LFE5U-85F, grade 6", ("--85k", "--package", "CABGA381", "--speed", "6")),
    hertz=25_000_000,
    clock=Pin(CLOCK, "G2"),
    # FIRE1
    button=Pin("button_i", "R1", "DOWN"),
    rx=Pin(RX, "M1", "UP"),
    tx=Pin(TX, "L4", "UP"),
    lamp=Pin("lamp_o", "B2"),
    # GPIO0 of the ESP32, which otherwise may reset the board.
    ones=(Pin("wifi_gpio0_o", "L2"),),
)
ICEBREAKER = Board(
    name="icebreaker",
    title="iCEBreaker with iCE40UP5K",
    target=ICE40,
    device=ICE40.device("up5k"),
    hertz=12_000_000,
    clock=Pin(CLOCK, "35"),
    button=Pin("button_ni", "10"),
    rx=Pin(RX, "6"),
    tx=Pin(TX, "9"),
    lamp=Pin("lamp_no", "37"),
)
BOARDS = {board.name: board for board in (ULX3S, ICEBREAKER)}


def known_board(name: str) -> Board:
    """The board of that name.

    Raises:
        PulsewrightError: there is none.
    """
    if name not in BOARDS:
        raise PulsewrightError(
            f"--board {shortened(name)} is unknown; choose one of {', '.join(BOARDS)}"
        )
    return BOARDS[name]
