# SPDX-License-Identifier: Apache-2.0
"""Fig. 4(b): test error against the amount of training data, as PNG."""

from pathlib import Path
from typing import Any

import numpy as np

from pulsewright.flow.reproduce.drawing import COLOURS, OTHER_COLOUR, RIDGE_COLOUR, pyplot, save
from pulsewright.flow.reproduce.results import Results
from pulsewright.flow.reproduce.tasks import RIDGE_NAME, Protocol
from pulsewright.quant.paper.published import FULL_DATA_MSE, SMALL_FRACTION, SMALL_FRACTION_MSE
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.splits import COMMON_KINDS, SplitKind

KIND_TITLES = {
    SplitKind.ROWS: "rows held back",
    SplitKind.CURVES: "whole curves held back",
    SplitKind.PARAMETER_SETS: "whole parameter sets held back",
}


def plot_fractions(results: Results, target: Path) -> None:
    """Draw the split by rows, which is the paper's, with its values as open markers.

    Raises:
        PulsewrightError: the file cannot be written.
    """
    plt = pyplot()
    figure, axis = plt.subplots(figsize=(7.2, 4.8))
    _draw_lines(results, axis, SplitKind.ROWS)
    for offset, (name, value) in zip((0.92, 1.0, 1.09), SMALL_FRACTION_MSE.items(), strict=True):
        axis.plot(
            SMALL_FRACTION * 100 * offset,
            value,
            "o",
            markersize=8,
            markerfacecolor="white",
            markeredgewidth=1.8,
            color=COLOURS[name],
            zorder=5,
        )
    axis.plot(
        [],
        [],
        "o",
        markerfacecolor="white",
        color=OTHER_COLOUR,
        label="the paper\n(bar: range at full data)",
    )
    low, high = FULL_DATA_MSE
    axis.plot(
        [100, 100],
        [low, high],
        color=OTHER_COLOUR,
        linewidth=7,
        alpha=0.6,
        zorder=1,
        solid_capstyle="butt",
    )
    _draw_own(results, axis, SplitKind.ROWS)
    _draw_floor(results, axis)
    rows = round(float(np.mean(_whole_rows(results))))
    axis.set_xlabel(f"training data (%; 100 % are {rows} rows)")
    axis.set_title(
        f"Test error against the number of data, {results.source_name} curves, split by rows",
        fontsize=10,
    )
    axis.legend(fontsize=8, frameon=False, ncols=2)
    save(figure, target)


def plot_unseen(results: Results, target: Path) -> None:
    """Draw the three splits side by side.

    Raises:
        PulsewrightError: the file cannot be written.
    """
    plt = pyplot()
    figure, axes = plt.subplots(1, len(COMMON_KINDS), figsize=(12, 4.2), sharey=True)
    for axis, kind in zip(axes, COMMON_KINDS, strict=True):
        _draw_lines(results, axis, kind)
        _draw_own(results, axis, kind)
        if kind is SplitKind.ROWS:
            _draw_floor(results, axis)
        axis.set_title(KIND_TITLES[kind], fontsize=10)
        axis.set_xlabel("training data (%)")
        if kind is not SplitKind.ROWS:
            axis.set_ylabel("")
    axes[0].legend(fontsize=8, frameon=False)
    figure.suptitle(f"Test error on three splits, {results.source_name} curves", fontsize=11)
    save(figure, target)


def _draw_lines(results: Results, axis: Any, kind: SplitKind) -> None:
    """Mean over seeds as a line, least to most as a band."""
    drawn = [
        (Protocol.PUBLISHED, name, name, COLOURS.get(name, OTHER_COLOUR))
        for name in results.settings.networks
    ]
    drawn.append((Protocol.RIDGE, RIDGE_NAME, "ridge, 8 parameters", RIDGE_COLOUR))
    for protocol, model, label, colour in drawn:
        line = results.line(protocol, kind, Target.LEVEL, model)
        if not line:
            continue
        values = np.array([results.column(point, "test_mse") for point in line])
        x = [100 * point.fraction for point in line]
        style = "--" if protocol is Protocol.RIDGE else "-"
        axis.plot(
            x, values.mean(axis=1), style, marker=".", color=colour, label=label, linewidth=1.5
        )
        axis.fill_between(
            x, values.min(axis=1), values.max(axis=1), color=colour, alpha=0.13, linewidth=0
        )
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_ylabel("test MSE of $I_{r,n}$")
    axis.xaxis.set_major_formatter("{x:g}")
    ticks = [0.004, 0.006, 0.01, 0.02, 0.05, 0.1, 0.2]
    axis.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.minorticks_off()
    axis.grid(alpha=0.25)


def _draw_own(results: Results, axis: Any, kind: SplitKind) -> None:
    points = [
        point for point in results.points() if point.protocol is Protocol.OWN and point.kind is kind
    ]
    for point in points:
        axis.plot(
            100,
            results.column(point, "test_mse").mean(),
            "*",
            markersize=10,
            color=COLOURS.get(point.model, OTHER_COLOUR),
            markeredgecolor="white",
            markeredgewidth=0.5,
            zorder=6,
        )
    if points:
        axis.plot([], [], "*", color=OTHER_COLOUR, label="own training")


def _draw_floor(results: Results, axis: Any) -> None:
    floor = results.floors[Target.LEVEL]
    axis.axhline(floor.any_function, color="tab:red", linewidth=1.2)
    axis.axhspan(
        floor.any_function,
        floor.any_function + floor.read_noise,
        color="tab:red",
        alpha=0.15,
        linewidth=0,
        label="floor: spread of equal pulses\n(band: and read noise)",
    )


def _whole_rows(results: Results) -> list[float]:
    """Training rows of the largest fraction, by seed."""
    protocols = (Protocol.PUBLISHED, Protocol.RIDGE)
    lines = [point for point in results.points() if point.protocol in protocols]
    rows = [point for point in lines if point.kind is SplitKind.ROWS]
    largest = max(rows, key=lambda point: point.fraction)
    return [float(count) / largest.fraction for count in results.column(largest, "train_rows")]
