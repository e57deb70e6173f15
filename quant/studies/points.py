# SPDX-License-Identifier: Apache-2.0
"""Rows of a study taken together over their seeds, and the points that no other one beats."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pulsewright.quant.studies.journal import Row
from pulsewright.quant.studies.sweep import ERROR

SEED = "seed"
# What is measured for every seed; all other columns are the same for all seeds of a point, but
# for costs, which depend a little on the trained weights.
MEASURED = (
    "float_mse",
    "integer_mse",
    "ratio",
    "ratio_to_published",
    "validation_mse",
    "median_curve_mse",
    "clustered_standard_error",
    "parameter_bits",
    "multiplier_bits",
    "tier2_logic_picojoule",
    "tier2_sram_picojoule",
)


@dataclass(frozen=True)
class Point:
    """One configuration over all its seeds.

    columns: configuration and costs; measured columns are means over the seeds. spread: their
    sample standard deviations, 0 for one seed. seeds: the seeds, in order.
    """

    columns: dict[str, Any]
    spread: dict[str, float]
    seeds: tuple[int, ...]

    def __getitem__(self, name: str) -> Any:
        return self.columns[name]


def points_of(rows: Iterable[Row]) -> list[Point]:
    """Take rows of one configuration together, in the order of its first row; failed ones are out.

    Seeds of one configuration whose run failed are missing from its point.
    """
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        if ERROR in row:
            continue
        key = tuple(
            tuple(value) if isinstance(value, list) else value
            for name, value in row.items()
            if name != SEED and name not in MEASURED
        )
        groups.setdefault(key, []).append(row)
    return [_point(group) for group in groups.values()]


def _point(rows: list[Row]) -> Point:
    columns = {name: value for name, value in rows[0].items() if name != SEED}
    spread = {}
    for name in MEASURED:
        if name in columns:
            values = [row[name] for row in rows]
            columns[name] = float(np.mean(values))
            spread[name] = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return Point(columns, spread, tuple(row[SEED] for row in rows))


def pareto_front(
    points: Sequence[Point], cost: Callable[[Point], float], error: Callable[[Point], float]
) -> list[Point]:
    """Points that no other one beats in cost without a larger error, by rising cost.

    Of points equal in both the first stays.
    """
    front: list[Point] = []
    for point in sorted(points, key=lambda one: (cost(one), error(one))):
        if not front or error(point) < error(front[-1]):
            front.append(point)
    return front
