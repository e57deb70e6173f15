# SPDX-License-Identifier: Apache-2.0
import pytest
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.requantiser import Requantiser
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.hls_model.schedule.requantiser_stages import (
    check_stages,
    with_requantisers,
    with_transfer,
)
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
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


@pytest.mark.parametrize(
    ("transfer", "vector", "result", "latency", "first"),
    [
        # Layer 1 of 2 groups and 2 steps has 5 registers, layer 2 of 3 groups and 2 steps 4. The
        # step of a beat in a double buffer goes a cycle later.
        (VectorTransfer.WHOLE, (1, 4), (1, 3), 3 + 5 + 1 + 4 + 4 + 1, 3 + 5 + 1 + 4 + 4 + 1),
        (VectorTransfer.BEATS, (2, 2), (3, 1), 4 + 5 + 1 + 4 + 4, 4 + 5 + 1 + 4),
        (VectorTransfer.STEPS, (4, 2), (3, 1), 3 + 5 + 1 + 4 + 4, 3 + 5 + 1 + 4),
    ],
)
def test_vectors_in_beats_by_hand(
    transfer: VectorTransfer,
    vector: tuple[int, int],
    result: tuple[int, int],
    latency: int,
    first: int,
) -> None:
    model = random_model(SIZES)
    folded = with_transfer(PLAIN, model, transfer)
    assert (folded.vector_beats, folded.vector_lanes) == vector
    assert (folded.result_beats, folded.result_lanes) == result
    assert (folded.latency, folded.first_result_latency) == (latency, first)
    assert folded.initiation_interval == PLAIN.initiation_interval
    assert with_requantisers(folded, model) == folded
    assert with_transfer(folded, model, VectorTransfer.WHOLE) == PLAIN


def test_an_index_is_one_beat_in_every_transfer() -> None:
    model = random_model(SIZES, output="argmax")
    for transfer in VectorTransfer:
        folded = with_transfer(PLAIN, model, transfer)
        assert (folded.result_beats, folded.result_lanes) == (1, 1)
        assert folded.first_result_latency == folded.latency


def test_large_buffers_go_into_memories_and_take_a_cycle_more() -> None:
    model = random_model((4, 72, 3))
    plain = fold(model.sizes, [LayerFolding(pe=4, simd=4), LayerFolding(pe=1, simd=8)])
    folded = with_requantisers(plain, model)
    assert [layer.buffered_in_memory for layer in folded.layers] == [False, True]
    assert folded.latency == plain.latency + 1
    with pytest.raises(PulsewrightError, match="take with_requantisers"):
        check_stages(plain, model)


def test_an_incremental_layer_needs_its_vector_whole() -> None:
    folded = fold(SIZES, FOLDINGS, incremental=True)
    with pytest.raises(PulsewrightError, match="compares whole vectors and gets this one in beats"):
        with_transfer(folded, random_model(SIZES), VectorTransfer.BEATS)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"beat": 2, "repeated": True}, "beats of 2 activations are no steps of simd = 1"),
        ({"beat": 3, "buffered_in_memory": True}, "without a double buffer"),
    ],
)
def test_a_feed_that_cannot_be_is_refused(fields: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        FoldedLayer(inputs=3, neurons=2, pe=1, simd=1, hidden=True, **fields)


def test_a_transfer_that_the_first_layer_does_not_have_is_refused() -> None:
    with pytest.raises(ValidationError, match="take with_transfer"):
        FoldedEngine(layers=PLAIN.layers, transfer=VectorTransfer.BEATS)
    with pytest.raises(ValidationError, match="repeated vectors, all of them or none"):
        FoldedEngine(layers=PLAIN.layers, transfer=VectorTransfer.STEPS)
