# SPDX-License-Identifier: Apache-2.0
"""The Pareto fronts of a study: error against what the hardware costs."""

from collections.abc import Sequence
from typing import NamedTuple

from pulsewright.quant.splits import SplitKind
from pulsewright.quant.studies.points import Point, pareto_front


class CostAxis(NamedTuple):
    """What a front is drawn against: a column of the table, its label, and the front's name."""

    column: str
    label: str
    title: str


COSTS = (
    CostAxis("tier2_logic_picojoule", "energy of an inference, pJ (tier 2, 45 nm)", "energy"),
    CostAxis("parameter_bits", "bits of weights and biases", "bits"),
    CostAxis("multipliers", "multipliers at the same initiation interval", "multipliers"),
)
# Of studies whose engines were mapped: areas by figures that a target has.
FITTED_COSTS = (
    CostAxis("fitted_luts", "LUT, fitted to mapped engines", "LUT"),
    CostAxis("fitted_kilo_gate_equivalents", "kGE, fitted to mapped engines", "area"),
    CostAxis("fitted_picojoule", "pJ an inference, fitted to engines of gates", "gate energy"),
)
# A network whose error is a larger multiple of the best one's is on a front in name only: it is the
# cheapest of those that do not work.
MOST_ERROR = 2.0


def costs_of(points: Sequence[Point]) -> tuple[CostAxis, ...]:
    """What fronts of these points are drawn against."""
    fitted = [
        cost for cost in FITTED_COSTS if any(cost.column in point.columns for point in points)
    ]
    return (*COSTS, *fitted)


def points_of_split(points: Sequence[Point], kind: SplitKind) -> list[Point]:
    """Points of one split."""
    return [point for point in points if point["split"] == kind.value]


def front_of(points: Sequence[Point], kind: SplitKind, cost: CostAxis) -> list[Point]:
    """The front of one split in one cost.

    Of points with all seeds and at most twice the least error, as far as their cost is known.
    """
    chosen = [one for one in points_of_split(points, kind) if cost.column in one.columns]
    # Seeds are splits: a mean over others of them cannot be compared.
    seeds = max((len(point.seeds) for point in chosen), default=0)
    chosen = [point for point in chosen if len(point.seeds) == seeds]
    most = MOST_ERROR * min((point["integer_mse"] for point in chosen), default=0.0)
    return pareto_front(
        [point for point in chosen if point["integer_mse"] <= most],
        lambda point: float(point[cost.column]),
        lambda point: float(point["integer_mse"]),
    )
