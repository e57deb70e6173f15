# SPDX-License-Identifier: Apache-2.0
"""What a worker does: train one float network, which many configurations start from."""

import torch

from pulsewright.quant.curve_sources import FLOAT_CODE_FORMAT, fit_input_map
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.pipeline import Accuracy, TrainedFloat, train_float
from pulsewright.quant.studies.configuration import FloatConfiguration
from pulsewright.quant.studies.journal import Row
from pulsewright.quant.studies.settings import StudySettings


def float_row(curves: PulseCurves, settings: StudySettings, start: FloatConfiguration) -> Row:
    """Train a float network; its accuracy, and its parameters as lists of float32 numbers."""
    parts = settings.split(curves, start.split, start.seed)
    input_map = fit_input_map(curves, FLOAT_CODE_FORMAT, start.pulse_number)
    training = settings.float_for(start.split)
    trained = train_float(curves, input_map, parts, start.sizes, training, start.seed)
    return {
        "accuracy": trained.accuracy.__dict__,
        "state": {name: value.tolist() for name, value in trained.state.items()},
    }


def trained_float(curves: PulseCurves, start: FloatConfiguration, row: Row) -> TrainedFloat:
    """The network of a row that `float_row` made."""
    return TrainedFloat(
        sizes=start.sizes,
        input_map=fit_input_map(curves, FLOAT_CODE_FORMAT, start.pulse_number),
        state={name: torch.tensor(value) for name, value in row["state"].items()},
        accuracy=Accuracy(**row["accuracy"]),
    )
