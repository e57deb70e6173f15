# SPDX-License-Identifier: Apache-2.0
"""From a constant matrix to a graph of few additions within a limit of levels."""

from functools import lru_cache
from math import gcd

import numpy as np

from pulsewright.hls_model.adder_graph.builder import GraphBuilder
from pulsewright.hls_model.adder_graph.graph import AdderGraph, GraphOutput
from pulsewright.hls_model.adder_graph.row_forest import RowForest, roots_only, row_forest
from pulsewright.hls_model.adder_graph.signed_digits import LARGEST_COUNTED, canonical_signed_digits
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
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.schedule.folded_layer import ADDER_LEVELS_PER_STAGE, FoldedLayer

# Above this many signed digits one attempt is made instead of several: some seconds of Python.
MANY_DIGITS = 3000
# Links from a row to its root; each one takes a level from its ancestors.
GENERATIONS = 2

Row = tuple[int, ...]
# Adders, and the (term, sign) of every row.
Solution = tuple[GraphBuilder, list[tuple[int, int]]]


def smallest_depth(weights: IntegerArray) -> int:
    """Levels that the row with the most signed digits needs, ceil(log2 digits)."""
    most = max(
        (sum(len(canonical_signed_digits(w)) for w in row) for row in weights.tolist()), default=0
    )
    return (max(most, 1) - 1).bit_length()


def layer_adder_graph(layer: DenseLayer, folded_layer: FoldedLayer) -> AdderGraph:
    """The graph of a layer of one step, within the levels of its multiply and adder stages.

    Those are 3 * (1 + ceil(ceil(log2 simd) / 3)) >= 3 + ceil(log2 simd) levels, and weights of up
    to 16 bits have at most 8 signed digits each, simd * 8 a row, so that they always suffice. Wider
    weights may need more; the depth is then the smallest that does, and the same number of
    registers has more levels in between. A shallow layer has the same graph without registers.
    """
    budget = ADDER_LEVELS_PER_STAGE * (1 + folded_layer.adder_tree_stages)
    depth = max(budget, smallest_depth(layer.weights))
    return solve_adder_graph(layer.weights, layer.input_format, depth)


def solve_adder_graph(
    weights: IntegerArray, input_format: FixedPoint, depth_limit: int
) -> AdderGraph:
    """A graph of few additions that computes weights (outputs, inputs) @ inputs.

    Canonical signed digits, rows made from similar rows, and greedy elimination of common pairs
    of terms; of several attempts the one with the fewest adders, then the fewest full adders.
    The same arguments give the same graph; it is kept, since reports and RTL both ask for it.

    Raises:
        PulsewrightError: a row has more than 2**depth_limit signed digits.
    """
    needed = smallest_depth(weights)
    if depth_limit < needed:
        raise PulsewrightError(
            f"adder graph of {depth_limit} levels: a row of the weights needs {needed}; "
            f"allow at least {needed}"
        )
    return _solve(tuple(map(tuple, weights.tolist())), input_format, depth_limit)


@lru_cache(maxsize=32)
def _solve(weights: tuple[Row, ...], input_format: FixedPoint, depth_limit: int) -> AdderGraph:
    # Rows that are equal but for a power of two and a sign are computed once.
    scales = [_scale(row) for row in weights]
    primitive = [
        tuple(w // scale for w in row) if scale else row
        for row, scale in zip(weights, scales, strict=True)
    ]
    distinct = dict.fromkeys(row for row, scale in zip(primitive, scales, strict=True) if scale)
    inputs = len(weights[0])
    rows = np.array(list(distinct), dtype=np.int64).reshape(-1, inputs)
    builder, sums = _best(rows, input_format, depth_limit)
    places = dict(zip(distinct, sums, strict=True))
    outputs = []
    for row, scale in zip(primitive, scales, strict=True):
        if not scale:
            outputs.append(GraphOutput(None))
            continue
        total, sign = places[row]
        operand, shift = parts_of(total)
        outputs.append(
            GraphOutput(operand, shift + abs(scale).bit_length() - 1, negative=sign * scale < 0)
        )
    return AdderGraph(inputs, input_format, tuple(builder.adders), tuple(outputs))


def _scale(row: Row) -> int:
    """The power of two and the sign that a row is a multiple by; 0 of a row of zeros."""
    common = gcd(*row)
    if not common:
        return 0
    power = common & -common
    return power if next(w for w in row if w) > 0 else -power


def _best(rows: IntegerArray, input_format: FixedPoint, depth_limit: int) -> Solution:
    """The best of several attempts, of which the first, every row for itself, never fails."""

    def attempt(forest: RowForest, ranking: Ranking) -> Solution | None:
        return _attempt(rows.shape[1], input_format, depth_limit, forest, ranking)

    largest = int(np.abs(rows).max(initial=0))
    linked = len(rows) > 1 and largest <= LARGEST_COUNTED // 4
    digits = sum(len(canonical_signed_digits(w)) for w in rows.ravel().tolist())
    if linked and digits > MANY_DIGITS:
        found = attempt(row_forest(rows, GENERATIONS, (0,)), by_saved_bits)
        if found is not None:
            return found
    best = attempt(roots_only(rows), by_count)
    assert best is not None
    if linked and digits <= MANY_DIGITS:
        for shifts in ((0,), (0, 1)):
            other = attempt(row_forest(rows, GENERATIONS, shifts), by_saved_bits)
            if other is not None and other[0].cost < best[0].cost:
                best = other
    return best


def _attempt(
    inputs: int,
    input_format: FixedPoint,
    depth_limit: int,
    forest: RowForest,
    ranking: Ranking,
) -> Solution | None:
    """Adders and the (term, sign) of every row; None if the forest is too high for the limit.

    A row with descendants leaves them one level each.
    """
    depths = [depth_limit - height for height in forest.heights()]
    if min(depths, default=0) < 0:
        return None
    budgets = [
        (1 << depth) - (1 << depths[parent] if parent >= 0 else 0)
        for depth, parent in zip(depths, forest.parents, strict=True)
    ]
    rows: list[Terms] = [
        {
            term(number, position): digit
            for number, weight in enumerate(row)
            for position, digit in canonical_signed_digits(weight)
        }
        for row in forest.rest.tolist()
    ]
    if any(len(row) > budget for row, budget in zip(rows, budgets, strict=True)):
        return None
    builder = GraphBuilder(inputs, input_format)
    shared = TermRows(builder, rows, budgets)
    shared.share(ranking)
    sums: list[tuple[int, int]] = [(0, 0)] * len(rows)
    for number in forest.order:
        terms = list(shared.rows[number].items())
        if forest.parents[number] >= 0:
            total, sign = sums[forest.parents[number]]
            operand, shift = parts_of(total)
            shifted = term(operand, shift + forest.shifts[number])
            terms.append((shifted, sign * forest.signs[number]))
        sums[number] = sum_terms(builder, terms)
    return builder, sums
