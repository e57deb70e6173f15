# SPDX-License-Identifier: Apache-2.0
"""Energy of a bare engine of gates, which rows keep busy all the time."""

from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.energy.account import Wires
from pulsewright.synth.energy.engine_bench import ROWS, TAIL_ROWS, WARM_ROWS, engine_bench
from pulsewright.synth.energy.gate_run import EnergyRun, run_gates


def run_engine(
    netlist: Netlist,
    model: IntegerMlp,
    codes: IntegerArray,
    latency: int,
    folder: Path,
    layout: Wires | None = None,
) -> EnergyRun:
    """Run rows of input codes (rows, inputs) through the engine; files stay in `folder`.

    The first and the last rows are given but not counted. latency: of the engine in cycles.
    layout: the wires, if it was laid out.

    Raises:
        PulsewrightError: Icarus is missing, there are too few rows, or the engine gave no results.
        ToolError: Icarus refuses the netlist.
    """
    counted = len(codes) - WARM_ROWS - TAIL_ROWS
    if counted < 1:
        raise PulsewrightError(f"{len(codes)} rows are too few; give at least 5 rows")
    bench = engine_bench(netlist.top, model, counted, latency)
    rows = _words(codes, model.input_format.width)
    text = "".join(f"{word:x}\n" for word in rows)
    (folder / ROWS).write_text(text, encoding="utf-8")
    expected = _words(model.infer(codes), model.output_format.width)
    return run_gates(netlist, bench, counted, expected, is_bus=False, folder=folder, layout=layout)


def _words(rows: IntegerArray, width: int) -> list[int]:
    """Rows as words, the first code in the lowest bits."""
    mask = (1 << width) - 1
    return [
        sum((int(code) & mask) << (place * width) for place, code in enumerate(row)) for row in rows
    ]
