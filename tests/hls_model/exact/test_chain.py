# SPDX-License-Identifier: Apache-2.0
"""Integers of whole networks against fractions, value by value."""

from fractions import Fraction

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.chain import ExactChain
from pulsewright.hls_model.exact.requantised import UnreproducibleLayerError
from pulsewright.hls_model.exact.staircase import integer_staircase
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.reference.inference import forward
from pulsewright.hls_model.reference.network_output import OutputKind
from tests.hls_model.exact.random_networks import random_network, values_of
from tests.hls_model.exact.reference import Quantiser, Recorded

ROWS = 16
NETWORKS = range(40)
MORE_NETWORKS = range(40, 1240)


def check(seed: int) -> str:
    """Runs one network; "refused" where ties of half to even leave no multiplier."""
    try:
        network = random_network(seed, lambda inputs: Recorded(ExactChain(inputs)))
        found = network.made.chain.finish("test", "random", network.output)
    except UnreproducibleLayerError:
        return "refused"
    network.check(found, ROWS, seed)
    return "equal"


def test_random_networks_are_their_exact_arithmetic() -> None:
    results = [check(seed) for seed in NETWORKS]
    assert results.count("refused") <= 2


@pytest.mark.regression
def test_many_random_networks_are_their_exact_arithmetic() -> None:
    results = [check(seed) for seed in MORE_NETWORKS]
    assert results.count("equal") >= 1000
    assert results.count("refused") <= len(results) // 40


def byte_input(chain_inputs: int = 2) -> Recorded:
    made = Recorded(ExactChain(chain_inputs))
    made.quantise(Quantiser(Fraction(1, 10), Fraction(0), -128, 127, "ROUND", after=False))
    return made


def hidden_codes(made: Recorded, rows: np.ndarray) -> list[list[int]]:
    found = made.chain.finish("test", "small", OutputKind.ACCUMULATOR)
    return forward(found.model.layers[:1], found.input_codes.codes(rows)).tolist()


def test_a_negative_gain_negates_the_weights() -> None:
    made = byte_input()
    made.dense(np.array([[3, -2], [1, 1]]), [Fraction(1, 3)])
    made.times([Fraction(-1), Fraction(2)])
    made.quantise(Quantiser(Fraction(1, 7), Fraction(0), 0, 15, "ROUND", after=True))
    made.dense(np.array([[1, 1]]), [Fraction(1)])
    found = made.chain.finish("test", "small", OutputKind.ACCUMULATOR)
    assert found.report.layers[0].negated_rows == 1
    assert found.model.layers[0].weights.tolist() == [[-3, 2], [1, 1]]


def test_one_multiplier_serves_neurons_of_one_scale() -> None:
    made = byte_input()
    made.dense(np.array([[3, -2], [1, 7], [5, 5]]), [Fraction(1, 3)])
    # Whole steps of the accumulator.
    made.plus([Fraction(7, 30), Fraction(-1, 30), Fraction(0)])
    made.quantise(Quantiser(Fraction(1, 2), Fraction(0), 0, 255, "ROUND", after=True))
    made.dense(np.array([[1, 1, 1]]), [Fraction(1)])
    found = made.chain.finish("test", "small", OutputKind.ACCUMULATOR)
    layer = found.model.layers[0]
    assert layer.bias.tolist() == [7, -1, 0]
    assert len(set(layer.requantiser.multiplier.tolist())) == 1
    assert len(set(layer.requantiser.offset.tolist())) == 1
    assert found.report.layers[0].requantiser.shared


def test_a_quantiser_of_powers_of_two_shifts_by_half_to_even() -> None:
    made = byte_input()
    made.dense(np.array([[1, 0], [0, 1]]), [Fraction(10)])
    made.quantise(Quantiser(Fraction(4), Fraction(0), 0, 63, "ROUND", after=True))
    made.dense(np.array([[1, 1]]), [Fraction(1)])
    found = made.chain.finish("test", "small", OutputKind.ACCUMULATOR)
    requantiser = found.model.layers[0].requantiser
    assert requantiser.multiplier.tolist() == [1, 1]
    assert requantiser.offset.tolist() == [0, 0]
    assert requantiser.shift == 2
    assert found.model.layers[0].rounding.value == "half_even"


