# SPDX-License-Identifier: Apache-2.0
"""The networks of the comparison are of the published shapes, and alive."""

import numpy as np
import pytest

from bench.peer_networks import (
    INTRUSION_DETECTOR,
    JET_TAGGER,
    clusters,
    intrusion_detector,
    jet_tagger,
)
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.inference import forward


def test_every_code_of_the_intrusion_detector_is_in_use() -> None:
    model = intrusion_detector()
    assert model.sizes == INTRUSION_DETECTOR
    codes = np.random.default_rng(3).choice([-1, 1], (2000, model.sizes[0]))
    for layers in (1, 2, 3):
        assert (np.bincount(forward(model.layers[:layers], codes).ravel(), minlength=4) > 0).all()
    assert len(np.unique(model.infer(codes))) > 10
    assert all(layer.weight_format.width == 2 for layer in model.layers)


def test_clusters_are_codes_of_five_classes() -> None:
    code_format = FixedPoint(width=8, frac=7, signed=True)
    codes, labels = clusters(code_format, 500)
    assert codes.shape == (500, JET_TAGGER[0])
    assert set(labels) == set(range(JET_TAGGER[-1]))
    assert codes.min() >= code_format.minimum
    assert codes.max() <= code_format.maximum


@pytest.mark.regression
def test_the_jet_tagger_has_learnt() -> None:
    model, accuracy = jet_tagger()
    assert model.sizes == JET_TAGGER
    assert accuracy > 0.95
    assert {layer.weight_format.width for layer in model.layers} == {6}
