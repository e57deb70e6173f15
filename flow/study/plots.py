# SPDX-License-Identifier: Apache-2.0
"""Plots of a study: Pareto fronts with spread, and maps of the error over bit widths."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.ticker
import numpy as np

from pulsewright.flow.study.drawing import new_figure, save_figure
from pulsewright.flow.study.fronts import CostAxis, costs_of, front_of, points_of_split
from pulsewright.hls_model.escape.plots import plot_text
from pulsewright.quant.splits import SplitKind
from pulsewright.quant.studies.points import Point
from pulsewright.quant.studies.study import StudyResult

FRONT_LABELS = 7
HEADROOM = 1.1
COLOURS = [f"C{number}" for number in range(10)]
MARKERS = "osv^D"
WORST_SHOWN = 1.8


def plot_fronts(
    points: Sequence[Point], kind: SplitKind, result: StudyResult, title: str, path: Path
) -> None:
    """Draw the integer test error of one split against each of `costs_of` the points.

    Every configuration is a dot, coloured by network; the front is a line with bars of one standard
    deviation over the seeds, which is mostly that of the splits.
    """
    chosen = points_of_split(points, kind)
    costs = costs_of(chosen)
    figure, axes = new_figure(1, len(costs), (5 * len(costs), 5.2))
    best = min(point["integer_mse"] for point in chosen)
    baselines = [float(np.mean(errors)) for errors, _, _ in _baselines(kind, result)]
    top = min(
        WORST_SHOWN * best,
        HEADROOM
        * max(*baselines, *(p["integer_mse"] for c in costs for p in front_of(chosen, kind, c))),
    )
    for axis, cost in zip(axes.flat, costs, strict=True):
        front = front_of(chosen, kind, cost)
        _draw_points(axis, cost, chosen)
        _draw_front(axis, cost, front)
        _label_front([point for point in front if point["integer_mse"] < top], cost, axis)
        _draw_baselines(axis, kind, result)
        _format_axis(axis, cost, (0.93 * best, top))
    axes.flat[0].set_ylabel("integer test MSE of $I_{r,n}$")
    axes.flat[-1].legend(fontsize=7, loc="upper right", ncols=2)
    seeds = max(len(point.seeds) for point in chosen)
    title = plot_text(title)
    figure.suptitle(
        f"{title}: split by {kind.value}, means of {seeds} seeds; bars are one standard deviation "
        "over seeds, mostly that of the splits"
        if seeds > 1
        else f"{title}: split by {kind.value}, one seed",
        fontsize=10,
    )
    save_figure(figure, path)


def plot_width_map(points: Sequence[Point], title: str, path: Path) -> bool:
    """Map of integer over float error by weight and activation bits; False if there is no map.

    points: of one grid. Needs at least two widths on each axis, each the same for all layers.
    """
    cells: dict[tuple[int, int], list[Point]] = {}
    for point in points:
        widths = point["weight_bits"], point["activation_bits"]
        if all(width.isdigit() for width in widths):
            cells.setdefault((int(widths[0]), int(widths[1])), []).append(point)
    weights = sorted({weight for weight, _ in cells})
    activations = sorted({activation for _, activation in cells})
    if len(weights) < 2 or len(activations) < 2:
        return False
    ratios = np.full((len(weights), len(activations)), np.nan)
    spreads = np.zeros_like(ratios)
    for (weight, activation), found in cells.items():
        best = min(found, key=_column("ratio"))
        place = weights.index(weight), activations.index(activation)
        ratios[place], spreads[place] = best["ratio"], best.spread["ratio"]
    figure, axes = new_figure(1, 1, (1.6 + 0.85 * len(activations), 1.4 + 0.6 * len(weights)))
    axis = axes.flat[0]
    shown = axis.imshow(
        np.log(ratios), cmap="viridis_r", origin="lower", aspect="auto", vmin=0, vmax=np.log(2)
    )
    for row, column in np.argwhere(np.isfinite(ratios)):
        axis.text(
            column,
            row,
            f"{ratios[row, column]:.2f}\n±{spreads[row, column]:.2f}",
            ha="center",
            va="center",
            fontsize=7,
            color="white" if ratios[row, column] > 1.35 else "black",
        )
    axis.set_xticks(range(len(activations)), activations)
    axis.set_yticks(range(len(weights)), weights)
    axis.set_xlabel("activation bits")
    axis.set_ylabel("weight bits")
    axis.set_title(f"{plot_text(title)}: integer / float test MSE", fontsize=10)
    ticks = np.array([1.0, 1.1, 1.2, 1.4, 1.7, 2.0])
    bar = figure.colorbar(shown, ticks=np.log(ticks), extend="max")
    bar.ax.set_yticklabels([f"{tick:g}" for tick in ticks])
    save_figure(figure, path)
    return True


def _draw_points(axis: Any, cost: CostAxis, points: Sequence[Point]) -> None:
    """Every configuration, by its network."""
    networks = dict.fromkeys(point["network"] for point in points)
    for number, network in enumerate(networks):
        ours = [
            point
            for point in points
            if point["network"] == network and cost.column in point.columns
        ]
        axis.plot(
            [point[cost.column] for point in ours],
            [point["integer_mse"] for point in ours],
            MARKERS[number // len(COLOURS) % len(MARKERS)],
            markersize=4.5,
            alpha=0.6,
            color=COLOURS[number % len(COLOURS)],
            label=plot_text(network),
        )


def _draw_front(axis: Any, cost: CostAxis, front: Sequence[Point]) -> None:
    axis.errorbar(
        [point[cost.column] for point in front],
        [point["integer_mse"] for point in front],
        yerr=[point.spread["integer_mse"] for point in front],
        color="black",
        linewidth=1,
        capsize=2,
        label="Pareto front",
    )


def _format_axis(axis: Any, cost: CostAxis, limits: tuple[float, float]) -> None:
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter(mpl.ticker.ScalarFormatter())
    axis.xaxis.set_minor_formatter(mpl.ticker.NullFormatter())
    axis.xaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_xlabel(cost.label)
    axis.set_ylim(*limits)
    axis.grid(alpha=0.3)


def _column(name: str) -> Callable[[Point], float]:
    return lambda point: float(point[name])


def _label_front(front: Sequence[Point], cost: CostAxis, axis: Any) -> None:
    """Name points of the front, as far apart as their names need."""
    if not front:
        return
    gap = (front[-1][cost.column] / front[0][cost.column]) ** (1 / FRONT_LABELS)
    least = 0.0
    for point in front:
        if point[cost.column] < least:
            continue
        least = point[cost.column] * gap
        axis.annotate(
            plot_text(f"{point['network']} W{point['weight_bits']}A{point['activation_bits']}"),
            (point[cost.column], point["integer_mse"]),
            textcoords="offset points",
            xytext=(4, 5),
            fontsize=7,
            bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.7},
        )


def _baselines(kind: SplitKind, result: StudyResult) -> list[tuple[list[float], str, str]]:
    """Errors by seed, label and colour of each."""
    lines = [(result.ridge[kind], f"ridge, {result.ridge_parameters} parameters", "tab:brown")]
    if kind in result.published_a1:
        lines.append((result.published_a1[kind], "A1 as published", "tab:gray"))
    return lines


def _draw_baselines(axis: Any, kind: SplitKind, result: StudyResult) -> None:
    for errors, label, colour in _baselines(kind, result):
        axis.axhline(float(np.mean(errors)), color=colour, linestyle="--", linewidth=1, label=label)
