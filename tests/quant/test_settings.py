# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys

import pytest
from pydantic import ValidationError

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.quant.settings import BitWidths, FloatTraining, QuantisedTraining


def test_code_format() -> None:
    assert BitWidths(inputs=12).code_format == FixedPoint(width=12, frac=11, signed=True)


@pytest.mark.parametrize(
    ("settings", "field", "value"),
    [
        (FloatTraining, "epochs", 0),
        (FloatTraining, "batch_size", 0),
        (FloatTraining, "learning_rate", 0.0),
        (FloatTraining, "learning_rate", float("nan")),
        (FloatTraining, "weight_decay", -0.1),
        (FloatTraining, "optimiser", "sgd"),
        (QuantisedTraining, "epochs", -1),
        (QuantisedTraining, "learning_rate", 2.0),
        (BitWidths, "weights", 1),
        (BitWidths, "weights", 9),
        (BitWidths, "activations", 1),
        (BitWidths, "activations", 9),
        (BitWidths, "inputs", 1),
        (BitWidths, "inputs", 17),
    ],
)
def test_out_of_range(settings, field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        settings(**{field: value})


def test_recipes_can_be_read_without_torch() -> None:
    script = (
        "import sys; from pulsewright.quant import curve_sources, settings, splits; "
        "sys.exit('torch' in sys.modules or 'pooch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
