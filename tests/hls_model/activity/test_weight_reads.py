# SPDX-License-Identifier: Apache-2.0
from pulsewright.hls_model.activity.weight_reads import (
    ReadKind,
    WeightRead,
    WeightStore,
    layer_reads,
    weight_bits,
    weight_bits_read,
)
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from tests.models import fold_model, random_model

A1 = (6, 64, 1)


def test_weight_bits_of_a1_are_its_448_weights_and_65_biases() -> None:
    model = random_model(A1)
    first, second = (layer.accumulator_format.width for layer in model.layers)
    bits = 448 * 8 + 64 * first + second
    assert weight_bits(model) == bits
    # Eight groups of eight read 64 biases; the output neuron's single bias is read as well.
    assert weight_bits_read(model, fold_model(model, [(8, 6), (1, 8)])) == bits


def test_channel_shifts_take_no_weight_bits() -> None:
    """Accumulators at their own scales are no wider, and shifts are constants in logic."""
    plain, scaled = (random_model(A1, per_channel=per_channel) for per_channel in (False, True))
    engine = fold_model(plain, [(8, 6), (1, 8)])
    assert any(scaled.layers[0].channel_shifts)
    assert weight_bits(scaled) == weight_bits(plain)
    assert weight_bits_read(scaled, engine) == weight_bits_read(plain, engine)


def test_tables_in_logic_are_read_where_there_are_several_rows() -> None:
    """7 neurons by 2, 5 inputs by 3: 4 groups of 2 steps of 6 weights of 8 bits."""
    model = random_model((5, 7, 3))
    hidden, output = model.layers
    folded = fold_model(model, [(2, 3), (3, 7)]).layers
    biases = WeightRead(ReadKind.BIASES, 2 * hidden.accumulator_format.width)
    assert layer_reads(hidden, folded[0], WeightStore.LOGIC, 1, 8) == {
        WeightRead(ReadKind.WEIGHTS, 48): 8,
        biases: 4,
    }
    # One row is a constant.
    assert layer_reads(output, folded[1], WeightStore.LOGIC, 1, 1) == {}


def test_memories_have_rows_of_whole_words_and_biases_of_their_format() -> None:
    """6 weights take two words of four; a bias holds 5 * 127 * 128 = 81280 of either sign."""
    model = reloadable_formats(random_model((5, 7, 3)))
    folded = fold_model(model, [(2, 3), (1, 2)], reloadable=True).layers
    assert layer_reads(model.layers[0], folded[0], WeightStore.MEMORY, 10, 80) == {
        WeightRead(ReadKind.WEIGHTS, 64): 80,
        WeightRead(ReadKind.BIASES, 2 * 18): 40,
    }


def test_a_memory_of_one_row_is_a_register_unless_any_memory_is_meant() -> None:
    model = random_model((4, 3))
    folded_layer = fold_model(model, [(3, 4)]).layers[0]
    built = reloadable_formats(model).layers[0]
    assert layer_reads(built, folded_layer, WeightStore.MEMORY, 1, 1) == {}
    width = model.layers[0].accumulator_format.width
    assert layer_reads(model.layers[0], folded_layer, WeightStore.ANY_MEMORY, 1, 1) == {
        WeightRead(ReadKind.WEIGHTS, 12 * 8): 1,
        WeightRead(ReadKind.BIASES, 3 * width): 1,
    }
