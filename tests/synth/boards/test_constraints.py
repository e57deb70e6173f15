# SPDX-License-Identifier: Apache-2.0
from pulsewright.synth.boards.board import ICEBREAKER, ULX3S
from pulsewright.synth.boards.constraints import constraint_suffix, constraints


def test_the_ulx3s_has_a_preference_file() -> None:
    lines = constraints(ULX3S).splitlines()
    assert constraint_suffix(ULX3S) == ".lpf"
    assert 'LOCATE COMP "clk_i" SITE "G2";' in lines
    # The board names both lines after its FTDI chip: that sends on M1.
    assert 'LOCATE COMP "uart_rx_i" SITE "M1";' in lines
    assert 'LOCATE COMP "uart_tx_o" SITE "L4";' in lines
    assert 'IOBUF PORT "button_i" IO_TYPE=LVCMOS33 PULLMODE=DOWN;' in lines
    assert 'FREQUENCY PORT "clk_i" 25 MHZ;' in lines
    assert sum(line.startswith("LOCATE") for line in lines) == len(ULX3S.pins) == 6


def test_the_icebreaker_has_a_physical_constraint_file() -> None:
    lines = constraints(ICEBREAKER).splitlines()
    assert constraint_suffix(ICEBREAKER) == ".pcf"
    assert lines[2:] == [
        "set_io clk_i 35",
        "set_io button_ni 10",
        "set_io -pullup yes uart_rx_i 6",
        "set_io uart_tx_o 9",
        "set_io lamp_no 37",
        "set_frequency clk_i 12",
    ]
