# SPDX-License-Identifier: Apache-2.0
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.quant.quantised.hidden_layer_search import (
    BIAS_STEPS,
    HiddenLayerSearch,
    pair_moves,
    single_moves,
)


def problem(seed: int, neurons: int = 5, inputs: int = 3, width: int = 4) -> HiddenLayerSearch:
    random = np.random.default_rng(seed)
    limit = 2 ** (width - 1) - 1
    rows = random.integers(-20, 21, (60, inputs)).astype(float)
    return HiddenLayerSearch(
        rows=rows,
        count=random.integers(1, 5, 60).astype(float),
        target=random.normal(0, 40, 60),
        weights=random.integers(-limit, limit + 1, (neurons, inputs)).astype(float),
        bias=random.integers(-50, 51, neurons).astype(float),
        gain=2.0 ** random.integers(-4, -1, neurons),
        top=15,
        limit=limit,
        output=random.integers(-limit, limit + 1, neurons).astype(float),
        output_bias=3.0,
        output_limit=limit,
    )


def plain_error(search: HiddenLayerSearch) -> float:
    """The error by definition, in Python numbers, from the parameters alone."""
    total = 0.0
    for row, count, target in zip(search.rows, search.count, search.target, strict=True):
        output = search.output_bias
        for weights, bias, gain, outgoing in zip(
            search.weights, search.bias, search.gain, search.output, strict=True
        ):
            sum_ = sum(w * x for w, x in zip(weights, row, strict=True)) + bias
            output += outgoing * min(max(round(sum_ * gain), 0), search.top)
        total += count * (output - target) ** 2
    return total


def check_formats(search: HiddenLayerSearch) -> None:
    for values in (search.weights, search.bias, search.output):
        assert np.array_equal(values, np.rint(values))
    assert np.abs(search.weights).max() <= search.limit
    assert np.abs(search.output).max() <= search.output_limit
    assert search.output_bias == round(search.output_bias)


@given(seed=st.integers(0, 10**6), neurons=st.integers(1, 6), width=st.integers(2, 8))
@settings(max_examples=25, deadline=None)
def test_every_step_lowers_the_error_it_says(seed: int, neurons: int, width: int) -> None:
    search = problem(seed, neurons, width=width)
    generator = np.random.default_rng(seed)
    errors = [plain_error(search)]
    assert search.error() == pytest.approx(errors[0])
    moves = np.concatenate([single_moves(3), pair_moves(3)])
    for step in (
        lambda: search.solve_output(),
        lambda: search.descend(single_moves(3), 0.0, generator),
        lambda: search.replace(generator),
        lambda: search.descend(moves, 0.0, generator),
    ):
        step()
        check_formats(search)
        errors.append(plain_error(search))
        assert search.error() == pytest.approx(errors[-1])
    assert all(after <= before * (1 + 1e-9) for before, after in itertools.pairwise(errors))


@pytest.mark.parametrize("seed", range(5))
def test_at_the_end_no_move_helps(seed: int) -> None:
    search = problem(seed)
    moves = np.concatenate([single_moves(3), pair_moves(3)])
    search.descend(moves, 0.0, np.random.default_rng(0))
    least = plain_error(search)
    for neuron in range(len(search.weights)):
        bias_moves = [0.0]
        for step in np.maximum(1, np.rint(BIAS_STEPS / search.gain[neuron])):
            bias_moves += [step, -step]
        weights, bias = search.weights[neuron].copy(), search.bias[neuron]
        changes = [(move, 0.0) for move in moves] + [(0 * moves[0], step) for step in bias_moves]
        for weight_move, bias_move in changes:
            if np.abs(weights + weight_move).max() > search.limit:
                continue
            search.weights[neuron] = weights + weight_move
            search.bias[neuron] = bias + bias_move
            assert plain_error(search) >= least * (1 - 1e-5)
        search.weights[neuron], search.bias[neuron] = weights, bias


def test_moves() -> None:
    assert sorted(map(tuple, single_moves(2))) == [(-1, 0), (0, -1), (0, 1), (1, 0)]
    assert sorted(map(tuple, pair_moves(2))) == [(-1, -1), (-1, 1), (1, -1), (1, 1)]
    assert len(pair_moves(8)) == 112
    assert pair_moves(9).shape == (0, 9)


def test_the_bound_on_work(monkeypatch) -> None:
    search = problem(0)
    before = plain_error(search)
    monkeypatch.setattr("pulsewright.quant.quantised.hidden_layer_search.MOST_VALUES", 10)
    search.descend(single_moves(3), 0.0, np.random.default_rng(0))
    search.replace(np.random.default_rng(0))
    assert plain_error(search) == before


def test_candidates_in_several_passes_are_the_same(monkeypatch) -> None:
    results = []
    for size in (1 << 20, 100):
        monkeypatch.setattr("pulsewright.quant.quantised.hidden_layer_search.VALUES_A_PASS", size)
        search = problem(3)
        search.descend(single_moves(3), 0.0, np.random.default_rng(0))
        results.append((search.weights.tolist(), search.bias.tolist(), search.output.tolist()))
    assert results[0] == results[1]


def test_wide_codes_are_computed_in_double_precision() -> None:
    """Sums beyond 2**24, which float32 would round."""
    search = problem(0)
    wide = HiddenLayerSearch(
        rows=search.rows * 2.0**21 + 1,
        count=search.count,
        target=search.target,
        weights=search.weights,
        bias=search.bias,
        gain=search.gain / 2.0**21,
        top=search.top,
        limit=search.limit,
        output=search.output,
        output_bias=search.output_bias,
        output_limit=search.output_limit,
    )
    wide.descend(single_moves(3), 0.0, np.random.default_rng(0))
    assert wide.error() == pytest.approx(plain_error(wide))
