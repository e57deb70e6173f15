# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.reference.drawn_mlp import drawn_mlp
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.requantiser import Requantiser
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.hls_model.schedule.neuron_order import with_ordered_neurons
from pulsewright.hls_model.schedule.weight_window import padded_weights


def folded(model: IntegerMlp, *foldings: tuple[int, int]) -> FoldedEngine:
    return fold(model.sizes, [LayerFolding(pe=pe, simd=simd) for pe, simd in foldings])


def flips(model: IntegerMlp, engine: FoldedEngine) -> int:
    """Bits of weights that move in a vector, from step to step and on to the next vector."""
    total = 0
    for layer, one in zip(model.layers, engine.layers, strict=True):
        rows = padded_weights(layer, one).transpose(0, 2, 1, 3).reshape(one.cycles, -1)
        words = rows & ((1 << layer.weight_format.width) - 1)
        total += int(np.bitwise_count(words ^ np.roll(words, 1, axis=0)).sum())
    return total


def codes_of(model: IntegerMlp) -> IntegerArray:
    low, high = model.input_format.minimum, model.input_format.maximum
    return np.random.default_rng(0).integers(low, high + 1, (40, model.sizes[0]))


@settings(max_examples=25)
@given(st.data(), st.integers(2, 12), st.integers(2, 12), st.integers(0, 99))
def test_every_output_keeps_its_bits(
    data: st.DataObject, first: int, second: int, seed: int
) -> None:
    model = drawn_mlp("drawn", (5, first, second, 3), (5, 4, 6), 6, (5, 6), seed)
    engine = folded(
        model,
        *(
            (data.draw(st.integers(1, neurons)), data.draw(st.integers(1, inputs)))
            for inputs, neurons in ((5, first), (first, second), (second, 3))
        ),
    )
    # A model that has been used keeps what it computed from its weights.
    expected = model.infer(codes_of(model))
    ordered = with_ordered_neurons(model, engine)
    assert (ordered.infer(codes_of(model)) == expected).all()


@pytest.mark.parametrize("foldings", [((1, 6), (1, 1)), ((8, 6), (1, 8)), ((2, 6), (1, 4))])
def test_a_fifth_of_the_flips_or_more_is_saved(foldings: tuple[tuple[int, int], ...]) -> None:
    model = drawn_mlp("drawn", (6, 64, 1), (8, 8), 8, (8,))
    engine = folded(model, *foldings)
    assert flips(with_ordered_neurons(model, engine), engine) < 0.8 * flips(model, engine)


def test_what_a_neuron_has_goes_with_it() -> None:
    """Each neuron has its own channel shift and bias, by which it is found again."""
    drawn = drawn_mlp("drawn", (4, 8, 1), (6, 6), 6, (6,))
    shifts = (0, 1, 2, 3, 0, 1, 2, 3)
    hidden = drawn.layers[0].model_copy(
        update={"channel_shifts": shifts, "bias": np.arange(8, dtype=np.int64)}
    )
    model = IntegerMlp(name="m", input_map=drawn.input_map, layers=(hidden, drawn.layers[1]))
    ordered = with_ordered_neurons(model, folded(model, (1, 4), (1, 1))).layers
    numbers = ordered[0].bias.tolist()
    assert sorted(numbers) == list(range(8)) != numbers
    assert ordered[0].channel_shifts == tuple(shifts[i] for i in numbers)
    assert (ordered[0].weights == hidden.weights[numbers]).all()
    assert (ordered[1].weights == drawn.layers[1].weights[:, numbers]).all()


def test_a_requantiser_goes_with_its_neurons() -> None:
    given = Requantiser(multiplier=np.arange(3), offset=np.arange(3) - 9, shift=4, top=7)
    found = given.of_neurons(np.array([2, 0, 1]))
    assert (found.multiplier.tolist(), found.offset.tolist()) == ([2, 0, 1], [-7, -9, -8])
    assert (found.shift, found.top) == (4, 7)


@pytest.mark.parametrize("foldings", [((8, 6), (1, 8)), ((1, 6), (1, 8)), ((8, 6), (1, 2))])
def test_an_adder_graph_keeps_its_neurons(foldings: tuple[tuple[int, int], ...]) -> None:
    """Its additions would be others in another order."""
    model = drawn_mlp("drawn", (6, 8, 1), (8, 8), 8, (8,))
    assert with_ordered_neurons(model, folded(model, *foldings)).digest == model.digest
