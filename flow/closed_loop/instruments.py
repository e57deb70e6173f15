# SPDX-License-Identifier: Apache-2.0
"""What the instrument does to the closed loop: an ADC of few bits, and more read noise."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pulsewright.flow.closed_loop.results import HISTORY, REFERENCE, TrialSet
from pulsewright.flow.closed_loop.settings import ClosedLoopSettings
from pulsewright.flow.closed_loop.tables import interval, percent
from pulsewright.flow.progress import Advance, tracked
from pulsewright.flow.report.csv_tables import Line
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.reproduce.drawing import pyplot, save
from pulsewright.quant.closed_loop.comparison import (
    Difference,
    Figures,
    figures,
    paired_difference,
)
from pulsewright.quant.closed_loop.controllers import Family
from pulsewright.quant.closed_loop.instrument import (
    RereadDevices,
    full_scale_step,
    judged_by_device,
)
from pulsewright.quant.closed_loop.trials import MeasuredDevices, run_trials

AS_MEASURED = "as measured"


class InstrumentLine(NamedTuple):
    """The trials by an instrument, judged by the devices' own currents.

    blind, network: the untuned extrapolation and the network. fewer_reads: reads of the network
    less those of the extrapolation.
    """

    instrument: str
    blind: Figures
    network: Figures
    fewer_reads: Difference


def instrument_lines(
    devices: MeasuredDevices,
    one: TrialSet,
    families: Sequence[Family],
    settings: ClosedLoopSettings,
    show: Advance,
) -> list[InstrumentLine]:
    """The trials of `one` by each instrument; the networks are trained on reads as measured."""
    named = {family.name: family.members[family.usual] for family in families}
    lines = []
    for name, instrument in tracked(list(_instruments(devices, one, settings)), show):
        blind, network = (
            judged_by_device(devices, one.trials, run_trials(instrument, one.trials, controller))
            for controller in (named[REFERENCE], named[HISTORY])
        )
        lines.append(
            InstrumentLine(
                name,
                figures(one.trials, blind),
                figures(one.trials, network),
                paired_difference(
                    network.reads.astype(np.float64), blind.reads.astype(np.float64), one.session
                ),
            )
        )
    return lines


def _instruments(
    devices: MeasuredDevices, one: TrialSet, settings: ClosedLoopSettings
) -> Iterator[tuple[str, MeasuredDevices]]:
    yield AS_MEASURED, devices
    for bits in sorted(settings.adc_bits, reverse=True):
        step = full_scale_step(devices, one.trials, bits)
        yield f"{bits} bits", RereadDevices(devices.curves, step=step)
    for noise in settings.added_noises:
        seed = settings.training.seed
        yield f"{100 * noise:g} % noise", RereadDevices(devices.curves, 1, noise, seed)


def instrument_table(title: str, lines: Sequence[InstrumentLine]) -> ResultTable:
    """One row an instrument."""
    return ResultTable(
        "instruments",
        f"{title}, by instrument: judged by the devices' own currents",
        (
            words("instrument", "instrument"),
            Column("blind_reads", "extrapolated: reads", decimals(2)),
            Column("blind_overshoot", "over", percent),
            Column("blind_short", "short", percent),
            Column("reads", "network: reads", decimals(2)),
            Column("overshoot", "over", percent),
            Column("short", "short", percent),
            Column("fewer_reads", "difference of reads", interval),
        ),
        [
            (
                line.instrument,
                line.blind.reads,
                line.blind.overshoot,
                line.blind.short,
                line.network.reads,
                line.network.overshoot,
                line.network.short,
                line.fewer_reads._asdict(),
            )
            for line in lines
        ],
    )


def instrument_csv(lines: Sequence[InstrumentLine]) -> list[Line]:
    """One line an instrument and controller."""
    return [
        {
            "instrument": line.instrument,
            "controller": controller,
            **found._asdict(),
            **{f"fewer_reads_{name}": value for name, value in line.fewer_reads._asdict().items()},
        }
        for line in lines
        for controller, found in ((REFERENCE, line.blind), (HISTORY, line.network))
    ]


def plot_instruments(title: str, lines: Sequence[InstrumentLine], target: Path) -> None:
    """Draw reads and overshoot of both controllers by instrument.

    Raises:
        PulsewrightError: the file cannot be written.
    """
    figure, axes = pyplot().subplots(1, 2, figsize=(9.2, 4.2))
    names = [line.instrument for line in lines]
    place = np.arange(len(lines))
    for shift, name, colour, found in (
        (-0.2, REFERENCE, "tab:blue", [line.blind for line in lines]),
        (0.2, HISTORY, "tab:red", [line.network for line in lines]),
    ):
        axes[0].bar(place + shift, [one.reads for one in found], 0.4, color=colour, label=name)
        over = [100 * one.overshoot for one in found]
        axes[1].bar(place + shift, over, 0.4, color=colour, label=name)
    for axis, label in zip(axes, ("reads", "overshoot, % of trials"), strict=True):
        axis.set_xticks(place, names, rotation=40, ha="right", fontsize=8)
        axis.set_ylabel(label)
    axes[0].set_title(title, fontsize=9)
    axes[0].legend(fontsize=8)
    figure.tight_layout()
    save(figure, target)
