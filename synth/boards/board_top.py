# SPDX-License-Identifier: Apache-2.0
"""The top level of an image: the pins of a board, a reset at the start, and the coprocessor."""

from pulsewright.synth.boards.board import Board
from pulsewright.synth.boards.serial_timing import SerialTiming

# Block RAM of an iCE40 must not be read for 3 us after configuration.
RESET_CYCLES_LOG2 = 6


def board_top(module: str, coprocessor: str, board: Board, timing: SerialTiming) -> str:
    """Verilog-2005 of `module` around the module `coprocessor`, a `UartTop`.

    Parameters BIT_CYCLES and SILENCE_CYCLES are those of `timing` unless given. Flip-flops of an
    FPGA begin with their initial values, so that the reset of 64 cycles needs no pin; the button
    is one as well.
    """
    inputs = (board.clock, board.button, board.rx)
    outputs = (board.tx, board.lamp, *board.ones)
    ports = [f"  input wire {pin.port}" for pin in inputs]
    ports += [f"  output wire {pin.port}" for pin in outputs]
    return "\n".join(
        (
            "// SPDX-License-Identifier: Apache-2.0",
            f"// {board.title}: the coprocessor behind its serial line, at {board.megahertz:g} MHz",
            f"// and {timing.baud} baud. It is reset for {1 << RESET_CYCLES_LOG2} cycles at the "
            "start and behind the button.",
            f"module {module} #(",
            f"  parameter BIT_CYCLES = {timing.bit_cycles},",
            f"  parameter SILENCE_CYCLES = {timing.silence_cycles}",
            ") (",
            *(f"{port}," for port in ports[:-1]),
            ports[-1],
            ");",
            *_logic(coprocessor, board),
            "endmodule",
            "",
        )
    )


def _logic(coprocessor: str, board: Board) -> tuple[str, ...]:
    """Reset, button and lamp, and the coprocessor."""
    pressed = f"~{board.button.port}" if board.button.port.endswith("_ni") else board.button.port
    lit = "~listening" if board.lamp.port.endswith("_no") else "listening"
    return (
        f"  localparam LAST = {RESET_CYCLES_LOG2};",
        "  reg [1:0] pressed = 2'b00;",
        "  reg [LAST:0] waited = 0;",
        "  wire listening;",
        "",
        f"  {coprocessor} coprocessor (",
        f"    .clk_i({board.clock.port}),",
        "    .rst_ni(waited[LAST]),",
        f"    .uart_rx_i({board.rx.port}),",
        f"    .uart_tx_o({board.tx.port}),",
        "    .bit_cycles_i(BIT_CYCLES[15:0]),",
        "    .silence_cycles_i(SILENCE_CYCLES[23:0]),",
        "    .listening_o(listening)",
        "  );",
        "",
        f"  assign {board.lamp.port} = {lit};",
        *(f"  assign {pin.port} = 1'b1;" for pin in board.ones),
        f"  always @(posedge {board.clock.port}) begin",
        f"    pressed <= {{pressed[0], {pressed}}};",
        "    if (pressed[1]) waited <= 0;",
        "    else if (!waited[LAST]) waited <= waited + 1'b1;",
        "  end",
    )
