# SPDX-License-Identifier: Apache-2.0
"""The adder tree over the products of one neuron: its adders and registers, stage by stage."""

from typing import NamedTuple

from pulsewright.hls_model.schedule.folded_layer import ADDER_LEVELS_PER_STAGE


class TreeStage(NamedTuple):
    """Widths in bits of the sums that a stage computes, and of those that it registers."""

    adders: tuple[int, ...]
    registers: tuple[int, ...]


def adder_tree(terms: int, width: int, stages: int) -> list[TreeStage]:
    """Neighbours are added pairwise, three levels a stage; a sum is one bit wider than its terms.

    terms: signed numbers of `width` bits. A term without a neighbour passes as it is.
    """
    widths = [width] * terms
    tree = []
    for _ in range(stages):
        adders: list[int] = []
        for _ in range(ADDER_LEVELS_PER_STAGE):
            pairs = [widths[i : i + 2] for i in range(0, len(widths), 2)]
            widths = [max(pair) + len(pair) - 1 for pair in pairs]
            adders += [w for w, pair in zip(widths, pairs, strict=True) if len(pair) == 2]
        tree.append(TreeStage(tuple(adders), tuple(widths)))
    return tree
