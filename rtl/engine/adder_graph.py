# SPDX-License-Identifier: Apache-2.0
"""An adder graph in logic, with a register after every few levels."""

from collections.abc import Sequence
from typing import NamedTuple

from amaranth import Const, Module, Shape, Signal, Value

from pulsewright.hls_model.adder_graph.graph import AdderGraph, GraphOutput
from pulsewright.hls_model.adder_graph.pipeline import graph_pipeline
from pulsewright.rtl.engine.separate_sum import separate_shifted_sum


class Addend(NamedTuple):
    """What is added to an accumulator, or taken from it if `negative`."""

    value: Value
    negative: bool = False


def pipelined_outputs(
    m: Module, graph: AdderGraph, operands: Sequence[Value], loads: Sequence[Value]
) -> list[Addend]:
    """The graph's outputs, of what the last of `loads` has enabled.

    operands: the graph's inputs, registered by the stage before. loads: enables of the register
    stages, one behind another; `graph_pipeline` says what stands where, and which additions follow
    the last one; without any the graph is combinational. An output's shift is wiring and its sign
    is left to what adds it.

    Latency len(loads) cycles in which every stage loads.
    """
    pipeline = graph_pipeline(graph, len(loads))
    values: dict[int, Value] = dict(enumerate(operands))
    for stage, load in enumerate([*loads, None]):
        for number, adder in enumerate(graph.adders, start=graph.inputs):
            if pipeline.adder_stages[number - graph.inputs] != stage:
                continue
            values[number] = separate_shifted_sum(
                m,
                values[adder.first],
                values[adder.second],
                adder.shift,
                Shape(adder.width, adder.signed),
                f"sum_{number}",
                subtract=adder.subtract,
            )
        if load is None:
            break
        kept = {
            number: Signal.like(values[number], name=f"operand_{number}_{stage}", reset_less=True)
            for number in pipeline.kept[stage]
        }
        with m.If(load):
            m.d.sync += [register.eq(values[number]) for number, register in kept.items()]
        values = dict(kept)
    return [_scaled(values, output) for output in graph.outputs]


def _scaled(values: dict[int, Value], output: GraphOutput) -> Addend:
    if output.operand is None:
        return Addend(Const(0, 1))
    return Addend(values[output.operand].shift_left(output.shift), output.negative)
