# SPDX-License-Identifier: Apache-2.0
"""Where the registers of a pipelined adder graph stand."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, pairwise
from math import ceil

from pulsewright.hls_model.adder_graph.graph import AdderGraph
from pulsewright.hls_model.schedule.folded_layer import ADDER_LEVELS_PER_STAGE


@dataclass(frozen=True)
class GraphPipeline:
    """Register stages, numbered from 0.

    adder_stages: the stage before which each adder stands; the number of stages for those behind
    the last one, beside the addition to the accumulators.
    kept: operands by number (inputs first) that each stage registers: what a later stage reads, or
    outputs that are there.
    """

    adder_stages: tuple[int, ...]
    kept: tuple[tuple[int, ...], ...]


def graph_pipeline(graph: AdderGraph, stages: int) -> GraphPipeline:
    """The registers where they take the fewest bits.

    Three additions at most follow each other between two registers, the one to the accumulators
    behind the last of them, or as many more as a deeper graph needs. A value that crosses a stage
    is registered there once for all who read it later. Without stages nothing is registered.
    """
    cuts = _cheapest_cuts(graph, stages)
    adder_stages = tuple(bisect_left(cuts, adder.level) for adder in graph.adders)
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


def _cheapest_cuts(graph: AdderGraph, stages: int) -> tuple[int, ...]:
    """Levels behind which the registers stand; of equals the lowest."""
    end = graph.depth + 1
    levels = max(ADDER_LEVELS_PER_STAGE, ceil(end / (stages + 1)))
    bits = _bits_behind_levels(graph)
    allowed = (
        cuts
        for cuts in combinations_with_replacement(range(end), stages)
        if all(later - one <= levels for one, later in pairwise((0, *cuts, end)))
    )
    return min(allowed, key=lambda cuts: sum(bits[level] for level in cuts))


def _bits_behind_levels(graph: AdderGraph) -> list[int]:
    """Bits of what is there behind each level, from the inputs on, and read behind it."""
    end = graph.depth + 1
    levels = [graph.level(number) for number in range(graph.inputs + len(graph.adders))]
    last = _last_reads(graph, [adder.level for adder in graph.adders], end)
    return [
        sum(
            term_width(graph, number)
            for number, (level, read) in enumerate(zip(levels, last, strict=True))
            if level <= cut < read
        )
        for cut in range(end)
    ]


def _last_reads(graph: AdderGraph, places: Sequence[int], end: int) -> list[int]:
    """The last place where each operand is read, by the places of the adders; `end` for outputs."""
    last = [0] * (graph.inputs + len(graph.adders))
    for adder, place in zip(graph.adders, places, strict=True):
        for operand in (adder.first, adder.second):
            last[operand] = max(last[operand], place)
    for output in graph.outputs:
        if output.operand is not None:
            last[output.operand] = end
    return last
