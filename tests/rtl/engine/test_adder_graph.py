# SPDX-License-Identifier: Apache-2.0
import re
from typing import Any

import numpy as np
import pytest
from amaranth import Module, Signal, unsigned
from amaranth.back import rtlil
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.adder_graph.graph import AdderGraph
from pulsewright.hls_model.adder_graph.pipeline import graph_pipeline, term_width
from pulsewright.hls_model.adder_graph.solver import smallest_depth, solve_adder_graph
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.rtl.engine.adder_graph import pipelined_outputs
from pulsewright.rtl.engine.shapes import shape_of
from tests.rtl.simulation import run

OUTPUT_WIDTH = 32


class Pipeline(wiring.Component):
    """The graph alone, its outputs at a width that holds them all."""

    def __init__(self, graph: AdderGraph, stages: int) -> None:
        self.graph = graph
        super().__init__(
            {
                "codes": In(shape_of(graph.input_format)).array(graph.inputs),
                "loads": In(unsigned(stages)),
                "outputs": Out(OUTPUT_WIDTH).array(len(graph.outputs)),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        loads = [self.loads[i] for i in range(len(self.loads))]
        values = pipelined_outputs(m, self.graph, list(self.codes), loads)
        for output, value in zip(self.outputs, values, strict=True):
            signed = Signal(OUTPUT_WIDTH)
            total = -value.value if value.negative else value.value
            m.d.comb += [signed.eq(total), output.eq(signed)]
        return m


def observed(graph: AdderGraph, codes: IntegerArray, stages: int) -> IntegerArray:
    """Outputs (rows, outputs) in the cycle `stages` after each row's, a row a cycle.

    Every few cycles nothing loads, and the inputs are garbage.
    """
    pipeline = Pipeline(graph, stages)
    results = []

    async def testbench(ctx: Any) -> None:
        everything = (1 << stages) - 1
        for row in range(len(codes) + stages):
            if row % 3 == 0:
                ctx.set(pipeline.loads, 0)
                for code in pipeline.codes:
                    ctx.set(code, graph.input_format.maximum)
                await ctx.tick()
            ctx.set(pipeline.loads, everything)
            for code, value in zip(pipeline.codes, codes[row % len(codes)].tolist(), strict=True):
                ctx.set(code, value)
            await ctx.tick()
            if row >= stages - 1:
                results.append([ctx.get(output) for output in pipeline.outputs])

    run(pipeline, testbench)
    words = np.array(results[: len(codes)], dtype=np.uint64).astype(np.uint32).astype(np.int32)
    return words.astype(np.int64)


@settings(max_examples=40)
@given(st.data(), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**16))
def test_outputs_are_the_products_after_every_stage(
    data: st.DataObject, outputs: int, inputs: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    limit = 2 ** (data.draw(st.integers(2, 8)) - 1) - 1
    weights = random.integers(-limit, limit + 1, (outputs, inputs))
    weights[random.random((outputs, inputs)) < 0.3] = 0
    number_format = FixedPoint(
        width=data.draw(st.integers(1, 8)), frac=0, signed=data.draw(st.booleans())
    )
    graph = solve_adder_graph(weights, number_format, smallest_depth(weights) + 1)
    codes = random.integers(number_format.minimum, number_format.maximum + 1, (8, inputs))
    codes[0], codes[1] = number_format.minimum, number_format.maximum
    stages = data.draw(st.integers(1, 4))
    assert (observed(graph, codes, stages) == codes @ weights.T).all()


def register_bits(graph: AdderGraph, stages: int) -> dict[tuple[int, int], int]:
    """Bits of every register by (operand, stage), from the names of the design's wires."""
    text = rtlil.convert(Pipeline(graph, stages))
    found = re.findall(r"wire (?:width (\d+) )?(?:signed )?\\operand_(\d+)_(\d+)\n", text)
    return {(int(operand), int(stage)): int(width or 1) for width, operand, stage in found}


def test_a_value_that_crosses_a_stage_has_one_register_there() -> None:
    """15 a in one level, read by both outputs; the input has fewer bits, and waits."""
    byte = FixedPoint(width=8, frac=0, signed=False)
    graph = solve_adder_graph(np.array([[15], [-30], [0]]), byte, 9)
    assert [(adder.minimum, adder.maximum) for adder in graph.adders] == [(-15 * 255, 0)]
    assert register_bits(graph, 3) == {(0, stage): 8 for stage in range(3)}


def test_registers_hold_what_later_stages_read() -> None:
    """Nine bits in four levels and an addition behind them: x0 to x8 wait for the second stage."""
    bit = FixedPoint(width=1, frac=0, signed=False)
    graph = solve_adder_graph(np.array([[1] * 9]), bit, 6)
    assert graph.depth == 4
    for stages in (1, 2):
        kept = graph_pipeline(graph, stages).kept
        assert register_bits(graph, stages) == {
            (operand, stage): term_width(graph, operand)
            for stage, operands in enumerate(kept)
            for operand in operands
        }


@pytest.mark.parametrize(("digits", "levels"), [(8, 3), (9, 4), (16, 4)])
def test_a_graph_deeper_than_its_stages_has_more_levels_between_registers(
    digits: int, levels: int
) -> None:
    weights = np.array([[sum(4**i for i in range(digits))]])
    bit = FixedPoint(width=1, frac=0, signed=False)
    graph = solve_adder_graph(weights, bit, smallest_depth(weights))
    assert graph.depth == levels
    codes = np.array([[1], [0], [1], [1]])
    assert (observed(graph, codes, 1) == (codes @ weights.T).astype(np.int32)).all()
