# SPDX-License-Identifier: Apache-2.0
from itertools import combinations_with_replacement, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.adder_graph.graph import Adder, AdderGraph, GraphOutput
from pulsewright.hls_model.adder_graph.pipeline import graph_pipeline, term_width
from pulsewright.hls_model.adder_graph.solver import smallest_depth, solve_adder_graph
from pulsewright.hls_model.reference.fixed_point import FixedPoint

X = FixedPoint(width=4, frac=3, signed=True)


def adder(first: int, second: int, level: int) -> Adder:
    return Adder(
        first,
        second,
        0,
        subtract=False,
        minimum=-8 * 2**level,
        maximum=7 * 2**level,
        level=level,
        bits=4 + level,
    )


def test_values_are_registered_in_the_stages_that_they_cross() -> None:
    """Two inputs; levels 1 to 4 in a chain, of which level 4 needs input 1 once more."""
    chain = (adder(0, 1, 1), adder(2, 2, 2), adder(3, 3, 3), adder(4, 1, 4))
    graph = AdderGraph(2, X, chain, (GraphOutput(5), GraphOutput(0)))
    assert [term_width(graph, number) for number in (0, 1, 2, 5)] == [4, 4, 5, 8]
    pipeline = graph_pipeline(graph, 2)
    # Behind levels 0 to 4 there are 8, 13, 14, 15 and 12 bits: two inputs, then operand 3 and both.
    assert pipeline.adder_stages == (1, 1, 2, 2)
    # Input 0 is an output, input 1 is read by level 4.
    assert pipeline.kept == ((0, 1), (0, 1, 3))


def test_a_deeper_graph_has_more_levels_a_stage() -> None:
    """Eight levels and the addition to the accumulator, by four where three stages take three."""
    chain = tuple(adder(n, 0, n) for n in range(1, 9))
    graph = AdderGraph(2, X, chain, (GraphOutput(9),))
    assert graph_pipeline(graph, 2).adder_stages == (0, 0, 0, 1, 1, 1, 2, 2)
    assert graph_pipeline(graph, 1).adder_stages == (0, 0, 0, 0, 1, 1, 1, 1)


def test_outputs_that_are_nothing_keep_nothing() -> None:
    graph = solve_adder_graph(np.zeros((2, 3), dtype=np.int64), X, 3)
    assert graph_pipeline(graph, 1).kept == ((),)


def register_bits(graph: AdderGraph, cuts: tuple[int, ...]) -> int:
    """Of registers behind these levels: each value that is there and is read behind one."""
    reads: dict[int, int] = {o.operand: 99 for o in graph.outputs if o.operand is not None}
    for one in graph.adders:
        for operand in (one.first, one.second):
            reads[operand] = max(reads.get(operand, 0), one.level)
    return sum(
        term_width(graph, number)
        for cut in cuts
        for number, read in reads.items()
        if graph.level(number) <= cut < read
    )


@settings(max_examples=25)
@given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 8), st.integers(0, 999))
def test_no_other_places_take_fewer_bits(stages: int, outputs: int, inputs: int, seed: int) -> None:
    weights = np.random.default_rng(seed).integers(-40, 41, (outputs, inputs))
    graph = solve_adder_graph(weights, X, smallest_depth(weights) + 1)
    end = graph.depth + 1
    longest = max(3, -(-end // (stages + 1)))
    pipeline = graph_pipeline(graph, stages)
    taken = sum(term_width(graph, number) for kept in pipeline.kept for number in kept)
    assert taken == min(
        register_bits(graph, cuts)
        for cuts in combinations_with_replacement(range(end), stages)
        if all(later - one <= longest for one, later in pairwise((0, *cuts, end)))
    )
    levels = [adder.level for adder in graph.adders]
    for stage in range(stages + 1):
        inside = {
            level
            for level, place in zip(levels, pipeline.adder_stages, strict=True)
            if place == stage
        }
        assert len(inside) <= longest


@pytest.mark.parametrize("stages", [1, 2])
def test_what_a_stage_reads_is_registered_before_it(stages: int) -> None:
    weights = np.random.default_rng(1).integers(-100, 101, (8, 6))
    graph = solve_adder_graph(weights, X, smallest_depth(weights) + 1)
    pipeline = graph_pipeline(graph, stages)
    where = [0] * graph.inputs + list(pipeline.adder_stages)
    for one, stage in zip(graph.adders, pipeline.adder_stages, strict=True):
        for operand in (one.first, one.second):
            assert all(operand in pipeline.kept[s] for s in range(where[operand], stage))
