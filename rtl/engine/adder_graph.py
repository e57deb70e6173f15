# SPDX-License-Identifier: Apache-2.0
"""An adder graph in logic, with a register after every few levels."""

from collections.abc import Sequence
from math import ceil

from amaranth import Const, Module, Shape, Signal, Value

from hls_model.adder_graph.graph import AdderGraph, GraphOutput
from hls_model.folding import ADDER_LEVELS_PER_STAGE


def pipelined_outputs(
    m: Module, graph: AdderGraph, operands: Sequence[Value], loads: Sequence[Value]
) -> list[Value]:
    """The graph's outputs, in the registers that the last of `loads` enables.

    operands: the graph's inputs, registered by the stage before. loads: enables of the register
    stages, one behind another; between two of them lie three levels of additions, or as many more
    as a deeper graph needs; without any the whole graph is combinational. A value that crosses a stage is registered there once for all who
    read it later; an output's shift is wiring and its sign is left to what adds it.

    Latency len(loads) cycles in which every stage loads.
    """
    registered: list[Value | None] = [*loads] or [None]
    levels = max(ADDER_LEVELS_PER_STAGE, ceil(graph.depth / len(registered)))
    stages = [(adder.level - 1) // levels for adder in graph.adders]
    last_stage = _last_reads(graph, stages, len(registered))
    values: dict[int, Value] = dict(enumerate(operands))
    for stage, load in enumerate(registered):
        for number, adder in enumerate(graph.adders, start=graph.inputs):
            if stages[number - graph.inputs] != stage:
                continue
            second = values[adder.second].shift_left(adder.shift)
            first = values[adder.first]
            total = Signal(Shape(adder.width, adder.signed), name=f"sum_{number}")
            m.d.comb += total.eq(first - second if adder.subtract else first + second)
            values[number] = total
        if load is None:
            break
        kept = {
            number: Signal.like(value, name=f"operand_{number}_{stage}", reset_less=True)
            for number, value in values.items()
            if last_stage[number] > stage
        }
        with m.If(load):
            m.d.sync += [register.eq(values[number]) for number, register in kept.items()]
        values = dict(kept)
    return [_scaled(values, output) for output in graph.outputs]


def _last_reads(graph: AdderGraph, stages: Sequence[int], end: int) -> list[int]:
    """The last stage in which each operand is read; `end` for outputs."""
    last = [0] * (graph.inputs + len(graph.adders))
    for adder, stage in zip(graph.adders, stages, strict=True):
        for operand in (adder.first, adder.second):
            last[operand] = max(last[operand], stage)
    for output in graph.outputs:
        if output.operand is not None:
            last[output.operand] = end
    return last


def _scaled(values: dict[int, Value], output: GraphOutput) -> Value:
    if output.operand is None:
        return Const(0, 1)
    value = values[output.operand].shift_left(output.shift)
    return -value if output.negative else value
