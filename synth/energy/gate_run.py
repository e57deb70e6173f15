# SPDX-License-Identifier: Apache-2.0
"""Runs a netlist of gates on a test bench, and charges what moved."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.energy.account import Wires, energy_by_part, no_wires
from pulsewright.synth.energy.activity import Activity
from pulsewright.synth.energy.groups import Part, parts
from pulsewright.synth.energy.models import GateModel
from pulsewright.synth.energy.waveform import Waveform
from pulsewright.synth.tools.logged_run import run_logged

MOST_BYTES = 1 << 26
RESULTS, BUSY, IDLE = "results.txt", "busy.txt", "idle.txt"
WAVES = "waves.vcd"
# A clock that every design here reaches in these libraries.
PERIOD_PS = 20_000
# About what the libraries' wire loads of 10 000 gates have for a wire to one pin.
WIRE_LOAD_PF = 0.005


class EnergyRun(BaseModel):
    """What rows cost in gates.

    rows: counted. mismatches: of all results with the reference. cycles: of one row. picojoule: of
    one inference by part, without wires; with_wires: the same with WIRE_LOAD_PF for each pin that
    a net drives; with_layout: with the wires of a layout, empty without one. without_glitches: what
    it would be, without wires, if no net moved to and fro between two edges of the clock.
    idle_picojoule: of one clock cycle without rows. Leakage is in none of them.
    """

    model_config = ConfigDict(extra="forbid")

    rows: int
    mismatches: int
    cycles: float
    picojoule: dict[Part, float]
    with_wires: dict[Part, float]
    with_layout: dict[Part, float] = {}
    without_glitches: dict[Part, float]
    idle_picojoule: float

    @property
    def total(self) -> float:
        """Of one inference, in pJ."""
        return sum(self.picojoule.values())

    @property
    def glitches(self) -> float:
        """Of one inference, in pJ: what nets take that move to and fro between two clock edges."""
        return self.total - sum(self.without_glitches.values())


def run_gates(
    netlist: Netlist,
    bench: str,
    counted: int,
    expected: Sequence[int],
    is_bus: bool,
    folder: Path,
    layout: Wires | None = None,
) -> EnergyRun:
    """Run the module `bench` around the netlist in `folder`, where its files are and stay.

    The bench writes its results to `RESULTS`, a hexadecimal word a line, to `BUSY` and `IDLE` the
    number of clock cycles between two times and these times in ps, and the changes of all signals
    to `WAVES`, which is too large to stay. counted: rows between. expected: words. is_bus: the
    design has a bus. layout: the wires, if it was laid out.

    Raises:
        PulsewrightError: Icarus is missing, or the gates gave no results.
        ToolError: Icarus refuses the netlist.
    """
    gates = GateModel(netlist)
    (folder / "gates.v").write_text(gates.verilog, encoding="utf-8")
    (folder / "bench.v").write_text(bench, encoding="utf-8")
    compiler = ["iverilog", "-g2005", "-o", "gates.vvp", "bench.v", "gates.v"]
    run_logged("Icarus", compiler, folder / "iverilog.log")
    try:
        run_logged("Icarus", ["vvp", "-n", "gates.vvp"], folder / "vvp.log")
        busy_cycles, *busy_times = _window(folder / BUSY)
        idle_cycles, *idle_times = _window(folder / IDLE)
        waveform = Waveform(folder / WAVES)
    finally:
        (folder / WAVES).unlink(missing_ok=True)
    busy = Activity(netlist, gates, waveform, *busy_times)
    start, stop = busy_times
    settled = Activity(netlist, gates, waveform, start, stop, settled_every=PERIOD_PS // 2)
    idle = Activity(netlist, gates, waveform, *idle_times)
    belongs = parts(netlist, is_bus)

    def each_row(wires: Wires, activity: Activity = busy) -> dict[Part, float]:
        energy = energy_by_part(netlist, activity, belongs, wires)
        return {part: one / counted for part, one in energy.items()}

    return EnergyRun(
        rows=counted,
        mismatches=_mismatches(folder / RESULTS, expected),
        cycles=busy_cycles / counted,
        picojoule=each_row(no_wires),
        with_wires=each_row(lambda net: WIRE_LOAD_PF * netlist.ends(net)),
        with_layout={} if layout is None else each_row(layout),
        without_glitches=each_row(no_wires, settled),
        idle_picojoule=sum(energy_by_part(netlist, idle, belongs).values()) / idle_cycles,
    )


def _window(path: Path) -> tuple[int, int, int]:
    """Clock cycles, and the times in ps at which they begin and end."""
    text = read_plain_text(path, MOST_BYTES) if path.exists() else ""
    numbers = [int(word) for word in text.split()]
    if len(numbers) != 3 or numbers[0] <= 0:
        raise PulsewrightError(
            f"the gates gave no results in time; see {path.parent}, and map for a "
            f"shorter --period, since a clock of {PERIOD_PS / 1000:g} ns is simulated"
        )
    cycles, start, stop = numbers
    return cycles, start, stop


def _mismatches(path: Path, expected: Sequence[int]) -> int:
    """Words that differ from the expected ones; those that are missing count."""
    words = read_plain_text(path, MOST_BYTES).split()
    pairs = zip(words, expected, strict=False)
    wrong = sum(not _is_word(word) or int(word, 16) != wanted for word, wanted in pairs)
    return wrong + max(0, len(expected) - len(words))


def _is_word(text: str) -> bool:
    """False of a word with bits that are unknown."""
    return all(letter in "0123456789abcdefABCDEF" for letter in text)
