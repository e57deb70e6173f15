# SPDX-License-Identifier: Apache-2.0
"""A comparison that is done in seconds."""

import numpy as np

from pulsewright.flow.closed_loop.settings import ClosedLoopSettings
from pulsewright.quant.closed_loop.settings import HistoryTraining
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves
from pulsewright.quant.settings import FloatTraining, QuantisedTraining, Refinement
from pulsewright.quant.studies.cluster import ClusterOptions

IN_PROCESS = ClusterOptions(None, 0)
SETTINGS = ClosedLoopSettings(
    training=HistoryTraining(
        hidden=(4,),
        tuples=40,
        float_training=FloatTraining(epochs=2, batch_size=256, learning_rate=0.02, growth=1.0),
        quantised=QuantisedTraining(epochs=1, batch_size=256, refinement=Refinement.NONE),
    ),
    folds=2,
    fractions=(0.3, 0.7),
    read_costs=(1.0, 10.0),
    array_sides=(2, 5),
    adc_bits=(6,),
    added_noises=(0.02,),
    most_reads=4,
)


def two_sessions() -> PulseCurves:
    """Twenty curves at 1 uA, ten of them on a coarse grid, and twenty at 20 times that."""
    made = synthetic_curves(0, curves=40)
    growth = np.log1p(np.arange(100)) / np.log1p(99)
    spread = np.random.default_rng(0).lognormal(0, 0.03, (40, 1))
    level = np.repeat([1e-6, 20e-6], 20)[:, None]
    noise = 1 + 0.003 * np.random.default_rng(1).standard_normal((40, 100))
    currents = level * spread * (1 + 2 * growth) * noise
    currents[10:20] = 5e-8 * np.rint(currents[10:20] / 5e-8)
    return PulseCurves(made.parameters, currents)


CURVES = two_sessions()
