# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.settings import BitWidths, QuantisedTraining
from pulsewright.quant.studies.configuration import Configuration, FloatConfiguration, network_name

START = FloatConfiguration(hidden=(64,), pulse_number="affine", split="rows", seed=0)
PLAIN = Configuration(start=START, bits=BitWidths(), training=QuantisedTraining())

OTHERS = [
    {"start": START.model_copy(update={"seed": 1})},
    {"start": START.model_copy(update={"hidden": (63,)})},
    {"start": START.model_copy(update={"pulse_number": "log"})},
    {"start": FloatConfiguration(hidden=(64,), pulse_number="affine", split="curves", seed=0)},
    *({"bits": BitWidths(**{name: 7})} for name in ("weights", "activations", "inputs")),
    {"bits": BitWidths(weight_scales="per_channel")},
    {"bits": BitWidths(weights=(8, 8))},
    {"training": QuantisedTraining(epochs=31)},
    {"training": QuantisedTraining(batch_size=512)},
    {"training": QuantisedTraining(learning_rate=0.004)},
    {"training": QuantisedTraining(scale_fit="max")},
    {"training": QuantisedTraining(teacher=0.5)},
    {"training": QuantisedTraining(refinement="none")},
    {"training": QuantisedTraining(restarts=2)},
]


@pytest.mark.parametrize("change", OTHERS)
def test_whatever_differs_has_another_key(change) -> None:
    parts = {"start": PLAIN.start, "bits": PLAIN.bits, "training": PLAIN.training}
    other = Configuration(**(parts | change))
    assert other.key != PLAIN.key
    assert other.columns() != PLAIN.columns()


def test_names() -> None:
    assert network_name((64, 64)) == "A2"
    assert network_name((16, 8)) == "16-8"


def test_widths_of_another_network() -> None:
    with pytest.raises(PulsewrightError, match="3 weight widths"):
        Configuration(start=START, bits=BitWidths(weights=(8, 8, 8)), training=QuantisedTraining())
