# SPDX-License-Identifier: Apache-2.0
"""Boards: their FPGA, their clock, and the pins of clock, button, serial line and lamp.

Pins are facts of the boards' own constraint files: `doc/constraints/ulx3s_v20.lpf` of emard/ulx3s,
and `icebreaker/icebreaker.pcf` of icebreaker-fpga/icebreaker-verilog-examples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened
from pulsewright.synth.fpga.targets import ECP5, ICE40, Device, FpgaTarget, Resource

CLOCK = "clk_i"


@dataclass(frozen=True)
class Pin:
    """A port of the top level on a pin of the package.

    port: ends with _ni or _no if it is low when something is pressed or lit. site: of the package.
    pull: of its resistor, UP, DOWN or NONE.
    """

    port: str
    site: str
    pull: str = "NONE"


@dataclass(frozen=True)
class Board:
    """A board.

    target, device: the FPGA. without_dsp: the same, mapped without its multipliers. capacity: what
    it has of each resource. hertz: of its oscillator. ones: outputs that are to be 1. load: command
    that loads a bitstream.
    """

    name: str
    title: str
    target: FpgaTarget
    device: Device
    without_dsp: Device
    capacity: Mapping[Resource, int]
    hertz: int
    clock: Pin
    button: Pin
    rx: Pin
    tx: Pin
    lamp: Pin
    load: str
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
LFE5U_85F = ("--85k", "--package", "CABGA381", "--speed", "6")
UP5K = ICE40.device("up5k")
ULX3S = Board(
    name="ulx3s",
    title="ULX3S with LFE5U-85F",
    target=ECP5,
    device=Device("85k", "LFE5U-85F, grade 6", LFE5U_85F),
    without_dsp=Device("85k", "LFE5U-85F, grade 6", LFE5U_85F, ("-nodsp",)),
    capacity={
        Resource.LUT: 83_640,
        Resource.FLIP_FLOP: 83_640,
        Resource.DSP: 156,
        Resource.BLOCK_RAM: 208,
    },
    hertz=25_000_000,
    clock=Pin(CLOCK, "G2"),
    # FIRE1
    button=Pin("button_i", "R1", "DOWN"),
    rx=Pin(RX, "M1", "UP"),
    tx=Pin(TX, "L4", "UP"),
    lamp=Pin("lamp_o", "B2"),
    load="openFPGALoader --board ulx3s",
    # GPIO0 of the ESP32, which otherwise may reset the board.
    ones=(Pin("wifi_gpio0_o", "L2"),),
)
ICEBREAKER = Board(
    name="icebreaker",
    title="iCEBreaker with iCE40UP5K",
    target=ICE40,
    device=UP5K,
    without_dsp=replace(UP5K, mapping=()),
    capacity={
        Resource.LUT: 5280,
        Resource.FLIP_FLOP: 5280,
        Resource.DSP: 8,
        Resource.BLOCK_RAM: 30,
    },
    hertz=12_000_000,
    clock=Pin(CLOCK, "35"),
    button=Pin("button_ni", "10"),
    rx=Pin(RX, "6", "UP"),
    tx=Pin(TX, "9"),
    lamp=Pin("lamp_no", "37"),
    load="iceprog",
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
