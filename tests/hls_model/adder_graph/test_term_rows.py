# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.adder_graph.builder import GraphBuilder
from pulsewright.hls_model.adder_graph.graph import AdderGraph, GraphOutput
from pulsewright.hls_model.adder_graph.term_rows import (
    Ranking,
    TermRows,
    Terms,
    by_count,
    by_saved_bits,
    parts_of,
    sum_terms,
    term,
)
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray

FORMAT = FixedPoint(width=4, frac=0, signed=True)
ROOMY = 1 << 20


def coefficients(builder: GraphBuilder, terms: Terms) -> list[int]:
    """What a row of terms multiplies each input by, by evaluating its graph on unit vectors."""
    outputs = tuple(GraphOutput(*parts_of(one), sign < 0) for one, sign in terms.items())
    graph = AdderGraph(builder.inputs, FORMAT, tuple(builder.adders), outputs)
    units: IntegerArray = np.eye(builder.inputs, dtype=np.int64)
    return [int(value) for value in graph.evaluate(units).sum(axis=1)]


def test_the_most_frequent_pair_is_made_once_at_any_shift_and_sign() -> None:
    """a + 2b, 4a + 8b and -a - 2b are one pattern; a - 2b is another."""
    rows = [
        {term(0, 0): 1, term(1, 1): 1},
        {term(0, 2): 1, term(1, 3): 1},
        {term(0, 0): -1, term(1, 1): -1, term(2, 0): 1},
        {term(0, 0): 1, term(1, 1): -1},
    ]
    builder = GraphBuilder(3, FORMAT)
    shared = TermRows(builder, rows, [ROOMY] * 4)
    shared.share(by_count)
    assert [adder[:4] for adder in builder.adders] == [(0, 1, 1, False)]
    assert shared.rows == [
        {term(3, 0): 1},
        {term(3, 2): 1},
        {term(3, 0): -1, term(2, 0): 1},
        rows[3],
    ]


def test_an_operand_may_pair_with_itself_but_stands_in_one_pair_only() -> None:
    """1 + 4 + 16 + 64 = 5 + 5 * 16."""
    builder = GraphBuilder(1, FORMAT)
    shared = TermRows(builder, [{term(0, shift): 1 for shift in (0, 2, 4, 6)}], [ROOMY])
    shared.share(by_count)
    assert shared.rows == [{term(1, 0): 1, term(1, 4): 1}]
    assert coefficients(builder, shared.rows[0]) == [85]


@pytest.mark.parametrize("ranking", [by_count, by_saved_bits])
def test_rows_keep_their_values_and_budgets(ranking: Ranking) -> None:
    random = np.random.default_rng(0)
    rows = [
        {
            term(int(i), int(s)): int(random.choice([-1, 1]))
            for i in range(4)
            for s in range(0, 8, 2)
        }
        for _ in range(12)
    ]
    builder = GraphBuilder(4, FORMAT)
    expected = [coefficients(builder, row) for row in rows]
    shared = TermRows(builder, rows, [16, 32] * 6)
    shared.share(ranking)
    assert builder.adders
    for row, value, depth in zip(shared.rows, expected, [4, 5] * 6, strict=True):
        assert coefficients(builder, row) == value
        assert sum(2 ** builder.levels[parts_of(one)[0]] for one in row) <= 2**depth
        total, sign = sum_terms(builder, list(row.items()))
        assert builder.levels[parts_of(total)[0]] <= depth
        assert coefficients(builder, {total: sign}) == value


def test_a_row_without_room_keeps_its_terms() -> None:
    rows = [{term(i, 0): 1 for i in range(4)}, {term(i, 0): 1 for i in range(4)}]
    builder = GraphBuilder(4, FORMAT)
    shared = TermRows(builder, rows, [4, 4])
    shared.share(by_count)
    totals = [sum_terms(builder, list(row.items())) for row in shared.rows]
    assert totals[0] == totals[1]
    # (a + b) + (c + d), and never ((a + b) + c) + d.
    assert [adder.level for adder in builder.adders] == [1, 1, 2]


def test_sums_are_as_shallow_as_their_terms_allow() -> None:
    builder = GraphBuilder(5, FORMAT)
    deep = builder.add(builder.add(0, 1, 0, subtract=False), 2, 0, subtract=False)
    terms = [(term(deep, 0), 1), (term(3, 1), -1), (term(4, 0), 1), (term(4, 3), 1)]
    total, _ = sum_terms(builder, terms)
    assert builder.levels[parts_of(total)[0]] == 3
