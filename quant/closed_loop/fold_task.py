# SPDX-License-Identifier: Apache-2.0
"""The training of one fold as the row of a sweep."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.network import train_history_network
from pulsewright.quant.closed_loop.settings import HistoryTraining
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.datasets.pulse_curves import PulseCurves

MODEL = "model"


def fold_row(
    curves: PulseCurves, fold: Sequence[int], held_out: int, training: Mapping[str, Any]
) -> dict[str, Any]:
    """Train on the learnable curves whose `fold` (curves,) is not `held_out`.

    training: the fields of `HistoryTraining`. In the row: model, the integer model's JSON;
    float_error, quantised_error.

    Raises:
        PulsewrightError: too few curves are left, or the training diverges.
    """
    devices = MeasuredDevices(curves)
    outside: IntegerArray = np.flatnonzero(devices.learnable & (np.array(fold) != held_out))
    trained = train_history_network(
        devices, outside, HistoryTraining.model_validate(training), f"history_{held_out}"
    )
    return {
        MODEL: trained.model.to_json(),
        "float_error": trained.float_error,
        "quantised_error": trained.quantised_error,
    }
