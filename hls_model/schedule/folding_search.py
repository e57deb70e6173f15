# SPDX-License-Identifier: Apache-2.0
"""Foldings by what they are to cost: multipliers, for the smallest initiation interval."""

from collections.abc import Sequence
from itertools import pairwise

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.schedule.folding import FoldedEngine, cheapest_folding


def fastest_folding(sizes: Sequence[int], multipliers: int) -> FoldedEngine:
    """The smallest initiation interval that `multipliers` reach; it may need fewer of them.

    sizes: inputs, then the neurons of every layer.

    Raises:
        PulsewrightError: there are fewer multipliers than layers, each of which needs one.
    """
    layers = len(sizes) - 1
    if multipliers < layers:
        raise PulsewrightError(
            f"{multipliers} multipliers for {layers} layers; give {layers} or more, one a layer"
        )
    # Fewer cycles never need fewer multipliers, so the interval can be halved in on.
    too_fast, reached = 0, max(inputs * neurons for inputs, neurons in pairwise(sizes))
    while reached - too_fast > 1:
        between = (too_fast + reached) // 2
        if cheapest_folding(sizes, between).multipliers <= multipliers:
            reached = between
        else:
            too_fast = between
    return cheapest_folding(sizes, reached)
