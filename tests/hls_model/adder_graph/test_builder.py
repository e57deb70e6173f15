# SPDX-License-Identifier: Apache-2.0
import itertools

import pytest

from pulsewright.hls_model.adder_graph.builder import GraphBuilder
from pulsewright.hls_model.adder_graph.graph import AdderGraph, GraphOutput
from pulsewright.hls_model.reference.fixed_point import FixedPoint

SIGNED = FixedPoint(width=3, frac=1, signed=True)
UNSIGNED = FixedPoint(width=2, frac=0, signed=False)


def test_an_addition_is_made_once() -> None:
    builder = GraphBuilder(2, SIGNED)
    first = builder.add(0, 1, 2, subtract=False)
    assert first == 2
    assert builder.add(0, 1, 2, subtract=True) == 3
    assert builder.add(0, 1, 2, subtract=False) == first
    assert len(builder.adders) == 2


@pytest.mark.parametrize("number_format", [SIGNED, UNSIGNED])
@pytest.mark.parametrize("subtract", [False, True])
def test_ranges_are_those_of_all_inputs_though_operands_depend_on_each_other(
    number_format: FixedPoint, subtract: bool
) -> None:
    """3a -/+ (a + 2b): intervals of operands alone would give a wider one."""
    builder = GraphBuilder(2, number_format)
    three = builder.add(0, 0, 1, subtract=False)
    both = builder.add(0, 1, 1, subtract=False)
    builder.add(three, both, 0, subtract)
    codes = range(number_format.minimum, number_format.maximum + 1)
    values = [
        3 * a + (-(a + 2 * b) if subtract else a + 2 * b)
        for a, b in itertools.product(codes, repeat=2)
    ]
    adder = builder.adders[-1]
    assert (adder.minimum, adder.maximum) == (min(values), max(values))
    assert adder.signed == (min(values) < 0)
    assert adder.level == 2


def test_the_lowest_bits_pass_an_adder_and_disjoint_bits_need_none() -> None:
    builder = GraphBuilder(2, UNSIGNED)
    for shift, subtract in ((0, False), (1, False), (2, False), (2, True)):
        builder.add(0, 1, shift, subtract)
    # Sums 0..6, 0..9, 0..15 and -12..3: 3, 4, 4 and 5 bits; a 2-bit operand beside a shift of 2.
    assert [adder.width for adder in builder.adders] == [3, 4, 4, 5]
    assert [adder.bits for adder in builder.adders] == [3, 3, 0, 3]
    assert builder.cost == (4, 9)


def test_signed_operands_overlap_by_their_sign() -> None:
    builder = GraphBuilder(2, SIGNED)
    builder.add(0, 1, 4, subtract=False)
    assert builder.adders[0].bits == builder.adders[0].width - 4 > 0


def test_a_graph_without_adders_has_no_depth() -> None:
    graph = AdderGraph(1, SIGNED, (), (GraphOutput(0, 3, negative=True), GraphOutput(None)))
    assert (graph.depth, graph.bits) == (0, 0)
