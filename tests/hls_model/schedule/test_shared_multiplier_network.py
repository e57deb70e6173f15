# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import fold_shared_multiplier
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.shared_multiplier_network import (
    check_shared_multiplier,
    check_shared_multiplier_options,
    shares_multiplier,
)
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from tests.models import random_model


def test_a_multiplier_is_shared_where_there_are_more_layers() -> None:
    assert shares_multiplier((6, 64, 1), 1)
    assert shares_multiplier((6, 5, 3, 1), 1)
    assert not shares_multiplier((6, 1), 1)
    assert not shares_multiplier((6, 64, 1), 2)
    assert not shares_multiplier((6, 64, 1), None)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (
            random_model((6, 5, 3, 1)),
            "needs one hidden layer, the network has 2; give a multiplier",
        ),
        (random_model((6, 5, 1), multipliers=7), "whose layer 1 requantises with multipliers of"),
        (random_model((6, 5, 1), per_channel=True), "whose layer 1 has scales per channel"),
        (random_model((6, 5, 3), output="argmax"), 'with output = "argmax" of'),
    ],
)
def test_other_networks_are_refused_with_the_remedy(model: IntegerMlp, sentence: str) -> None:
    with pytest.raises(PulsewrightError) as caught:
        check_shared_multiplier(model)
    assert sentence in str(caught.value)
    assert "give a multiplier for each layer, or more" in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("incremental", "incremental inference beside multipliers = 1"),
        ("reloadable", "reloadable weights beside"),
        ("shallow", "a shallow pipeline beside"),
        ("stream", "a stream of vectors in beats beside"),
    ],
)
def test_what_other_engines_can_do_is_refused(asked: str, words: str) -> None:
    options = dict.fromkeys(("incremental", "reloadable", "shallow", "stream"), False)
    check_shared_multiplier_options(**options)
    with pytest.raises(PulsewrightError, match=words):
        check_shared_multiplier_options(**options | {asked: True})


def test_vectors_in_beats_are_refused() -> None:
    model = random_model((6, 5, 1))
    with pytest.raises(PulsewrightError, match="takes whole vectors and gets this one in beats"):
        with_transfer(fold_shared_multiplier(model.sizes), model, VectorTransfer.STEPS)
