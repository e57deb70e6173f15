# SPDX-License-Identifier: Apache-2.0
"""What a choice of the pulse width may save, on devices that were measured at many widths.

`python -m bench.pulse_widths` with PULSEWRIGHT_DATA. Two sweeps of the campaign have many widths:
of all three times together, and of the set pulse alone; each is taken to be one device. A curve is
a train of one width. What a pulse of another width does in mid-train was not measured: here it is
assumed to depend on the current alone, so that it moves along the curve of its own width.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rich.console import Console

from pulsewright.flow.inputs.curves import CurveInput
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.curve_sources import CurveSource

FloatArray = npt.NDArray[np.float64]

LEAST_WIDTHS = 8
# V_set in mV and V_anti in mV of the pulses whose widths are compared, and the usual width in us.
AMPLITUDES, USUAL_WIDTH = (2000, 0), 100_000
LEVELS, REPEATS = 20, 20
TOLERANCE = 0.03
MOST_READS, MOST_BURST = 60, 16
# Of the way to the level, what a chosen width is to go; the whole of it once it is short.
AIM, SHORT_WAY = 0.75, 2.0


class WidthSeries(NamedTuple):
    """One device.

    widths: (widths,) of the set pulse, s. curves: (widths, pulses) A, rising. noise: as a share of
    a read.
    """

    name: str
    widths: FloatArray
    curves: FloatArray
    noise: float

    def after(self, width: int, current: float, pulses: int) -> float:
        """The current after so many pulses of a width, by its number, from `current` on."""
        curve = self.curves[width]
        count = np.arange(len(curve), dtype=np.float64)
        place = np.interp(current, curve, count, left=-1.0) + pulses
        return max(current, float(np.interp(place, count, curve)))

    @property
    def usual(self) -> int:
        """Number of the width nearest to the usual one."""
        return int(np.abs(self.widths - USUAL_WIDTH / 1e6).argmin())


class Burst(NamedTuple):
    """Pulses of one width, and the current that was read behind them."""

    width: int
    pulses: int
    current: float


Controller = Callable[[WidthSeries, Sequence[Burst], float], tuple[int, int]]
"""Of a series, the bursts so far and the level: number of a width, and pulses."""


class Programming(NamedTuple):
    """seconds: time of the set pulses. error: of the last current, as a share of the level."""

    reads: int
    pulses: int
    seconds: float
    error: float


def width_series(devices: MeasuredDevices) -> list[WidthSeries]:
    """The two sweeps, the first usable curve of each width."""
    setting = devices.setting
    alike = (setting.v_set == AMPLITUDES[0]) & (setting.v_anti == AMPLITUDES[1]) & devices.learnable
    together = (setting.t_set == setting.t_off) & (setting.t_off == setting.t_read)
    alone = (setting.t_off == USUAL_WIDTH) & (setting.t_read == USUAL_WIDTH)
    sweeps = {"all times": alike & together, "set pulse": alike & alone}
    found = []
    for name, chosen in sweeps.items():
        rows = np.flatnonzero(chosen & ~devices.standard)
        usual = np.flatnonzero(chosen & devices.standard)
        if len(np.unique(setting.t_set[rows])) < LEAST_WIDTHS or not len(usual):
            continue
        # Many devices have a curve of the usual width; the one that was measured beside the sweep.
        distance = np.abs(usual[:, None] - rows).min(axis=1)
        rows = np.append(rows, usual[distance.argmin()])
        found.append(_series(name, devices, rows))
    return found


def _series(name: str, devices: MeasuredDevices, rows: npt.NDArray[np.int64]) -> WidthSeries:
    widths, first = np.unique(devices.setting.t_set[rows], return_index=True)
    smooth = devices.quality.smooth[rows[first]]
    # Where a smooth curve stands still, a current has a place of its own again.
    slope = np.arange(smooth.shape[1]) * 1e-6 * np.ptp(smooth, axis=1)[:, None]
    rising = np.maximum.accumulate(smooth, axis=1) + slope
    noise = float(np.median(devices.quality.noise[rows[first]] / smooth[:, -1]))
    return WidthSeries(name, widths / 1e6, rising, noise)


def levels_of(series: WidthSeries) -> FloatArray:
    """Currents between a quarter and nine tenths of what pulses of the usual width reach."""
    curve = series.curves[series.usual]
    return np.asarray(curve[0] + np.linspace(0.25, 0.9, LEVELS) * (curve[-1] - curve[0]))


def fixed_width(series: WidthSeries, bursts: Sequence[Burst], level: float) -> tuple[int, int]:
    """The usual width: the straight line through the last two reads, no more than 16 pulses."""
    if len(bursts) < 2:
        return series.usual, 1
    rise = bursts[-1].current - bursts[-2].current
    if rise <= 0:
        return series.usual, min(bursts[-1].pulses + 1, MOST_BURST)
    way = (level - bursts[-1].current) / rise * bursts[-1].pulses
    return series.usual, int(np.clip(way, 1, MOST_BURST))


def chosen_width(exponent: float) -> Controller:
    """One pulse a read, whose width goes by the last step and a power law of that exponent."""

    def choose(series: WidthSeries, bursts: Sequence[Burst], level: float) -> tuple[int, int]:
        if len(bursts) < 2:
            return min(len(bursts), len(series.widths) - 1), 1
        last = bursts[-1]
        rise, way = last.current - bursts[-2].current, level - last.current
        if rise <= series.noise * last.current:
            return min(last.width + 1, len(series.widths) - 1), 1
        aimed = way if way <= SHORT_WAY * TOLERANCE * level else AIM * way
        wanted = series.widths[last.width] * (aimed / rise) ** (1 / exponent)
        return max(int(np.searchsorted(series.widths, wanted, side="right")) - 1, 0), 1

    return choose


def width_exponent(series: WidthSeries) -> float:
    """Median over currents of b, of a pulse's step proportional to its width to the power b."""
    found = []
    for current in levels_of(series):
        steps = np.array([series.after(k, current, 1) for k in range(len(series.widths))]) - current
        moves = steps > 0
        if moves.sum() > 2:
            logs = np.log(series.widths[moves]), np.log(steps[moves])
            found.append(float(np.polyfit(*logs, 1)[0]))
    return float(np.median(found))


