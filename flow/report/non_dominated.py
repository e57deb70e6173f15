# SPDX-License-Identifier: Apache-2.0
"""The Pareto front of points with several costs."""

from collections.abc import Sequence


def non_dominated(costs: Sequence[Sequence[float]]) -> list[bool]:
    """Whether no other point is as good in every cost and better in one; less is better.

    costs: of each point, in one order.
    """
    return [
        not any(
            all(theirs <= ours for theirs, ours in zip(other, point, strict=True))
            and tuple(other) != tuple(point)
            for other in costs
        )
        for point in costs
    ]
