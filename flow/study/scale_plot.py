# SPDX-License-Identifier: Apache-2.0
"""What float scales buy beside powers of two: error over weight bits, a line for each kind."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.ticker

from pulsewright.flow.study.drawing import new_figure, save_figure
from pulsewright.hls_model.escape.plots import plot_text
from pulsewright.quant.settings import ActivationScales, WeightScales
from pulsewright.quant.studies.points import Point

MARKERS = "osv^D"
TICKS = (1.0, 1.1, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0, 5.0, 7.0)
PANEL_WIDTH, HEIGHT = 5.2, 4.4


def plot_scales(points: Sequence[Point], title: str, path: Path) -> bool:
    """Draw integer over float error against weight bits; False if there is nothing to compare.

    points: of one network and split. One panel for each width of activations; the best point of
    each kind and width. Needs float scales and powers of two, and two widths of weights.
    """
    best: dict[tuple[str, str], dict[tuple[int, int], Point]] = {}
    for point in points:
        widths = point["activation_bits"], point["weight_bits"]
        if not all(width.isdigit() for width in widths):
            continue
        cells = best.setdefault((point["weight_scales"], point["activation_scales"]), {})
        place = int(widths[0]), int(widths[1])
        if place not in cells or point["ratio"] < cells[place]["ratio"]:
            cells[place] = point
    places = {place for cells in best.values() for place in cells}
    if len({_has_floats(kind) for kind in best}) < 2 or len({bits for _, bits in places}) < 2:
        return False
    panels = sorted({activations for activations, _ in places}, reverse=True)
    figure, axes = new_figure(1, len(panels), (PANEL_WIDTH * len(panels), HEIGHT))
    for axis, activations in zip(axes.flat, panels, strict=True):
        for number, (kind, cells) in enumerate(best.items()):
            _draw_line(
                axis, number, kind, {w: p for (a, w), p in cells.items() if a == activations}
            )
        axis.set_title(f"{activations}-bit activations", fontsize=10)
        axis.set_xlabel("weight bits")
        axis.set_xticks(sorted({bits for _, bits in places}))
        axis.set_yscale("log")
        axis.yaxis.set_major_locator(mpl.ticker.LogLocator(subs=TICKS))
        axis.yaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:g}"))
        axis.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())
        axis.grid(alpha=0.3)
    axes.flat[0].set_ylabel("integer / float test MSE")
    axes.flat[-1].legend(fontsize=7)
    figure.suptitle(plot_text(title), fontsize=10)
    save_figure(figure, path)
    return True


def _has_floats(kind: tuple[str, str]) -> bool:
    weight_scales, activation_scales = kind
    return (
        WeightScales(weight_scales).are_floats
        or ActivationScales(activation_scales) is ActivationScales.FLOAT
    )


def _draw_line(axis: Any, number: int, kind: tuple[str, str], by_weight: dict[int, Point]) -> None:
    """Means with one standard deviation over the seeds; floats dashed."""
    if not by_weight:
        return
    bits = sorted(by_weight)
    axis.errorbar(
        bits,
        [by_weight[one]["ratio"] for one in bits],
        yerr=[by_weight[one].spread["ratio"] for one in bits],
        marker=MARKERS[number % len(MARKERS)],
        linestyle="--" if _has_floats(kind) else "-",
        capsize=2,
        linewidth=1,
        label=plot_text(f"weights {kind[0]}, activations {kind[1]}"),
    )
