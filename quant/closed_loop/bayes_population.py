# SPDX-License-Identifier: Apache-2.0
"""What a Bayesian controller knows beforehand: the usual rise, two modes about it, gains, noise."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.trials import PICOAMPERES, MeasuredDevices

FloatArray = npt.NDArray[np.float64]

MODES = 2
LARGEST_CODE = 127
# Residual of a shape, as a share of its rise, from which a curve counts less.
ODD_SHAPE = 0.05
# Gains are fitted to the first current by reweighted least squares; in median residuals.
ODD_GAIN = 1.5
ROUNDS = 15
# Spread of a gain, as a share of it, that is believed; and what is added to the measured one.
SPREADS = (0.25, 1.2)
WIDER = 1.2
LEAST_VARIANCE = 2e-6


class BayesPopulation(NamedTuple):
    """Tables, and the spread of devices about them.

    tables: (3, places) int8 codes of the usual rise, which is 1 or so at the last place, and of two
    modes. scales: (3,) powers of two, what a code is worth. mode_variance: (2,) relative to the
    square of the gain; rest_variance: (places,) likewise, of what the modes leave. gain_line: slope
    and offset of log(gain) over log(first current). gain_spread: share of a gain; currents in pA.
    noise: of a read, as a share of it.
    """

    tables: IntegerArray
    scales: FloatArray
    mode_variance: FloatArray
    rest_variance: FloatArray
    gain_line: tuple[float, float]
    gain_spread: float
    noise: float

    @property
    def shapes(self) -> FloatArray:
        """(3, places) the usual rise and the modes."""
        shapes: FloatArray = self.tables * self.scales[:, None]
        return shapes


def bayes_population(devices: MeasuredDevices, chosen: IntegerArray) -> BayesPopulation:
    """Learn from the fine ones of the curves `chosen`, or from all if these are too few.

    Raises:
        PulsewrightError: fewer than three of them rise.
    """
    quality = devices.quality
    rising = chosen[quality.rise[chosen] > 0]
    fine = rising[~(quality.coarse[rising] | quality.spoilt[rising])]
    used = fine if len(fine) > MODES else rising
    if len(used) <= MODES:
        raise PulsewrightError(
            f"{len(used)} curves that rise, for a population with {MODES} modes; give three or more"
        )
    risen = (quality.smooth[used] - quality.smooth[used, :1]) * PICOAMPERES
    usual = np.median(risen / risen[:, -1:], axis=0)
    gain = np.maximum(risen @ usual / (usual @ usual), 0.05 * risen[:, -1])
    odd = risen / gain[:, None] - usual
    weight = np.minimum(1, ODD_SHAPE / np.sqrt((odd**2).mean(axis=1) + 1e-12))
    covariance = (odd * weight[:, None]).T @ odd / weight.sum()
    values, vectors = np.linalg.eigh(covariance)
    modes, variance = vectors[:, ::-1][:, :MODES], values[::-1][:MODES]
    rest = np.diag(covariance) - (modes**2 @ variance)
    tables, scales = _coded(np.vstack([usual, modes.T]))
    line, spread = _gain_line(np.log(np.maximum(quality.smooth[used, 0] * PICOAMPERES, 1)), gain)
    noise = np.median(quality.noise[used] / np.median(quality.smooth[used], axis=1))
    return BayesPopulation(
        tables,
        scales,
        np.maximum(variance, LEAST_VARIANCE),
        np.maximum(rest, LEAST_VARIANCE),
        line,
        spread,
        float(noise),
    )


def _coded(shapes: FloatArray) -> tuple[IntegerArray, FloatArray]:
    """Shapes (3, places) as int8 codes and what a code of each is worth."""
    largest = np.maximum(np.abs(shapes).max(axis=1), 1e-12)
    scales = np.exp2(np.ceil(np.log2(largest / LARGEST_CODE)))
    codes = np.rint(shapes / scales[:, None]).astype(np.int64)
    return codes, scales


def _gain_line(log_first: FloatArray, gain: FloatArray) -> tuple[tuple[float, float], float]:
    """Slope and offset of log(gain) over log(first), and the spread about it."""
    centre = log_first.mean()
    design = np.column_stack([log_first - centre, np.ones_like(log_first)])
    weight = np.ones_like(log_first)
    target = np.log(gain)
    for _ in range(ROUNDS):
        normal = design.T @ (design * weight[:, None]) + np.diag([1e-6, 0])
        slope, offset = np.linalg.solve(normal, design.T @ (weight * target))
        residual = np.abs(target - design @ [slope, offset])
        weight = np.minimum(1, ODD_GAIN * np.median(residual) / (residual + 1e-9))
    spread = WIDER * np.sqrt(np.average(residual**2, weights=weight))
    return (float(slope), float(offset - slope * centre)), float(np.clip(spread, *SPREADS))
