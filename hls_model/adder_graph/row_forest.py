# SPDX-License-Identifier: Apache-2.0
"""Rows of a matrix made from one another: a spanning forest over what they differ in."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.adder_graph.signed_digits import digit_counts
from pulsewright.hls_model.reference.fixed_point import IntegerArray


class RowForest(NamedTuple):
    """Row j is rest[j] + signs[j] * (row parents[j] << shifts[j]), a root is its rest alone.

    parents: number of the parent, -1 for roots. order: all rows, parents before their children.
    """

    parents: tuple[int, ...]
    shifts: tuple[int, ...]
    signs: tuple[int, ...]
    order: tuple[int, ...]
    rest: IntegerArray

    def heights(self) -> list[int]:
        """Generations of descendants of every row, 0 for the leaves."""
        heights = [0] * len(self.parents)
        for row in reversed(self.order):
            if self.parents[row] >= 0:
                parent = self.parents[row]
                heights[parent] = max(heights[parent], heights[row] + 1)
        return heights


def roots_only(rows: IntegerArray) -> RowForest:
    """Every row on its own."""
    count = len(rows)
    return RowForest((-1,) * count, (0,) * count, (1,) * count, tuple(range(count)), rows)


def row_forest(rows: IntegerArray, generations: int, shifts: Sequence[int]) -> RowForest:
    """Grow a forest by the fewest signed digits of each rest, as Prim's algorithm does.

    A root costs its digits, a child those of its rest and one for the addition of its parent.
    generations: most links from a row to its root. Ties go to the row with the lower number.
    """
    count = len(rows)
    cost = digit_counts(rows).sum(axis=1)
    parents, best_shifts, signs, depths = [-1] * count, [0] * count, [1] * count, [0] * count
    order: list[int] = []
    left = np.ones(count, dtype=bool)
    for _ in range(count):
        row = int(np.where(left, cost, np.iinfo(np.int64).max).argmin())
        left[row] = False
        order.append(row)
        if depths[row] == generations:
            continue
        for shift in shifts:
            for sign in (1, -1):
                link = digit_counts(rows - sign * (rows[row] << shift)).sum(axis=1) + 1
                for child in np.flatnonzero(left & (link < cost)).tolist():
                    cost[child] = link[child]
                    parents[child], best_shifts[child], signs[child] = row, shift, sign
                    depths[child] = depths[row] + 1
    rest = rows.copy()
    for row, parent in enumerate(parents):
        if parent >= 0:
            rest[row] -= signs[row] * (rows[parent] << best_shifts[row])
    return RowForest(tuple(parents), tuple(best_shifts), tuple(signs), tuple(order), rest)
