# SPDX-License-Identifier: Apache-2.0
"""Pulse curves made by the project, so that everything runs with no download.

A set pulse grows the conducting region against a field that falls as it grows, so the current
follows log(1 + N / n0). The scale n0 (pulses) shrinks with longer set pulses, grows steeply with
the antipulse, and differs from device to device. Amplitudes above 2 V make devices noisy. A few
devices are bad: they collapse in mid-curve, or jump. Settings are those of the published campaign
(`campaign`); no measured current is used.

Statistics (`statistics.curve_statistics`) of 266 curves, synthetic as the mean over seeds 0 to 3;
below the line, network A1 trained with the default settings on a split by rows, seed 0:

    scaled read current        measured  synthetic
    mean after pulse N = 0     0.011     0.006
    mean after pulse N = 10    0.375     0.370
    mean after pulse N = 20    0.541     0.528
    mean after pulse N = 50    0.783     0.773
    mean after pulse N = 99    0.959     0.968
    spread at N = 10           0.098     0.086
    spread at N = 20           0.108     0.088
    spread at N = 50           0.105     0.073
    spread at N = 99           0.111     0.095
    step noise, median         0.0057    0.0058
    step noise, 90 % quantile  0.056     0.051
    falling steps              0.089     0.089
    ------------------------------------------
    test MSE                   0.0055    0.0047
    median curve, MSE          0.0006    0.0008
    error in the 13 worst      58 %      62 %
"""

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.campaign import settings
from pulsewright.quant.datasets.pulse_curves import PulseCurves

PULSES = 100
LARGEST_COUNT = 100_000

FloatArray = npt.NDArray[np.float64]

GROWTH_SCALE = 4.0  # pulses, n0 of the reference setting
DEVICE_SPREAD = 0.35  # standard deviation of log n0 between devices
NOISY_SHARE = 0.2  # of devices at 2 V; nearly all above
BAD_SHARE = 0.05  # of devices


def synthetic_curves(seed: int, curves: int = 266) -> PulseCurves:
    """Curves of 100 pulses; the same seed gives the same curves.

    Raises:
        PulsewrightError: the seed is negative, or the number of curves not 1 to 100000.
    """
    if seed < 0:
        raise PulsewrightError(f"seed is {seed}; choose 0 or more")
    if not 1 <= curves <= LARGEST_COUNT:
        raise PulsewrightError(
            f"{curves} synthetic curves are asked for; choose 1 to {LARGEST_COUNT}"
        )
    generator = np.random.default_rng(seed)
    parameters = settings(curves)
    growth = _growth(parameters, generator)
    growth = _break_some(growth, generator)
    noise = _noise_level(parameters[:, 0], generator)[:, None]
    scaled = growth + noise * generator.standard_normal(growth.shape)
    # A first read of 1 uA and a rise of 3 uA, typical of the devices; both cancel in the scaling.
    offset = 1e-6 * generator.lognormal(0.0, 0.7, curves)[:, None]
    rise = 3e-6 * generator.lognormal(0.0, 0.6, curves)[:, None]
    return PulseCurves(parameters=parameters, currents=offset + rise * scaled)


def growth_scale(parameters: FloatArray) -> FloatArray:
    """n0 in pulses of the average device for settings (curves, 5) in V and s."""
    _, v_anti, t_set, t_off, t_read = parameters.T
    duty = t_set / np.sqrt(t_off * t_read)
    slow_down = 3.7 * np.abs(v_anti) ** 3
    scale: FloatArray = GROWTH_SCALE * (t_set / 0.1) ** -0.1 * duty**-0.55 * np.exp(slow_down)
    return scale


def _growth(parameters: FloatArray, generator: np.random.Generator) -> FloatArray:
    """(curves, pulses) from 0 to 1 without noise."""
    device = generator.normal(0.0, DEVICE_SPREAD, len(parameters))
    n0 = (growth_scale(parameters) * np.exp(device))[:, None]
    number = np.arange(PULSES)
    growth: FloatArray = np.log1p(number / n0) / np.log1p((PULSES - 1) / n0)
    return growth


def _break_some(growth: FloatArray, generator: np.random.Generator) -> FloatArray:
    """Let some devices collapse towards their start, and others jump at some pulse."""
    curves, pulses = growth.shape
    bad = generator.random((curves, 1)) < BAD_SHARE
    jumps = generator.random((curves, 1)) < 0.4
    at = generator.integers(10, pulses, (curves, 1))
    depth = generator.uniform(0.25, 1.0, (curves, 1))
    after = np.maximum(np.arange(pulses) - at, 0)
    collapsed = growth - depth * (1 - np.exp(-after / 8.0))
    jumped = growth + depth * (after > 0)
    broken: FloatArray = np.where(jumps, jumped, collapsed)
    return np.where(bad, broken, growth)


def _noise_level(v_set: FloatArray, generator: np.random.Generator) -> FloatArray:
    """(curves,) standard deviation of the read noise relative to the rise of the current."""
    chance = np.where(v_set > 2.05, 0.9, NOISY_SHARE)
    noisy = generator.random(len(v_set)) < chance
    level = generator.standard_normal(len(v_set))
    return np.where(noisy, 0.045 * np.exp(0.6 * level), 0.0048 * np.exp(0.25 * level))
