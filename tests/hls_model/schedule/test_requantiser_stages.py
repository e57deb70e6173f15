# SPDX-License-Identifier: Apache-2.0
import pytest
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.requantiser import Requantiser
from pulsewright.hls_model.schedule.folding import FoldedEngine, FoldedLayer, LayerFolding, fold
from pulsewright.hls_model.schedule.requantiser_stages import check_stages, with_requantisers
from tests.models import changed, random_model

SIZES, FOLDINGS = (4, 6, 3), [LayerFolding(pe=3, simd=2), LayerFolding(pe=1, simd=3)]
PLAIN = fold(SIZES, FOLDINGS)


def depths(folded: FoldedEngine) -> list[int]:
    return [layer.pipeline_depth for layer in folded.layers]


@pytest.mark.parametrize(
    ("parts", "added", "latency"),
    [
        ({}, [0, 0], 0),
        ({"requantised": False}, [0, 0], 0),
        ({"per_channel": True}, [0, 0], 0),
        ({"multipliers": 8}, [1, 0], 1),
        # An activation stage and a multiplier.
        ({"multipliers": 8, "output": "code"}, [1, 2], 3),
        # One stage of comparisons takes the place of the gathering one.
        ({"output": "argmax"}, [0, 0], 0),
        ({"multipliers": 8, "output": "argmax"}, [1, 0], 1),
    ],
)
def test_stages_are_added_where_a_network_needs_them(
    parts: dict, added: list[int], latency: int
) -> None:
    model = random_model(SIZES, **parts)
    folded = with_requantisers(PLAIN, model)
    assert [a - b for a, b in zip(depths(folded), depths(PLAIN), strict=True)] == added
    assert folded.latency == PLAIN.latency + latency
    assert folded.initiation_interval == PLAIN.initiation_interval
    assert with_requantisers(folded, model) == folded
    check_stages(folded, model)


def test_multipliers_of_1_are_none() -> None:
    model = random_model(SIZES, multipliers=8)
    hidden = model.layers[0]
    requantiser = Requantiser(multiplier=[1] * 6, offset=[7] * 6, shift=3)
    plain = changed(model, layers=(changed(hidden, requantiser=requantiser), model.layers[1]))
    assert with_requantisers(PLAIN, plain) == PLAIN


def test_other_stages_than_those_of_the_network_are_refused() -> None:
    for parts in ({"multipliers": 8}, {"output": "code"}, {"output": "argmax"}):
        model = random_model(SIZES, **parts)
        with pytest.raises(PulsewrightError, match="'random' has the stages of another network"):
            check_stages(PLAIN, model)
        with pytest.raises(PulsewrightError, match="take with_requantisers"):
            check_stages(with_requantisers(PLAIN, model), random_model(SIZES))


def test_a_shallow_engine_keeps_its_form() -> None:
    folded = fold(SIZES, FOLDINGS, incremental=True, reloadable=True, shallow=True)
    other = with_requantisers(folded, random_model(SIZES, multipliers=8, output="argmax"))
    assert (other.incremental, other.reloadable, other.argmax) == (True, True, True)
    assert all(layer.shallow for layer in other.layers)
    assert with_requantisers(other, random_model(SIZES)) == folded


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"hidden": True, "output_codes": True}, "a hidden layer has no output codes"),
        ({"hidden": False, "multiplied": True}, "multiplies nothing behind its sums"),
    ],
)
def test_stages_that_no_layer_has_are_refused(fields: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        FoldedLayer(inputs=3, neurons=2, pe=1, simd=1, beat=3, **fields)


def test_requantisers_have_a_multiplier_a_lane() -> None:
    """Three lanes of the hidden layer, one of the output layer."""
    assert PLAIN.requantiser_multipliers == 0
    hidden = with_requantisers(PLAIN, random_model(SIZES, multipliers=8))
    both = with_requantisers(PLAIN, random_model(SIZES, multipliers=8, output="code"))
    assert (hidden.requantiser_multipliers, both.requantiser_multipliers) == (3, 3 + 1)
    assert both.multipliers == PLAIN.multipliers
