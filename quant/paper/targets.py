# SPDX-License-Identifier: Apache-2.0
"""The two readings of what the network predicts."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from pulsewright.quant.datasets.pulse_curves import PulseCurves

FloatArray = npt.NDArray[np.float64]


class Target(StrEnum):
    """What the network learns.

    LEVEL: the scaled read current I_r,n, as in the published code. INCREMENT: its change from
    pulse to pulse, as in the text; the sum of the predictions is then the curve.
    """

    LEVEL = "level"
    INCREMENT = "increment"


def target_rows(curves: PulseCurves, target: Target) -> FloatArray:
    """(rows,) what is learned. The increment at pulse 0 counts from 0, the scale's lower end."""
    levels = curves.targets.reshape(curves.curves, curves.pulses)
    if target is Target.INCREMENT:
        levels = np.diff(levels, axis=1, prepend=0.0)
    return levels.reshape(-1)


def predicted_levels(curves: PulseCurves, target: Target, prediction: FloatArray) -> FloatArray:
    """(curves, pulses) predicted levels from the predictions of all rows (rows,)."""
    table = prediction.reshape(curves.curves, curves.pulses)
    return np.cumsum(table, axis=1) if target is Target.INCREMENT else table
