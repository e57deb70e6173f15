# SPDX-License-Identifier: Apache-2.0
"""Summary statistics of pulse curves, to compare one data set with another."""

import numpy as np

from pulsewright.quant.datasets.pulse_curves import PulseCurves

PULSES_SHOWN = (0, 10, 20, 50, 99)


def curve_statistics(curves: PulseCurves) -> dict[str, float]:
    """Statistics of the scaled read currents I_r,n, by name.

    `mean N=..` and `spread N=..`: mean and standard deviation over curves after that pulse, for
    the pulses of PULSES_SHOWN that exist. `step noise ..`: median and 90 % quantile over curves of
    the standard deviation of second differences over sqrt(6), which is the read noise if it is
    white. `falling`: share of steps down by more than 0.02.
    """
    scaled = curves.targets.reshape(curves.curves, curves.pulses)
    result = {}
    for pulse in PULSES_SHOWN:
        if pulse < curves.pulses:
            result[f"mean N={pulse}"] = float(scaled[:, pulse].mean())
            result[f"spread N={pulse}"] = float(scaled[:, pulse].std())
    if curves.pulses > 2:
        noise = np.diff(scaled, n=2, axis=1).std(axis=1) / np.sqrt(6)
        result["step noise median"] = float(np.median(noise))
        result["step noise 90 %"] = float(np.quantile(noise, 0.9))
    result["falling"] = float((np.diff(scaled, axis=1) < -0.02).mean())
    return result
