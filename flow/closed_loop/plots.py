# SPDX-License-Identifier: Apache-2.0
"""Plots of the closed loop: reads against overshoot, error by reads, cost by the cost of a read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pulsewright.flow.closed_loop.results import (
    BAYES,
    BEST_BLIND,
    HISTORY,
    REMEMBERING,
    TUNED,
    TUNED_REMEMBERING,
    TrialSet,
)
from pulsewright.flow.reproduce.drawing import pyplot, save
from pulsewright.quant.closed_loop.comparison import costs, paired_difference

COLOURS = {
    "single": "tab:gray",
    "doubling": "tab:olive",
    "extrapolated": "tab:blue",
    "extrapolated in log": "tab:cyan",
    BEST_BLIND: "black",
    BAYES: "tab:green",
    HISTORY: "tab:red",
    TUNED: "tab:orange",
    TUNED_REMEMBERING: "tab:pink",
    REMEMBERING: "tab:purple",
}


class ErrorLine(NamedTuple):
    """Relative errors of a controller that is stopped, by the number of reads."""

    controller: str
    errors: Mapping[int, float]


def plot_pareto(sets: Sequence[TrialSet], target: Path) -> None:
    """Draw reads against overshoot of every member of every family, with intervals.

    Raises:
        PulsewrightError: the file cannot be written.
    """
    figure, axes = pyplot().subplots(1, len(sets), figsize=(4.6 * len(sets), 4.2), squeeze=False)
    for axis, one in zip(axes[0], sets, strict=True):
        for family, points in one.family_bands.items():
            _draw_members(axis, family, points)
        axis.set_title(one.title, fontsize=9)
        axis.set_xlabel("overshoot, % of trials")
        axis.set_ylabel("reads")
    axes[0][0].legend(fontsize=8)
    save(figure, target)


def _draw_members(axis: Any, family: str, points: Mapping[str, Mapping[str, float]]) -> None:
    listed = sorted(points.values(), key=lambda point: point["overshoot_mean"])
    x = [100 * point["overshoot_mean"] for point in listed]
    y = [point["reads_mean"] for point in listed]
    spread = [
        [point["reads_mean"] - point["reads_low"] for point in listed],
        [point["reads_high"] - point["reads_mean"] for point in listed],
    ]
    width = [
        [100 * (point["overshoot_mean"] - point["overshoot_low"]) for point in listed],
        [100 * (point["overshoot_high"] - point["overshoot_mean"]) for point in listed],
    ]
    axis.errorbar(
        x, y, yerr=spread, xerr=width, fmt="o", markersize=4, linewidth=0.6, alpha=0.8,
        color=COLOURS[family], label=family,
    )  # fmt: skip


def plot_errors(errors: Mapping[str, Sequence[ErrorLine]], target: Path) -> None:
    """Draw the relative error against the number of reads.

    Raises:
        PulsewrightError: the file cannot be written.
    """
    figure, axes = pyplot().subplots(
        1, len(errors), figsize=(4.6 * len(errors), 4.2), squeeze=False
    )
    for axis, (title, lines) in zip(axes[0], errors.items(), strict=True):
        for line in lines:
            axis.plot(
                list(line.errors),
                [100 * error for error in line.errors.values()],
                marker="o",
                color=COLOURS[line.controller],
                label=line.controller,
            )
        axis.set_yscale("log")
        axis.set_title(title, fontsize=9)
        axis.set_xlabel("reads")
        axis.set_ylabel("median |I - level| / level, %")
    axes[0][0].legend(fontsize=8)
    save(figure, target)


def plot_costs(sets: Sequence[TrialSet], read_costs: Sequence[float], target: Path) -> None:
    """Draw the cost of a trial less that of the network, by the cost of a read, with intervals.

    Raises:
        PulsewrightError: the file cannot be written.
    """
    figure, axes = pyplot().subplots(1, len(sets), figsize=(4.6 * len(sets), 4.2), squeeze=False)
    for axis, one in zip(axes[0], sets, strict=True):
        for controller, outcome in one.chosen.items():
            if controller == HISTORY:
                continue
            found = [
                paired_difference(
                    costs(one.trials, outcome, read),
                    costs(one.trials, one.chosen[HISTORY], read),
                    one.session,
                )
                for read in read_costs
            ]
            colour = COLOURS[controller]
            axis.plot(read_costs, [difference.mean for difference in found], color=colour,
                      marker="o", label=controller)  # fmt: skip
            low, high = ([getattr(one, end) for one in found] for end in ("low", "high"))
            axis.fill_between(read_costs, low, high, color=colour, alpha=0.15, linewidth=0)
        axis.axhline(0, color="tab:red", linewidth=0.8)
        axis.set_xscale("log")
        axis.set_title(one.title, fontsize=9)
        axis.set_xlabel("cost of a read, pulses")
        axis.set_ylabel("cost above the network's, pulses")
    axes[0][0].legend(fontsize=8)
    save(figure, target)