def test_two_quantisers_in_a_row_that_one_multiplier_cannot_do_take_two_layers() -> None:
    made = byte_input()
    made.dense(np.array([[3, -2], [1, 7]]), [Fraction(1, 3)])
    made.quantise(Quantiser(Fraction(143, 1000), Fraction(0), -128, 127, "ROUND", after=True))
    made.clip(Fraction(0), None)
    made.quantise(Quantiser(Fraction(27, 100), Fraction(0), 0, 255, "ROUND", after=True))
    made.dense(np.array([[1, -1]]), [Fraction(1)])
    found = made.chain.finish("test", "small", OutputKind.ACCUMULATOR)
    assert len(found.model.layers) == 3
    assert found.model.layers[1].weights.tolist() == [[1, 0], [0, 1]]
    assert any("takes a layer of its own" in one for one in found.report.remarks)
    rows = np.random.default_rng(1).uniform(-13, 13, (300, 2))
    expected = [made.run([Fraction(x) for x in row]) for row in rows.tolist()]
    assert values_of(found.model, found.input_codes.codes(rows)) == expected


@pytest.mark.parametrize("clipped", [False, True])
@pytest.mark.parametrize("hidden", [False, True])
def test_a_second_quantiser_after_constants_by_channel_takes_a_layer(
    hidden: bool, clipped: bool
) -> None:
    made = byte_input()
    if hidden:
        made.dense(np.array([[3, -2], [1, 7]]), [Fraction(1, 3)])
        made.quantise(Quantiser(Fraction(143, 1000), Fraction(3), -128, 127, "ROUND", after=True))
    made.plus([Fraction(1, 9), Fraction(-7, 5)])
    made.times([Fraction(3, 11), Fraction(-1, 7)])
    if clipped:
        made.clip(Fraction(0), None)
    made.quantise(Quantiser(Fraction(31, 1000), Fraction(-4), -128, 127, "ROUND", after=True))
    made.dense(np.array([[1, -1]]), [Fraction(1)])
    found = made.chain.finish("test", "small", OutputKind.ACCUMULATOR)
    assert len(found.model.layers) == (3 if hidden else 2)
    assert any("follows constants by channel" in one for one in found.report.remarks)
    rows = np.random.default_rng(1).uniform(-13, 13, (300, 2))
    expected = [made.run([Fraction(x) for x in row]) for row in rows.tolist()]
    assert values_of(found.model, found.input_codes.codes(rows)) == expected


def test_a_clipping_by_channel_at_the_end_is_left_out_with_a_remark() -> None:
    """The result is what is clipped, a layer behind the quantiser."""
    made = output_network([Fraction(0)] * 3)
    made.quantise(Quantiser(Fraction(143, 1000), Fraction(3), -128, 127, "ROUND", after=True))
    made.plus([Fraction(1, 9), Fraction(-7, 5), Fraction(0)])
    unclipped = list(made.operations)
    made.clip(Fraction(0), None)
    found = made.chain.finish("test", "small", OutputKind.ACCUMULATOR)
    assert found.report.output_quantiser is None
    assert any("the clipping after" in one for one in found.report.remarks)
    made.operations = unclipped
    rows = np.random.default_rng(1).uniform(-13, 13, (50, 2))
    expected = [made.run([Fraction(x) for x in row]) for row in rows.tolist()]
    assert values_of(found.model, found.input_codes.codes(rows)) == expected


def test_a_format_of_the_input_leaves_hidden_quantisers_alone() -> None:
    signs = integer_staircase(
        "input", Fraction(1), Fraction(0), (-2, 1), zero_point_after_rounding=True
    )
    made = Recorded(ExactChain(2, signs))
    made.dense(np.array([[3, -2], [1, 7]]), [Fraction(1, 3)])
    made.quantise(Quantiser(Fraction(143, 1000), Fraction(0), -128, 127, "ROUND", after=True))
    made.quantise(Quantiser(Fraction(4, 10), Fraction(0), 0, 3, "ROUND", after=True))
    made.dense(np.array([[1, -1]]), [Fraction(1)])
    found = made.chain.finish("test", "small", OutputKind.ACCUMULATOR)
    rows = np.array([[a, b] for a in range(-2, 2) for b in range(-2, 2)], dtype=float)
    expected = [made.run([Fraction(x) for x in row]) for row in rows.tolist()]
    assert values_of(found.model, found.input_codes.codes(rows)) == expected