def programmed(
    series: WidthSeries, level: float, choose: Controller, random: np.random.Generator
) -> Programming:
    """One programming, read with the noise of the series, until a read is within the tolerance."""
    bursts: list[Burst] = []
    current = float(series.curves[:, 0].min())
    seconds = 0.0
    while len(bursts) < MOST_READS:
        width, pulses = choose(series, bursts, level)
        current = series.after(width, current, pulses)
        seconds += float(series.widths[width]) * pulses
        read = current * (1 + series.noise * random.standard_normal())
        bursts.append(Burst(width, pulses, read))
        if read >= level * (1 - TOLERANCE):
            break
    total = sum(one.pulses for one in bursts)
    return Programming(len(bursts), total, seconds, current / level - 1)


def width_table(found: Sequence[WidthSeries]) -> ResultTable:
    """Each series by both controllers; the exponent is that of the other series."""
    rows = []
    for series in found:
        others = [width_exponent(one) for one in found if one is not series]
        exponent = float(np.mean(others))
        for name, choose in (("usual", fixed_width), ("chosen", chosen_width(exponent))):
            runs = [
                programmed(series, level, choose, np.random.default_rng(repeat))
                for level in levels_of(series)
                for repeat in range(REPEATS)
            ]
            errors = np.array([one.error for one in runs])
            means = np.mean([one[:3] for one in runs], axis=0)
            over, short = (errors > TOLERANCE).mean(), (errors < -TOLERANCE).mean()
            rows.append(
                (series.name, len(series.widths), name, exponent, *means.tolist(), over, short)
            )
    share = Column("over", "over", lambda value: f"{100 * value:.1f} %")
    return ResultTable(
        "pulse_widths",
        f"{LEVELS} levels, each {REPEATS} times, tolerance {100 * TOLERANCE:g} %",
        (
            words("series", "series"),
            Column("widths", "widths"),
            words("width", "width"),
            Column("exponent", "exponent of the others", decimals(2)),
            Column("reads", "reads", decimals(2)),
            Column("pulses", "pulses", decimals(1)),
            Column("seconds", "s of set pulses", decimals(2)),
            share,
            Column("short", "short", lambda value: f"{100 * value:.1f} %"),
        ),
        rows,
        "A pulse of another width is assumed to move along the curve of its own width from the "
        "same current on, which was not measured.",
    )


def main() -> int:
    """Print the table; 2 and a sentence if the data do not tell."""
    try:
        given = CurveInput(
            CurveSource.MEASURED, None, None, download=False, download_folder=Path("build")
        )
        found = width_series(MeasuredDevices(given.load(0)))
        if len(found) < 2:
            raise PulsewrightError(
                f"{len(found)} sweeps have {LEAST_WIDTHS} widths; two are needed, to try one by "
                "what the other tells"
            )
    except PulsewrightError as error:
        print(error, file=sys.stderr)
        return 2
    print_table(Console(width=140), width_table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
