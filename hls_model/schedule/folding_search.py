# SPDX-License-Identifier: Apache-2.0
"""Foldings by what they are to reach or to cost: the initiation interval, or multipliers."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer, OperandFeed


def cheapest_folding(
    sizes: Sequence[int], initiation_interval: int, incremental: bool = False
) -> FoldedEngine:
    """Fewest multipliers that reach the initiation interval in cycles; then fewest double buffers.

    Layers do not share multipliers, so each needs the least pe * simd with
    ceil(M/pe) * ceil(K/simd) <= II; among equals the chain is chosen whose layers hand on what the
    next takes in a step, and then the one with the shallowest pipelines.

    incremental: only foldings whose first layer takes a part of its inputs in a step, which
    `FoldedLayer.incremental` needs; the engine found is not incremental itself.

    Raises:
        PulsewrightError: the interval is less than one cycle, or with `incremental` than two, or an
            incremental layer would have a single input.
    """
    if initiation_interval < 1:
        raise PulsewrightError(
            f"initiation interval is {initiation_interval} cycles; choose 1 or more"
        )
    if incremental and (initiation_interval == 1 or sizes[0] == 1):
        raise PulsewrightError(
            f"an incremental engine takes its {sizes[0]} inputs in two steps or more, and cannot "
            f"with an initiation interval of {initiation_interval}; leave incremental out, or give "
            "two cycles, and two inputs, or more"
        )
    # Cheapest chain up to a layer, by that layer's pe: all that the next one sees of it.
    chains: dict[int, tuple[tuple[int, int], list[FoldedLayer]]] = {sizes[0]: ((0, 0), [])}
    for number, (inputs, neurons) in enumerate(pairwise(sizes), start=1):
        hidden = number < len(sizes) - 1
        longer: dict[int, tuple[tuple[int, int], list[FoldedLayer]]] = {}
        for beat, ((buffers, depth), layers) in chains.items():
            most_simd = inputs - 1 if incremental and number == 1 else inputs
            for pe, simd in _cheapest_layer_foldings(
                inputs, neurons, initiation_interval, most_simd
            ):
                layer = FoldedLayer(
                    inputs=inputs, neurons=neurons, pe=pe, simd=simd, beat=beat, hidden=hidden
                )
                buffered = layer.feed is OperandFeed.DOUBLE_BUFFERED
                cost = (buffers + buffered, depth + layer.pipeline_depth)
                if pe not in longer or cost < longer[pe][0]:
                    longer[pe] = cost, [*layers, layer]
        chains = longer
    _, best = min(chains.values(), key=lambda chain: chain[0])
    return FoldedEngine(layers=tuple(best))


def fastest_folding(
    sizes: Sequence[int], multipliers: int, incremental: bool = False
) -> FoldedEngine:
    """The smallest initiation interval that `multipliers` reach; it may need fewer of them.

    sizes: inputs, then the neurons of every layer. incremental: as of `cheapest_folding`.

    Raises:
        PulsewrightError: there are fewer multipliers than layers, each of which needs one, or an
            incremental layer would have a single input.
    """
    layers = len(sizes) - 1
    if multipliers < layers:
        raise PulsewrightError(
            f"{multipliers} multipliers for {layers} layers; give {layers} or more, one a layer"
        )
    # Fewer cycles never need fewer multipliers, so the interval can be halved in on.
    too_fast = 1 if incremental else 0
    reached = max(inputs * neurons for inputs, neurons in pairwise(sizes))
    while reached - too_fast > 1:
        between = (too_fast + reached) // 2
        if cheapest_folding(sizes, between, incremental).multipliers <= multipliers:
            reached = between
        else:
            too_fast = between
    return cheapest_folding(sizes, reached, incremental)


def _cheapest_layer_foldings(
    inputs: int, neurons: int, initiation_interval: int, most_simd: int
) -> list[tuple[int, int]]:
    """All (pe, simd) of one layer with the fewest multipliers that reach the interval."""
    foldings = []
    for groups in range(1, min(neurons, initiation_interval) + 1):
        simd = ceil(inputs / min(inputs, initiation_interval // groups))
        if simd <= most_simd:
            foldings.append((ceil(neurons / groups), simd))
    fewest = min(pe * simd for pe, simd in foldings)
    return sorted({(pe, simd) for pe, simd in foldings if pe * simd == fewest})
