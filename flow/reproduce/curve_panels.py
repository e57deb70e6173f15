# SPDX-License-Identifier: Apache-2.0
"""Fig. 5: whole predicted curves at several amounts of training data, as PNG."""

from pathlib import Path
from typing import Any

import numpy as np

from pulsewright.flow.reproduce.drawing import COLOURS, OTHER_COLOUR, pyplot, save
from pulsewright.flow.reproduce.results import Results, fraction_name
from pulsewright.flow.reproduce.tasks import Point, Protocol
from pulsewright.quant.paper.curve_errors import example_curve
from pulsewright.quant.paper.published import CURVE_MSE
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.splits import SplitKind


def plot_curve_panels(results: Results, target: Path) -> None:
    """Above, one ordinary curve and its predictions; below, the errors of all curves.

    Predictions are those of the first seed. The errors are drawn as shares of curves at or below
    an error, all seeds together, with the paper's error of its one curve as a vertical line.

    Raises:
        PulsewrightError: the file cannot be written.
    """
    fractions = [fraction for fraction in CURVE_MSE if fraction in results.settings.level_rows]
    if not fractions:
        return
    plt = pyplot()
    figure, axes = plt.subplots(
        2, len(fractions), figsize=(3.2 * len(fractions), 6), sharey="row", squeeze=False
    )
    for column, fraction in zip(axes.T, fractions, strict=True):
        _draw_example(results, column[0], fraction)
        _draw_shares(results, column[1], fraction)
    axes[0, 0].set_ylabel("scaled read current $I_{r,n}$")
    axes[0, 0].legend(fontsize=8, frameon=False, loc="lower right")
    axes[1, 0].set_ylabel("share of curves at or below")
    figure.suptitle(
        f"Whole curves predicted, {results.source_name} curves, split by rows; "
        f"above curve {example_curve(results.curves)}, below all {results.curves.curves}",
        fontsize=11,
    )
    save(figure, target)


def _draw_example(results: Results, axis: Any, fraction: float) -> None:
    curves = results.curves
    given = curves.targets.reshape(curves.curves, curves.pulses)[example_curve(curves)]
    axis.plot(given, ".", markersize=3, color=OTHER_COLOUR, label="given")
    for target, style in ((Target.LEVEL, "-"), (Target.INCREMENT, ":")):
        for name in results.settings.networks:
            point = _point(target, name, fraction)
            if not results.has(point) or (target is Target.INCREMENT and name != "A1"):
                continue
            label = name if target is Target.LEVEL else f"{name}, increments summed"
            axis.plot(
                results.column(point, "example_curve")[0],
                style,
                linewidth=1.4,
                color=COLOURS.get(name, OTHER_COLOUR),
                label=label,
            )
    axis.set_title(
        f"{fraction_name(fraction)} of the data; paper {1000 * CURVE_MSE[fraction]:g}e-3",
        fontsize=9,
    )
    axis.set_xlabel("pulse number N")
    axis.set_ylim(-0.1, 1.15)
    axis.grid(alpha=0.25)


def _draw_shares(results: Results, axis: Any, fraction: float) -> None:
    for name in results.settings.networks:
        point = _point(Target.LEVEL, name, fraction)
        if results.has(point):
            errors = np.sort(results.column(point, "curve_mse").ravel())
            share = np.arange(1, errors.size + 1) / errors.size
            axis.plot(errors, share, color=COLOURS.get(name, OTHER_COLOUR), linewidth=1.4)
    axis.axvline(CURVE_MSE[fraction], color="tab:red", linewidth=1.2)
    axis.text(CURVE_MSE[fraction], 1.04, "paper ", color="tab:red", fontsize=8, ha="right")
    axis.set_xscale("log")
    axis.set_xlim(5e-5, 0.7)
    axis.set_ylim(0, 1.12)
    axis.set_xlabel("MSE of the whole curve")
    axis.grid(alpha=0.25)


def _point(target: Target, name: str, fraction: float) -> Point:
    return Point(Protocol.PUBLISHED, SplitKind.ROWS, target, name, fraction)
