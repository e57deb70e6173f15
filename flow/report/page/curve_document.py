# SPDX-License-Identifier: Apache-2.0
"""Curves and their predictions as the page's program reads them."""

from typing import Any

import numpy as np

from pulsewright.flow.report.page.page_figure import rounded
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.datasets.pulse_curves import PARAMETERS, FloatArray, PulseCurves


def rounded_array(values: FloatArray) -> list[Any]:
    """Nested lists of numbers with as many digits as a plot shows."""
    nested: list[Any] = np.array(rounded(values.reshape(-1))).reshape(values.shape).tolist()
    return nested


def curve_document(curves: PulseCurves, model: IntegerMlp) -> dict[str, Any]:
    """Parameters, currents in A and predictions (scaled) of every curve, the best predicted first.

    error: mean squared error of the scaled read current. physical: integers of the units that the
    network's features have.
    """
    shape = (curves.curves, curves.pulses)
    predicted = model.predict(curves.inputs)[:, 0].reshape(shape)
    errors = ((predicted - curves.targets.reshape(shape)) ** 2).mean(axis=1)
    order = np.argsort(errors, kind="stable")
    return {
        "names": [quantity.name for quantity in PARAMETERS],
        "units": [quantity.si_unit for quantity in PARAMETERS],
        "pulses": curves.pulses,
        "order": order.tolist(),
        "parameters": rounded_array(curves.parameters),
        "physical": _physical(curves, model).tolist(),
        "currents": rounded_array(curves.currents),
        "predicted": rounded_array(predicted),
        "errors": rounded_array(errors),
    }


def _physical(curves: PulseCurves, model: IntegerMlp) -> IntegerArray:
    """(curves, features) at pulse 0."""
    return model.input_map.physical(curves.inputs[:: curves.pulses])
