# SPDX-License-Identifier: Apache-2.0
"""Where the registers of a pipelined adder graph stand."""

from dataclasses import dataclass
from math import ceil

from pulsewright.hls_model.adder_graph.graph import AdderGraph
from pulsewright.hls_model.schedule.folded_layer import ADDER_LEVELS_PER_STAGE


@dataclass(frozen=True)
class GraphPipeline:
    """adder_stages: the register stage, from 0, before which each adder stands.

    kept: operands by number (inputs first) that each stage registers: what a later stage reads, or
    the graph's outputs.
    """

    adder_stages: tuple[int, ...]
    kept: tuple[tuple[int, ...], ...]


def graph_pipeline(graph: AdderGraph, stages: int) -> GraphPipeline:
    """Three levels of additions to a stage, or as many more as a deeper graph needs.

    A value that crosses a stage is registered there once for all who read it later. Without stages
    nothing is registered.
    """
    levels = max(ADDER_LEVELS_PER_STAGE, ceil(graph.depth / max(stages, 1)))
    adder_stages = tuple((adder.level - 1) // levels for adder in graph.adders)
    first = [0] * graph.inputs + list(adder_stages)
    last = _last_reads(graph, adder_stages, stages)
    kept = tuple(
        tuple(n for n, (begin, end) in enumerate(zip(first, last, strict=True)) if begin <= s < end)
        for s in range(stages)
    )
    return GraphPipeline(adder_stages, kept)


def term_width(graph: AdderGraph, number: int) -> int:
    """Bits of the operand `number` of the graph."""
    if number < graph.inputs:
        return graph.input_format.width
    return graph.adders[number - graph.inputs].width


def _last_reads(graph: AdderGraph, stages: tuple[int, ...], end: int) -> list[int]:
    """The last stage in which each operand is read; `end` for outputs."""
    last = [0] * (graph.inputs + len(graph.adders))
    for adder, stage in zip(graph.adders, stages, strict=True):
        for operand in (adder.first, adder.second):
            last[operand] = max(last[operand], stage)
    for output in graph.outputs:
        if output.operand is not None:
            last[output.operand] = end
    return last
