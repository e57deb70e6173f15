# SPDX-License-Identifier: Apache-2.0
"""Writes the top level of a board, as its bitstream is made from it, and runs its bench."""

from pathlib import Path

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.uart_top import UartTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.bench_files import BenchInputs
from pulsewright.sim.boards.serial_line import PARAMETERS
from pulsewright.sim.runner import BenchRun, VerilogModule, run_bench
from pulsewright.sim.simulators import Simulator
from pulsewright.synth.boards.board import Board
from pulsewright.synth.boards.board_top import board_top
from pulsewright.synth.boards.serial_timing import DEFAULT_BAUD, serial_timing
from tests.models import fold_model
from tests.sim.designs import Foldings


def run_board(
    simulator: Simulator,
    board: Board,
    folder: Path,
    model: IntegerMlp,
    foldings: Foldings,
    codes: IntegerArray,
    reference: IntegerMlp | None = None,
    reloadable: bool = False,
) -> BenchRun:
    """Simulate `model` on `board`; the bench compares with `reference`, the same unless given."""
    folded = fold_model(model, foldings, reloadable=reloadable)
    timing = serial_timing(DEFAULT_BAUD, board.hertz, board.name)
    text = to_verilog(UartTop(model, folded), "pulse_uart")
    folder.mkdir(parents=True, exist_ok=True)
    verilog = folder / "pulse_board.v"
    verilog.write_text(text + board_top("pulse_board", "pulse_uart", board, timing))
    return run_bench(
        simulator,
        VerilogModule(verilog, "pulse_board"),
        "board_bench",
        folder / "run",
        BenchInputs(reference or model, folded, codes),
        parameters=PARAMETERS,
    )
