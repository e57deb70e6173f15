# SPDX-License-Identifier: Apache-2.0
import numpy as np

from pulsewright.hls_model.adder_graph.graph import Adder, AdderGraph, GraphOutput
from pulsewright.hls_model.adder_graph.pipeline import graph_pipeline, term_width
from pulsewright.hls_model.adder_graph.solver import solve_adder_graph
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
    pipeline = graph_pipeline(graph, 2)
    # Three levels before the first register: operands 2, 3 and 4; operand 5 behind it.
    assert pipeline.adder_stages == (0, 0, 0, 1)
    # Input 0 is an output, input 1 and operand 4 are read by the second stage.
    assert pipeline.kept == ((0, 1, 4), (0, 5))
    assert [term_width(graph, number) for number in (0, 1, 2, 5)] == [4, 4, 5, 8]


def test_a_deeper_graph_has_more_levels_a_stage() -> None:
    chain = tuple(adder(n, 0, n) for n in range(1, 9))
    graph = AdderGraph(2, X, chain, (GraphOutput(9),))
    assert graph_pipeline(graph, 2).adder_stages == (0, 0, 0, 0, 1, 1, 1, 1)


def test_outputs_that_are_nothing_keep_nothing() -> None:
    graph = solve_adder_graph(np.zeros((2, 3), dtype=np.int64), X, 3)
    assert graph_pipeline(graph, 1).kept == ((),)
