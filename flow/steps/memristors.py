# SPDX-License-Identifier: Apache-2.0
"""The demonstrator's devices: from the curves of a data set that its model was not trained on."""

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.splits import Split
from pulsewright.sim.soc.memristor_curves import Memristors, draw_memristors


def unseen_memristors(
    curves: PulseCurves,
    split: Split,
    model: IntegerMlp,
    devices: int = 128,
    candidates: int = 4,
    seed: int = 0,
) -> Memristors:
    """Devices of curves that are in the test part of `split` whole, for the model trained on it.

    Raises:
        PulsewrightError: no curve is in the test part whole, as in a split by rows, or too few;
            the model's first input is not the pulse number.
    """
    kinds = [feature.unit for feature in model.input_map.features]
    if kinds[0] != "pulse" or len(kinds) != curves.inputs.shape[1]:
        raise PulsewrightError(
            f"{model.name} has inputs in {', '.join(kinds)}; the demonstrator takes the pulse "
            "number and the five pulse parameters, in this order"
        )
    rows = np.bincount(curves.curve_index[split.test], minlength=curves.curves)
    usable = np.flatnonzero(rows == curves.pulses)
    if not usable.size:
        raise PulsewrightError(
            f"{model.name} was trained on rows of all {curves.curves} curves; simulated devices "
            'are made of curves it has not seen: set data.split to "curves" in the recipe'
        )
    physical = model.input_map.physical(curves.inputs[:: curves.pulses])[:, 1:]
    frac = model.output_format.frac
    return draw_memristors(physical, curves.currents, usable, frac, devices, candidates, seed)
