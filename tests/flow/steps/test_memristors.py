# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.flow.steps.memristors import unseen_memristors
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.input_map import InputMap, fit_affine
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.datasets.synthetic import synthetic_curves
from pulsewright.quant.splits import SplitKind, split
from tests.models import changed, random_model

CURVES = synthetic_curves(0, 90)


def model() -> IntegerMlp:
    random = random_model((6, 4, 1))
    features = [fit_affine(feature, random.input_format) for feature in CURVES.features()]
    input_map = InputMap(features=tuple(features), code_format=random.input_format)
    return changed(random, input_map=input_map)


def test_devices_are_made_of_unseen_curves_in_the_scale_of_the_model() -> None:
    parts = split(CURVES, SplitKind.CURVES, 1, 0.5)
    devices = unseen_memristors(CURVES, parts, model(), devices=30)
    assert devices.reads.shape == (30, 4, 100)
    assert devices.frac == model().output_format.frac
    seen = np.concatenate([parts.train, parts.validation])
    assert not np.isin(devices.curves, CURVES.curve_index[seen]).any()
    curve = devices.curves[7, 2]
    expected = CURVES.parameters[curve] * [1e3, 1e3, 1e6, 1e6, 1e6]
    assert devices.parameters[7, 2] == pytest.approx(expected)
    scaled = CURVES.targets.reshape(90, 100)[curve]
    assert devices.reads[7, 2] == pytest.approx(scaled * 2**devices.frac, abs=0.5)


def test_a_split_by_rows_has_no_unseen_curve() -> None:
    with pytest.raises(PulsewrightError, match=r'set data\.split to "curves" in'):
        unseen_memristors(CURVES, split(CURVES, SplitKind.ROWS, 0), model())


def test_a_model_of_other_inputs_is_refused() -> None:
    parts = split(CURVES, SplitKind.CURVES, 0)
    with pytest.raises(PulsewrightError, match="inputs in mV, mV, mV, mV, mV, mV"):
        unseen_memristors(CURVES, parts, random_model((6, 4, 1)))
