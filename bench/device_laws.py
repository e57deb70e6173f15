# SPDX-License-Identifier: Apache-2.0
"""Laws of pulsed devices that others simulate with, beside the measured devices.

`python -m bench.device_laws` with PULSEWRIGHT_DATA. The laws are those that the documentation of
the IBM Analog Hardware Acceleration Kit 1.1.0 states for its devices (docs/closed-loop.md says why
not its program), and the logarithm of our synthetic curves. The step is fitted to the median curve
of the standard pulse, the variation from device to device to its spread at two places; the rest of
both is compared, and how a rule without a model programs such devices.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rich.console import Console
from scipy.optimize import minimize
from scipy.stats import norm

from pulsewright.flow.inputs.curves import CurveInput
from pulsewright.flow.report.result_table import (
    Column,
    JsonValue,
    ResultTable,
    decimals,
    words,
)
from pulsewright.flow.report.table_layout import print_table
from pulsewright.quant.closed_loop.comparison import figures
from pulsewright.quant.closed_loop.controllers import blind_families
from pulsewright.quant.closed_loop.trials import MeasuredDevices, make_trials, run_trials
from pulsewright.quant.curve_sources import CurveSource
from pulsewright.quant.datasets.pulse_curves import PulseCurves

FloatArray = npt.NDArray[np.float64]
Row = list[JsonValue]

SEED = 1
# The spread is fitted at these places and compared at all.
FITTED_PLACES, PLACES = (10, 99), (3, 10, 30, 50, 99)
# Standard deviations between the 10 % and 90 % quantiles of a normal distribution.
NORMAL_WIDTH = 2.563
LEAST_FACTOR = 0.01
STANDARD_PULSE = (2.0, 0.0, 0.1, 0.1, 0.1)

Step = Callable[[FloatArray, FloatArray, FloatArray, float], FloatArray]
"""From weight, step size, bound and exponent or slope to the weight after one more pulse."""


class Law(NamedTuple):
    """begin: step size, bound, and a third number if the law has one, where a fit begins."""

    name: str
    step: Step
    begin: tuple[float, ...]


def soft_bounds(weight: FloatArray, size: FloatArray, bound: FloatArray, _: float) -> FloatArray:
    """SoftBoundsDevice: steps shrink linearly to nothing at the bound."""
    return linear_step(weight, size, bound, 1.0)


def linear_step(
    weight: FloatArray, size: FloatArray, bound: FloatArray, slope: float
) -> FloatArray:
    """LinearStepDevice: steps shrink by `slope` of their size up to the bound, which clips."""
    moved: FloatArray = np.minimum(weight + size * np.maximum(1 - slope * weight / bound, 0), bound)
    return moved


def power_step(
    weight: FloatArray, size: FloatArray, bound: FloatArray, exponent: float
) -> FloatArray:
    """PowStepDevice: steps are a power of the rest to the bound (Fusi and Abbott, 2007)."""
    rest = np.maximum(1 - weight / bound, 0)
    moved: FloatArray = np.minimum(weight + size * rest**exponent, bound)
    return moved


def logarithm(weight: FloatArray, size: FloatArray, bound: FloatArray, _: float) -> FloatArray:
    """Weights of bound * log(1 + N * size / bound): the law of our synthetic curves."""
    moved: FloatArray = bound * np.log(np.exp(weight / bound) + size / bound)
    return moved


LAWS = (
    Law("soft bounds", soft_bounds, (0.05, 1.0)),
    Law("linear step", linear_step, (0.05, 1.0, 0.9)),
    Law("power step", power_step, (0.1, 1.5, 2.0)),
    Law("logarithm", logarithm, (0.1, 0.4)),
)


class Population(NamedTuple):
    """Devices of one pulse.

    first: (devices,) currents before any pulse, A. risen: (devices, places) rises above it in units
    of the median rise over all pulses, `unit`, A. noise: of a read, as a share of it.
    """

    first: FloatArray
    risen: FloatArray
    unit: float
    noise: float


def measured_population(devices: MeasuredDevices) -> Population:
    """Smooth rises of the fine, living devices of the standard pulse."""
    quality = devices.quality
    chosen = devices.standard & ~(quality.coarse | quality.dead | quality.spoilt)
    smooth = quality.smooth[chosen]
    risen = smooth - smooth[:, :1]
    unit = float(np.median(risen[:, -1]))
    noise = float(np.median(quality.noise[chosen] / np.median(smooth, axis=1)))
    return Population(smooth[:, 0], risen / unit, unit, noise)


def pulsed(
    law: Law, values: Sequence[float], variation: Sequence[float], devices: int, places: int
) -> FloatArray:
    """(devices, places) weights from 0, one pulse up from place to place.

    values: as `Law.begin`. variation: standard deviations of step size and bound from device to
    device, as shares. Both are at the quantiles of a normal distribution, in orders that the seed
    shuffles: their medians are those of the values, however few devices there are.
    """
    quantiles = norm.ppf((np.arange(devices) + 0.5) / devices)
    random = np.random.default_rng(SEED)
    shuffled = np.stack([random.permutation(quantiles) for _ in variation])
    factors = np.maximum(1 + np.array(variation)[:, None] * shuffled, LEAST_FACTOR)
    size, bound = values[0] * factors[0], values[1] * factors[1]
    third = values[2] if len(values) > len(factors) else 0.0
    weights = [np.zeros(devices)]
    for _ in range(places - 1):
        weights.append(law.step(weights[-1], size, bound, third))
    return np.stack(weights, axis=1)


def fitted_values(law: Law, median: FloatArray) -> list[float]:
    """Numbers of the law with the least squared error to a median curve, without variation."""

    def error(values: FloatArray) -> float:
        curve = pulsed(law, np.exp(values).tolist(), (0, 0), 1, len(median))[0]
        return float(((curve - median) ** 2).mean())

    return _least(error, law.begin)


def fitted_variation(law: Law, values: Sequence[float], risen: FloatArray) -> list[float]:
    """Variations of step size and bound that give the spreads at `FITTED_PLACES`."""

    def error(logs: FloatArray) -> float:
        made = pulsed(law, values, np.exp(logs).tolist(), *risen.shape)
        return sum((spread(made, place) - spread(risen, place)) ** 2 for place in FITTED_PLACES)

    return _least(error, (0.3, 0.3))


def _least(error: Callable[[FloatArray], float], begin: Sequence[float]) -> list[float]:
    # Over logarithms, since all of them are above 0.
    options = {"maxiter": 500, "xatol": 1e-4, "fatol": 1e-10}
    found = minimize(error, np.log(begin), method="Nelder-Mead", options=options)
    values: list[float] = np.exp(found.x).tolist()
    return values


def spread(risen: FloatArray, place: int) -> float:
    """Standard deviation over devices after `place` pulses, by the 10 % and 90 % quantiles."""
    low, high = np.quantile(risen[:, place], [0.1, 0.9])
    return float((high - low) / NORMAL_WIDTH)


def programmed(population: Population) -> tuple[float, float]:
    """Reads and overshoot of the untuned extrapolation, on devices read with measured noise."""
    drawn = np.random.default_rng(SEED).standard_normal(population.risen.shape)
    currents = population.first[:, None] + population.unit * population.risen
    currents = currents * (1 + population.noise * drawn)
    parameters = np.tile(STANDARD_PULSE, (len(currents), 1))
    devices = MeasuredDevices(PulseCurves(parameters, currents))
    trials = make_trials(devices, ~devices.quality.dead)
    family = next(one for one in blind_families() if one.name == "extrapolated")
    found = figures(trials, run_trials(devices, trials, family.members[family.usual]))
    return found.reads, found.overshoot


def law_table(measured: Population) -> ResultTable:
    """One row the measured devices, and one a law."""
    return ResultTable(
        "device_laws",
        f"{len(measured.risen)} devices, in units of their median rise over all pulses",
        (
            words("devices", "devices"),
            Column("median_rms", "median curve, rms", decimals(4)),
            Column("median_most", "most", decimals(4)),
            *(Column(f"spread_{place}", f"spread, N = {place}", decimals(3)) for place in PLACES),
            Column("reads", "extrapolated: reads", decimals(2)),
            Column("overshoot", "over", lambda share: f"{100 * share:.1f} %"),
            words("values", "values, variations"),
        ),
        [
            _row("measured", np.zeros(1), measured, ()),
            *(_law_row(law, measured) for law in LAWS),
        ],
        f"Fitted: the step to the median curve, variations to the spreads at {FITTED_PLACES}.",
    )


def _law_row(law: Law, measured: Population) -> Row:
    median = np.median(measured.risen, axis=0)
    values = fitted_values(law, median)
    error = pulsed(law, values, (0, 0), 1, len(median))[0] - median
    variation = fitted_variation(law, values, measured.risen)
    made = pulsed(law, values, variation, *measured.risen.shape)
    return _row(law.name, error, measured._replace(risen=made), (*values, *variation))


def _row(name: str, error: FloatArray, one: Population, values: Sequence[float]) -> Row:
    fit = [float(np.sqrt((error**2).mean())), float(np.abs(error).max())]
    spreads = [spread(one.risen, place) for place in PLACES]
    text = ", ".join(f"{value:.3g}" for value in values)
    return [name, *fit, *spreads, *programmed(one), text]


def main() -> None:
    """Fit, compare and print."""
    given = CurveInput(
        CurveSource.MEASURED, None, None, download=False, download_folder=Path("build")
    )
    print_table(Console(), law_table(measured_population(MeasuredDevices(given.load(0)))))


if __name__ == "__main__":
    main()
