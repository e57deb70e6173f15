# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.adder_graph import solver
from pulsewright.hls_model.adder_graph.graph import AdderGraph, GraphOutput
from pulsewright.hls_model.adder_graph.signed_digits import digit_counts
from pulsewright.hls_model.adder_graph.solver import (
    layer_adder_graph,
    smallest_depth,
    solve_adder_graph,
)
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from tests.models import changed, fold_model, random_model

BYTE = FixedPoint(width=8, frac=7, signed=True)


def check(graph: AdderGraph, weights: IntegerArray, depth_limit: int) -> None:
    """Exact on random codes and both corners, within the limit, and every range exact."""
    number_format = graph.input_format
    low, high = number_format.minimum, number_format.maximum
    codes = np.random.default_rng(0).integers(low, high + 1, (50, weights.shape[1]))
    codes[0], codes[1] = low, high
    assert (graph.evaluate(codes) == codes @ weights.T).all()
    assert graph.depth <= depth_limit
    levels = [0] * graph.inputs
    rows = list(np.eye(graph.inputs, dtype=np.int64))
    for adder in graph.adders:
        second = rows[adder.second] << adder.shift
        rows.append(rows[adder.first] + (-second if adder.subtract else second))
        ends = rows[-1] * low, rows[-1] * high
        assert adder.minimum == np.minimum(*ends).sum()
        assert adder.maximum == np.maximum(*ends).sum()
        levels.append(1 + max(levels[adder.first], levels[adder.second]))
        assert adder.level == levels[-1]
    assert [graph.level(number) for number in range(len(levels))] == levels


def plain_adders(weights: IntegerArray) -> int:
    """Additions of signed digits without any sharing."""
    return int(np.maximum(digit_counts(weights).sum(axis=1) - 1, 0).sum())


@settings(max_examples=150)
@given(st.data(), st.integers(1, 12), st.integers(1, 9), st.integers(2, 8), st.integers(0, 2**16))
def test_any_matrix_is_exact_within_the_smallest_depth_and_above(
    data: st.DataObject, outputs: int, inputs: int, width: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    limit = 2 ** (width - 1) - 1
    weights = random.integers(-limit, limit + 1, (outputs, inputs))
    for row in range(1, outputs):
        kind = data.draw(st.sampled_from(["own", "zero", "equal", "negated", "double", "power"]))
        if kind == "zero":
            weights[row] = 0
        elif kind == "power":
            weights[row] = random.choice([0, 1, -2, 4], inputs)
        elif kind != "own":
            weights[row] = weights[row - 1] * {"equal": 1, "negated": -1, "double": 2}[kind]
    number_format = FixedPoint(
        width=data.draw(st.integers(1, 9)), frac=0, signed=data.draw(st.booleans())
    )
    depth_limit = smallest_depth(weights) + data.draw(st.integers(0, 3))
    graph = solve_adder_graph(weights, number_format, depth_limit)
    check(graph, weights, depth_limit)
    assert len(graph.adders) <= plain_adders(weights)


@pytest.mark.parametrize(
    ("weights", "adders", "outputs"),
    [
        ([[0, 0]], 0, [GraphOutput(None)]),
        ([[0, -8]], 0, [GraphOutput(1, 3, negative=True)]),
        # 6a + 6b = -2 (c - 4c) with c = a + b, once more with the sign turned, and eight times.
        ([[6, 6], [-6, -6], [48, 48]], 2, [(3, 1, True), (3, 1, False), (3, 4, True)]),
        ([[5, 0], [0, 5], [5, 5]], 3, None),
    ],
)
def test_graphs_worked_out_by_hand(
    weights: list[list[int]], adders: int, outputs: list[GraphOutput] | None
) -> None:
    graph = solve_adder_graph(np.array(weights), BYTE, 4)
    check(graph, np.array(weights), 4)
    assert len(graph.adders) == adders
    assert outputs is None or list(graph.outputs) == outputs


def test_the_graph_is_the_same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = np.random.default_rng(3).integers(-127, 128, (20, 6))
    first = solve_adder_graph(weights, BYTE, 6)
    solver._solve.cache_clear()
    again = solve_adder_graph(weights.copy(), BYTE, 6)
    assert again is not first
    assert again == first
    assert solve_adder_graph(weights, BYTE, 6) is again


@pytest.mark.parametrize("seed", [0, 1])
def test_a1_takes_under_half_of_the_additions_of_its_digits(seed: int) -> None:
    """Random weights; of unlimited depth da4ml 0.6 needs 559 and 542 adders for the same ones."""
    model = random_model((6, 64, 1), seed)
    engine = fold_model(model, [(64, 6), (1, 64)])
    graphs = [layer_adder_graph(*pair) for pair in zip(model.layers, engine.layers, strict=True)]
    for graph, layer, limit in zip(graphs, model.layers, (6, 9), strict=True):
        check(graph, layer.weights, limit)
    adders = sum(len(graph.adders) for graph in graphs)
    assert adders < 0.52 * sum(plain_adders(layer.weights) for layer in model.layers)
    assert adders <= 555


def test_a_large_layer_is_solved_in_one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = np.random.default_rng(0).integers(-127, 128, (12, 10))
    best = solve_adder_graph(weights, BYTE, 9)
    monkeypatch.setattr(solver, "MANY_DIGITS", 100)
    for depth in (9, smallest_depth(weights)):
        solver._solve.cache_clear()
        graph = solve_adder_graph(weights, BYTE, depth)
        check(graph, weights, depth)
        assert len(best.adders) <= len(graph.adders) < plain_adders(weights)
    solver._solve.cache_clear()


def test_too_few_levels_are_refused() -> None:
    with pytest.raises(PulsewrightError, match=r"of 2 levels: .* needs 3; allow at least 3"):
        solve_adder_graph(np.array([[85, 1]]), BYTE, 2)


@pytest.mark.parametrize("width", [2, 8, 16])
@pytest.mark.parametrize("simd", [1, 2, 3, 8, 9, 64])
def test_the_stages_of_a_layer_have_levels_enough_for_its_weights(width: int, simd: int) -> None:
    """As many signed digits as the width allows in every weight: 0101...01."""
    layer = random_model((simd, 1), weight_width=width).layers[0]
    worst = changed(layer, weights=layer.weights * 0 + sum(4**i for i in range(width // 2)))
    folded_layer = fold_model(random_model((simd, 1)), [(1, simd)]).layers[0]
    assert smallest_depth(worst.weights) <= 3 * folded_layer.arithmetic_stages
    assert layer_adder_graph(worst, folded_layer).depth <= 3 * folded_layer.arithmetic_stages


def test_wider_weights_take_the_smallest_depth_instead() -> None:
    """18 bits have 9 digits, 4 levels where one stage of a layer of one input has 3."""
    layer = random_model((1, 1), weight_width=18).layers[0]
    worst = changed(layer, weights=[[sum(4**i for i in range(9))]])
    folded_layer = fold_model(random_model((1, 1)), [(1, 1)]).layers[0]
    assert smallest_depth(worst.weights) == 4
    assert layer_adder_graph(worst, folded_layer).depth == 4


def test_the_widest_weights_are_exact() -> None:
    weights = np.array([[2**61 - 1, -(2**59) + 5], [2**60 + 1, 2**59 - 7]])
    one_bit = FixedPoint(width=1, frac=0, signed=False)
    graph = solve_adder_graph(weights, one_bit, 6)
    codes = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert (graph.evaluate(codes) == codes @ weights.T).all()
