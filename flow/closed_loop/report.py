# SPDX-License-Identifier: Apache-2.0
"""The report of the closed loop, in Markdown."""

from collections.abc import Sequence

from pulsewright.flow.closed_loop.arrays import ArrayLine, array_energy_table, array_table
from pulsewright.flow.closed_loop.instruments import InstrumentLine, instrument_table
from pulsewright.flow.closed_loop.results import BEST_BLIND, TrialSet
from pulsewright.flow.closed_loop.settings import ClosedLoopSettings
from pulsewright.flow.closed_loop.tables import cost_table, interval, percent_interval, set_table
from pulsewright.flow.reproduce.grids import markdown_table
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.datasets.sessions import sessions

ARRAYS = (
    "Cells are drawn with replacement from the curves of the standard pulse, levels between a "
    "tenth and nine tenths of the rise of each. A row is read at once and its cells get their "
    "pulses in parallel: it waits for its slowest cell. With bursts of its own each cell is masked "
    "when it has had them, and a round takes the longest; with the least of the row all cells that "
    "are not done get the same, so that nothing but done cells is masked. "
    "A large array has many cells of one curve, so its figures are no surer than the trials'.\n"
)
ARRAY_ENERGY = (
    "A set pulse counts V_set**2 * G * t_set, a read V_read**2 * G * t_read, G the current of the "
    "last read over the read voltage, taken to be ohmic. The curves do not tell the read voltage: "
    "energy of pulses goes with its inverse, that of reads with it (--read-voltage). A slot is "
    "t_set and t_off. Not counted: wires, half-selected cells, converters, drivers, the core. The "
    "total has the coprocessor by tier 1, 2 * 9.3 pJ a multiplication at 22 nm; tier 2 is what its "
    "integers take by Horowitz' table at 45 nm.\n"
)
INSTRUMENTS = (
    "The same trials, read through an ADC whose range ends at the largest read of their curves, or "
    "with normal noise, relative to the read, on top of the measured one. Controllers know the "
    "step, not the noise; networks are those trained on reads as measured. Overshoot and short are "
    "of the smooth curve after the last pulse, since the last read may be wrong.\n"
)
LIMITS = """## What these data cannot show

- No device is named. Sessions are an inference from order and level; two devices at one level
  count as one, and a device that was measured twice may be in two.
- Each curve is one train of equal pulses. What a change of the pulse in mid-train does was not
  measured, so that no controller here chooses a pulse.
- The first read of a curve comes probably after one pulse already.
- A read returns what was measured in that place; reading twice gives the same noise.
- Pulses only set: an overshoot ends the trial, and what mending it costs is a model (30 pulses and
  five reads).
"""


def report_text(
    devices: MeasuredDevices,
    sets: Sequence[TrialSet],
    arrays: Sequence[ArrayLine],
    instruments: Sequence[InstrumentLine],
    settings: ClosedLoopSettings,
    source_name: str,
) -> str:
    """The whole report."""
    parts = [
        f"# The closed loop on the {source_name} curves\n",
        _introduction(devices, settings),
        *(_set_text(one, number, settings) for number, one in enumerate(sets)),
        "![Reads against overshoot](pareto.png)\n",
        "![Error by the number of reads](error_by_reads.png)\n",
        "![Cost by the cost of a read](costs.png)\n",
        "## Instruments\n",
        markdown_table(instrument_table(sets[0].title, instruments)),
        INSTRUMENTS,
        "![Reads and overshoot by instrument](instruments.png)\n",
        "## Arrays\n",
        markdown_table(array_table(arrays)),
        ARRAYS,
        markdown_table(array_energy_table(arrays, settings.read_voltage)),
        ARRAY_ENERGY,
        LIMITS,
    ]
    return "\n".join(parts)


def _introduction(devices: MeasuredDevices, settings: ClosedLoopSettings) -> str:
    quality = devices.quality
    sizes = "-".join(map(str, settings.training.sizes))
    return (
        f"{devices.curves.curves} curves in {int(sessions(devices.curves).max()) + 1} inferred "
        f"sessions; {int(quality.coarse.sum())} are read on a coarse grid, "
        f"{int(quality.dead.sum())} dead, {int(quality.spoilt.sum())} with a glitch that widens "
        "their range. Dead curves and fine ones with such a glitch are left out of the trials.\n\n"
        f"Controllers get reads in pA, the step of the instrument and the pulse setting; nothing "
        f"of a curve's future. Levels at {', '.join(f'{one:g}' for one in settings.fractions)} of "
        f"the rise of a curve, tolerance {settings.tolerance:.4g} of it. The network is "
        f"{sizes} at {settings.training.bits.weights} bits, in integers, trained without the "
        "sessions, or the curves, that it is tried on; its rule is not tuned, but for *history "
        "network, tuned*, whose guard and low quantile are, as blind rules are. Blind rules are "
        "tuned, each on all other sessions: the fewest reads at no more overshoot there than the "
        "untuned extrapolation has. *Best blind* chooses among all members of all blind rules in "
        "the same way. The *Bayesian population* is software: three tables of 8 bits, the usual "
        "rise and two modes, from the same curves as the networks, with a Kalman filter in "
        "floating point; its risk and the width of its prior are tuned as blind rules are. "
        "With *device memory* the network keeps four bytes of a device from one "
        "programming to the next: a session is taken to be one device, which is programmed once a "
        "curve in their order, to another level each time; what it has of the device comes from "
        "its own reads. Its margin is tuned on the other sessions, for no more overshoot there "
        "than the network without memory has; *device memory, tuned* is tuned as blind rules are. "
        "Brackets are 95 % intervals of a bootstrap that "
        "draws whole sessions, paired by trial.\n"
    )


def _set_text(one: TrialSet, number: int, settings: ClosedLoopSettings) -> str:
    found = one.figures(BEST_BLIND)
    reads, over = one.fewer_reads(BEST_BLIND), one.less_overshoot(BEST_BLIND)
    sentence = (
        f"Against the best blind rule ({found.reads:.2f} reads, {100 * found.overshoot:.1f} % "
        f"overshoot) the network's reads differ by {interval(reads._asdict())}, its overshoot by "
        f"{percent_interval(over._asdict())} %.\n"
    )
    return "\n".join(
        [
            f"## {one.title[0].upper()}{one.title[1:]}\n",
            markdown_table(set_table(one, number)),
            sentence,
            markdown_table(cost_table(one, settings.read_costs)),
        ]
    )