def test_constant_and_dead_neurons_are_counted() -> None:
    made = byte_input()
    made.dense(np.array([[1, 1], [1, 1], [1, -1]]), [Fraction(1)])
    made.plus([Fraction(-1000), Fraction(1000), Fraction(0)])
    made.quantise(Quantiser(Fraction(1, 3), Fraction(0), 0, 7, "ROUND", after=True))
    made.dense(np.array([[1, 1, 1]]), [Fraction(1)])
    report = made.chain.finish("test", "small", OutputKind.ACCUMULATOR).report.layers[0]
    assert (report.requantiser.constant_neurons, report.requantiser.dead_neurons) == (2, 1)
    assert report.requantiser.thresholds == 21
    assert report.requantiser.thresholds_outside == 14


def test_codes_of_a_narrow_quantiser_end_at_the_top() -> None:
    made = byte_input(1)
    made.dense(np.array([[1]]), [Fraction(1)])
    made.quantise(Quantiser(Fraction(1), Fraction(0), -1, 1, "ROUND", after=False))
    made.dense(np.array([[1]]), [Fraction(1)])
    rows = np.array([[-12.0], [-0.9], [0.2], [0.9], [12.0]])
    assert hidden_codes(made, rows) == [[0], [0], [1], [2], [2]]


def output_network(biases: list[Fraction], scales: list[Fraction] | None = None) -> Recorded:
    made = byte_input()
    made.dense(np.array([[3, -2], [1, 7], [0, 5]]), scales or [Fraction(1, 3)])
    made.plus(biases)
    return made


def test_an_argmax_is_that_of_the_values() -> None:
    made = output_network([Fraction(1, 30), Fraction(-2, 30), Fraction(9, 30)])
    found = made.chain.finish("test", "small", OutputKind.ARGMAX)
    rows = np.random.default_rng(2).uniform(-13, 13, (200, 2))
    values = [made.run([Fraction(x) for x in row]) for row in rows.tolist()]
    expected = [[row.index(max(row))] for row in values]
    assert found.model.infer(found.input_codes.codes(rows)).tolist() == expected


def test_an_argmax_widens_weights_where_halves_of_a_step_decide() -> None:
    made = output_network([Fraction(1, 60), Fraction(0), Fraction(-1, 60)])
    found = made.chain.finish("test", "small", OutputKind.ARGMAX)
    assert found.model.layers[-1].weights.tolist() == [[6, -4], [2, 14], [0, 10]]
    assert found.model.layers[-1].bias.tolist() == [1, 0, -1]


@pytest.mark.parametrize(
    ("biases", "scales", "words"),
    [
        ([Fraction(1, 31), Fraction(0), Fraction(1, 30)], None, "no integers at their scale"),
        (
            [Fraction(0)] * 3,
            [Fraction(1, 3), Fraction(1, 3), Fraction(1, 5)],
            "the outputs have different scales",
        ),
    ],
)
def test_an_argmax_of_integers_that_do_not_compare_is_refused(
    biases: list[Fraction], scales: list[Fraction] | None, words: str
) -> None:
    made = output_network(biases, scales)
    with pytest.raises(PulsewrightError, match=words):
        made.chain.finish("test", "small", OutputKind.ARGMAX)


def test_outputs_of_any_scale_and_bias_come_with_theirs() -> None:
    made = output_network(
        [Fraction(1, 31), Fraction(0), Fraction(-5, 7)],
        [Fraction(1, 3), Fraction(1, 3), Fraction(1, 5)],
    )
    found = made.chain.finish("test", "small", OutputKind.ACCUMULATOR)
    assert found.report.output.scale == ("1/30", "1/30", "1/50")
    assert found.report.output.offset == ("1/31", "0/1", "-5/7")


def test_an_output_code_is_the_integer_of_the_file() -> None:
    made = output_network([Fraction(0)] * 3)
    made.quantise(Quantiser(Fraction(1, 2), Fraction(3), -128, 127, "ROUND", after=True))
    found = made.chain.finish("test", "small", OutputKind.CODE)
    assert str(found.model.output_format) == "s8.0"
    assert found.report.output.code_offset == 0
    assert (found.report.output.scale, found.report.output.offset) == (("1/2",), ("-3/2",))


