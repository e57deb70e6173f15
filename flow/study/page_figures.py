# SPDX-License-Identifier: Apache-2.0
"""Plots of a study's page: fronts with their spread, and accuracy against bit width."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pulsewright.flow.report.page.page_figure import PageFigure, figure, rounded
from pulsewright.flow.study.fronts import CostAxis, front_of
from pulsewright.flow.study.summary import words
from pulsewright.quant.splits import SplitKind
from pulsewright.quant.studies.points import Point
from pulsewright.quant.studies.study import StudyResult

# Points of one front plot beside the front itself: those with the least errors.
MOST_POINTS = 1000
# Of the least error, beyond which points are left out of the first view.
WORST_SHOWN = 1.8
SYMBOLS = ("circle", "square", "diamond", "cross", "triangle-up", "star")
COLOURS_OF_PAGE = 10

Recipes = Mapping[int, int]
"""Place of a point's recipe among the texts of its section, by `id` of the point."""


def front_figure(
    points: Sequence[Point],
    kind: SplitKind,
    cost: CostAxis,
    result: StudyResult,
    recipes: Recipes,
) -> PageFigure:
    """Integer test error against one cost: all points of one split, and the front with its spread.

    points: of the split. A click on a point of the front shows its recipe.
    """
    from plotly import graph_objects

    known = [point for point in points if cost.column in point.columns]
    shown = sorted(known, key=_error)[:MOST_POINTS]
    front = front_of(points, kind, cost)
    traces = [
        _dots(network, number, [one for one in shown if one["network"] == network], cost, recipes)
        for number, network in enumerate(dict.fromkeys(point["network"] for point in points))
    ]
    traces.append(
        graph_objects.Scatter(
            name="Pareto front",
            x=rounded(one[cost.column] for one in front),
            y=rounded(map(_error, front)),
            error_y={"type": "data", "array": rounded(one.spread["integer_mse"] for one in front)},
            text=[words(one) for one in front],
            customdata=[recipes.get(id(one)) for one in front],
            hovertemplate="%{text}<br>%{x}<br>%{y} ± %{error_y.array}<extra></extra>",
            mode="lines+markers",
            marker={"size": 10, "symbol": "circle-open"},
        )
    )
    lines = _baselines(kind, result)
    least = min(map(_error, known))
    top = max([WORST_SHOWN * least, *(1.05 * error for _, error in lines)])
    return figure(
        f"front-{kind.value}-{cost.title}".lower(),
        f"Test MSE of the integers against {cost.label}, split by {kind.value}: means of "
        f"{max(len(point.seeds) for point in points)} seeds, bars of one standard deviation on "
        "the front. A click on a point of the front shows its recipe below."
        + _left_out(len(known) - len(shown)),
        traces,
        xaxis={"title": {"text": cost.label}, "type": "log"},
        yaxis={"title": {"text": "integer test MSE"}, "range": [0.9 * least, top]},
        shapes=[
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": error, "y1": error,
             "line": {"dash": "dash", "width": 1, "color": "#8b949e"}}
            for _, error in lines
        ],
        annotations=[
            {"xref": "paper", "x": 1, "y": error, "text": label, "showarrow": False,
             "xanchor": "right", "yanchor": "bottom"}
            for label, error in lines
        ],
        height=520,
    )  # fmt: skip


def width_figure(points: Sequence[Point], network: str, kind: SplitKind) -> PageFigure | None:
    """Integer over float error by weight bits, a line for each kind of the rest; None of one width.

    points: of one network and split. Of each place the best point is drawn.
    """
    from plotly import graph_objects

    lines: dict[str, dict[str, Point]] = {}
    for point in points:
        line = lines.setdefault(_line_name(point, points), {})
        width = point["weight_bits"]
        if width not in line or point["ratio"] < line[width]["ratio"]:
            line[width] = point
    widths = sorted({width for line in lines.values() for width in line}, key=_width_order)
    if len(widths) < 2:
        return None
    traces = []
    for name, line in lines.items():
        there = [width for width in widths if width in line]
        traces.append(
            graph_objects.Scatter(
                name=name,
                x=there,
                y=rounded(line[width]["ratio"] for width in there),
                error_y={
                    "type": "data",
                    "array": rounded(line[width].spread["ratio"] for width in there),
                },
                text=[words(line[width]) for width in there],
                hovertemplate="%{text}<br>%{y} ± %{error_y.array}<extra></extra>",
                mode="lines+markers",
            )
        )
    return figure(
        f"widths-{kind.value}-{network.lower().replace(' ', '-')}",
        f"{network}, split by {kind.value}: test MSE of the integers over that of the float "
        "network by bits of the weights, the best configuration of each place; bars of one "
        "standard deviation over the seeds.",
        traces,
        xaxis={
            "title": {"text": "bits of the weights"},
            "type": "category",
            "categoryarray": widths,
            "categoryorder": "array",
        },
        yaxis={"title": {"text": "integer / float test MSE"}, "type": "log"},
        showlegend=True,
    )


def _dots(
    network: str, number: int, points: Sequence[Point], cost: CostAxis, recipes: Recipes
) -> Any:
    """Every configuration of a network."""
    from plotly import graph_objects

    return graph_objects.Scatter(
        name=network,
        x=rounded(one[cost.column] for one in points),
        y=rounded(map(_error, points)),
        text=[words(one) for one in points],
        customdata=[recipes.get(id(one)) for one in points],
        hovertemplate="%{text}<br>%{x}<br>%{y}<extra></extra>",
        mode="markers",
        opacity=0.7,
        marker={"symbol": SYMBOLS[number // COLOURS_OF_PAGE % len(SYMBOLS)]},
    )


def _error(point: Point) -> float:
    return float(point["integer_mse"])


def _baselines(kind: SplitKind, result: StudyResult) -> list[tuple[str, float]]:
    lines = [(f"ridge, {result.ridge_parameters} parameters", result.ridge[kind])]
    if kind in result.published_a1:
        lines.append(("A1 as published", result.published_a1[kind]))
    return [(label, float(np.mean(errors))) for label, errors in lines]


def _left_out(count: int) -> str:
    return f" {count} with larger errors are in points.csv alone." if count else ""


def _line_name(point: Point, among: Sequence[Point]) -> str:
    """What a line is of: what differs among the points, of activations and scales."""
    columns = ("activation_bits", "weight_scales", "activation_scales")
    varied = [name for name in columns if len({one[name] for one in among}) > 1]
    return words(point, varied or ["activation_bits"])


def _width_order(width: str) -> tuple[bool, list[int]]:
    """Widths that are the same for all layers first."""
    bits = [int(one) for one in width.split("-")]
    return len(bits) > 1, bits
