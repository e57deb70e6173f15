# SPDX-License-Identifier: Apache-2.0
import json

import pytest
import torch

from pulsewright.hls_model.presets import PRESETS
from pulsewright.quant.curve_sources import FLOAT_CODE_FORMAT, fit_input_map
from pulsewright.quant.pipeline import integer_accuracy, integer_model, train_float, train_quantised
from pulsewright.quant.settings import BitWidths, FloatTraining, QuantisedTraining
from pulsewright.quant.splits import SplitKind, split
from pulsewright.quant.studies.configuration import Configuration, FloatConfiguration
from pulsewright.quant.studies.evaluation import configuration_row, cost_columns
from pulsewright.quant.studies.float_rows import float_row
from pulsewright.quant.studies.settings import StudySettings
from tests.models import random_model

SHORT = FloatTraining(epochs=2, growth=1)
# The small curves are one session.
KINDS = [kind for kind in SplitKind if kind is not SplitKind.SESSIONS]
SETTINGS = StudySettings(float_training=SHORT, float_unseen=SHORT, initiation_interval=4)


def configuration(kind: SplitKind, **bits: object) -> Configuration:
    return Configuration(
        start=FloatConfiguration(hidden=(5,), pulse_number="log", split=kind, seed=3),
        bits=BitWidths(**bits),
        training=QuantisedTraining(epochs=1),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_is_what_the_pipeline_gives(small, kind: SplitKind) -> None:
    one = configuration(kind, weights=4, inputs=6)
    # Rows travel as JSON, and float32 numbers come back as they were.
    start = json.loads(json.dumps(float_row(small, SETTINGS, one.start)))
    row = configuration_row(small, SETTINGS, one, start)
    parts = split(small, kind, 3)
    input_map = fit_input_map(small, FLOAT_CODE_FORMAT, "log")
    trained = train_float(small, input_map, parts, (6, 5, 1), SHORT, 3)
    assert row["float_mse"] == trained.accuracy.test_mse
    for name, value in trained.state.items():
        assert torch.equal(torch.tensor(start["state"][name]), value)
    narrow = fit_input_map(small, one.bits.code_format, "log")
    tuned = train_quantised(small, narrow, parts, trained, one.bits, one.training, 3)
    model = integer_model(tuned, narrow, "same")
    mse, median = integer_accuracy(model, small, parts)
    assert (row["integer_mse"], row["median_curve_mse"]) == (mse, median)
    assert row["ratio"] == mse / trained.accuracy.test_mse
    assert row["clustered_standard_error"] > 0


def test_costs_of_a1() -> None:
    model = random_model(PRESETS["A1"])
    costs = cost_columns(model, 8)
    bias_bits = sum(layer.neurons * layer.accumulator_format.width for layer in model.layers)
    assert (costs["parameters"], costs["mac"], costs["multipliers"]) == (513, 448, 56)
    assert (costs["initiation_interval"], costs["latency"]) == (8, 16)
    assert costs["parameter_bits"] == 448 * 8 + bias_bits
    assert costs["tier1_picojoule"] == pytest.approx(8332.8)
    assert costs["tier2_logic_picojoule"] == pytest.approx(116, rel=0.05)
    assert costs["tier2_sram_picojoule"] > 5 * costs["tier2_logic_picojoule"]
