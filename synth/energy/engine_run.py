# SPDX-License-Identifier: Apache-2.0
"""Energy of an engine of gates: rows run through it, results are compared, toggles are charged."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.energy.account import energy_by_part
from pulsewright.synth.energy.engine_bench import (
    BUSY,
    IDLE,
    PERIOD_PS,
    RESULTS,
    ROWS,
    TAIL_ROWS,
    WARM_ROWS,
    engine_bench,
)
from pulsewright.synth.energy.groups import Part, parts
from pulsewright.synth.energy.models import GateModel
from pulsewright.synth.tools.logged_run import run_logged

MOST_BYTES = 1 << 26
# About what the libraries' wire loads of 10 000 gates have for a wire to one pin.
WIRE_LOAD_PF = 0.005


class EnergyRun(BaseModel):
    """What rows cost in gates.

    rows: counted. mismatches: of all results with the reference. cycles: of one row. picojoule: of
    one inference by part, without wires; with_wires: the same with WIRE_LOAD_PF for each pin that
    a net drives. idle_picojoule: of one clock cycle without rows. Leakage is in none of them.
    """

    model_config = ConfigDict(extra="forbid")

    rows: int
    mismatches: int
    cycles: float
    picojoule: dict[Part, float]
    with_wires: dict[Part, float]
    idle_picojoule: float

    @property
    def total(self) -> float:
        """Of one inference, in pJ."""
        return sum(self.picojoule.values())


def run_engine(
    netlist: Netlist, model: IntegerMlp, codes: IntegerArray, latency: int, folder: Path
) -> EnergyRun:
    """Run rows of input codes (rows, inputs) through the engine; files stay in `folder`.

    The first and the last rows are given but not counted. latency: of the engine in cycles.

    Raises:
        PulsewrightError: Icarus is missing, there are too few rows, or the engine gave no results.
        ToolError: Icarus refuses the netlist.
    """
    counted = len(codes) - WARM_ROWS - TAIL_ROWS
    if counted < 1:
        raise PulsewrightError(f"{len(codes)} rows are too few; give at least 5 rows")
    gates = GateModel(netlist)
    bench = engine_bench(netlist.top, model, counted, latency)
    (folder / "gates.v").write_text(gates.verilog, encoding="utf-8")
    (folder / "bench.v").write_text(bench, encoding="utf-8")
    (folder / ROWS).write_text(_hexadecimal(codes, model.input_format.width), encoding="utf-8")
    compiler = ["iverilog", "-g2005", "-o", "gates.vvp", "bench.v", "gates.v"]
    run_logged("Icarus", compiler, folder / "iverilog.log")
    run_logged("Icarus", ["vvp", "-n", "gates.vvp"], folder / "vvp.log")
    busy_cycles, busy = _counts(folder / BUSY, len(gates.counters))
    idle_cycles, idle = _counts(folder / IDLE, len(gates.counters))
    belongs = parts(netlist, is_bus=False)

    def energy(counts: Sequence[int], wire_load_pf: float) -> dict[Part, float]:
        return energy_by_part(netlist, gates.counters, counts, belongs, wire_load_pf)

    def each_row(wire_load_pf: float) -> dict[Part, float]:
        return {part: one / counted for part, one in energy(busy, wire_load_pf).items()}

    return EnergyRun(
        rows=counted,
        mismatches=_mismatches(folder / RESULTS, model, codes),
        cycles=busy_cycles / counted,
        picojoule=each_row(0.0),
        with_wires=each_row(WIRE_LOAD_PF),
        idle_picojoule=sum(energy(idle, 0.0).values()) / idle_cycles,
    )


def _hexadecimal(codes: IntegerArray, width: int) -> str:
    """Rows as words, the first code in the lowest bits."""
    mask = (1 << width) - 1
    words = (
        sum((int(code) & mask) << (place * width) for place, code in enumerate(row))
        for row in codes
    )
    return "".join(f"{word:x}\n" for word in words)


def _counts(path: Path, counters: int) -> tuple[int, list[int]]:
    """The cycles, and what each counter counted in them."""
    text = read_plain_text(path, MOST_BYTES) if path.exists() else ""
    cycles, *counts = [int(line) for line in text.split()] or [0]
    if cycles <= 0 or len(counts) != counters:
        raise PulsewrightError(
            f"the engine of gates gave no results in time; see {path.parent}, and map for a "
            f"shorter --period, since a clock of {PERIOD_PS / 1000:g} ns is simulated"
        )
    return cycles, counts


def _mismatches(path: Path, model: IntegerMlp, codes: IntegerArray) -> int:
    """Rows whose results differ from the reference's; results that are missing count."""
    words = read_plain_text(path, MOST_BYTES).split()
    width = model.output_format.width
    expected = model.infer(codes)
    mask = (1 << width) - 1
    wrong = 0
    for word, row in zip(words, np.atleast_2d(expected), strict=False):
        wanted = sum((int(one) & mask) << (place * width) for place, one in enumerate(row))
        wrong += not _is_word(word) or int(word, 16) != wanted
    return wrong + len(codes) - min(len(words), len(codes))


def _is_word(text: str) -> bool:
    """False of a word with bits that are unknown."""
    return all(letter in "0123456789abcdefABCDEF" for letter in text)