def test_an_output_quantiser_is_left_out_with_a_remark() -> None:
    made = output_network([Fraction(0)] * 3)
    made.quantise(Quantiser(Fraction(1, 2), Fraction(3), -128, 127, "ROUND", after=True))
    found = made.chain.finish("test", "small", OutputKind.ACCUMULATOR)
    assert any("quantises the output and was left out" in one for one in found.report.remarks)


def test_half_to_even_from_an_odd_code_on_is_refused_with_the_neuron() -> None:
    """Ties alternate, and an offset of one swaps them: no multiplier, no rounding does that."""
    made = byte_input()
    made.dense(np.array([[1, 0], [0, 1]]), [Fraction(10)])
    made.quantise(Quantiser(Fraction(2), Fraction(0), -127, 127, "ROUND", after=False))
    with pytest.raises(
        UnreproducibleLayerError, match=r"no multiplier of 32 bits reproduces .* of neuron 0"
    ):
        made.dense(np.array([[1, 1]]), [Fraction(1)])


def test_the_accumulator_may_not_leave_what_is_computed_exactly() -> None:
    made = byte_input(1)
    made.dense(np.array([[2**56]]), [Fraction(1)])
    made.quantise(Quantiser(Fraction(1), Fraction(0), 0, 3, "ROUND", after=True))
    with pytest.raises(PulsewrightError, match="node 1: its sums reach 64 bits"):
        made.dense(np.array([[1]]), [Fraction(1)])


def chain_with(*steps: str) -> None:
    """The steps by their names, on two inputs."""
    chain = ExactChain(2)
    quantiser = integer_staircase(
        "Q", Fraction(1, 3), Fraction(0), (0, 15), zero_point_after_rounding=True
    )
    for number, step in enumerate(steps):
        where = f"node {number}"
        if step == "quantise":
            chain.quantise(quantiser)
        elif step == "dense":
            chain.dense(where, np.array([[1, 2], [3, 4]]), [Surd.of(1)])
        elif step == "by channel":
            chain.times(where, [Surd.of(1), Surd.of(2)])
        elif step == "negate":
            chain.times(where, [Surd.of(-1)])
        elif step == "clip":
            chain.clip(where, Fraction(1, 10), None)
        elif step == "drop":
            chain.drop(where, "it is increasing")
    chain.finish("test", "small", OutputKind.ACCUMULATOR)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["dense"], r"node 0 stands before a quantiser of the input; .*input = "),
        (["quantise", "dense", "dense"], "node 2 follows node 1 without a quantiser"),
        (["quantise", "by channel", "dense"], "node 2: Q makes activations with scales by channel"),
        (["quantise", "clip", "dense"], "node 1 clips at 0.1, which is none of the values that Q"),
        (["quantise", "dense", "clip", "by channel"], "node 3 .* after a clipping|by channel"),
        (["quantise", "dense", "clip", "negate"], "node 3 multiplies by a factor that is not pos"),
        (["drop"], "node 0 stands before the first dense layer"),
        (["quantise", "dense", "drop", "dense"], "node 3 follows node 2, which is left out at"),
        (
            ["quantise"],
            "the output does not come from a dense layer: behind the 2 inputs there is none",
        ),
    ],
)
def test_what_is_no_chain_is_refused_by_name(steps: list[str], words: str) -> None:
    with pytest.raises(PulsewrightError, match=words):
        chain_with(*steps)


def test_shapes_that_do_not_fit_are_refused() -> None:
    chain = ExactChain(3)
    with pytest.raises(PulsewrightError, match="node has 2 values; give one, or one for each of"):
        chain.plus("node", [Surd.of(1), Surd.of(2)])
    chain.quantise(
        integer_staircase("Q", Fraction(1), Fraction(0), (0, 3), zero_point_after_rounding=True)
    )
    with pytest.raises(PulsewrightError, match="layer: weights of 2 inputs for 3 values"):
        chain.dense("layer", np.array([[1, 2]]), [Surd.of(1)])
