# SPDX-License-Identifier: Apache-2.0
"""Plots of the closed loop's page."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulsewright.flow.closed_loop.arrays import ArrayLine
from pulsewright.flow.closed_loop.instruments import InstrumentLine
from pulsewright.flow.closed_loop.plots import ErrorLine
from pulsewright.flow.closed_loop.results import HISTORY, REFERENCE, TrialSet
from pulsewright.flow.report.page.page_figure import PageFigure, figure, rounded
from pulsewright.quant.closed_loop.array import RowBursts
from pulsewright.quant.closed_loop.comparison import costs, paired_difference

PER_CENT = 100
MICRO = 1e6


def pareto_figure(one: TrialSet, number: int) -> PageFigure:
    """Reads against overshoot of every member of every family."""
    from plotly import graph_objects

    traces = []
    for family, members in one.family_bands.items():
        points = list(members.values())
        traces.append(
            graph_objects.Scatter(
                name=family,
                x=_means(points, "overshoot", PER_CENT),
                y=_means(points, "reads"),
                error_x={**_bars(points, "overshoot", PER_CENT), "thickness": 1},
                error_y={**_bars(points, "reads"), "thickness": 1},
                text=list(members),
                hovertemplate="%{text}<br>%{y} reads, %{x} % overshoot",
                mode="markers",
            )
        )
    return figure(
        f"pareto-{number}",
        f"{one.title}: reads of a trial against trials that overshot, every rule at every setting; "
        "bars are 95 % intervals over sessions.",
        traces,
        xaxis={"title": {"text": "overshoot, % of trials"}},
        yaxis={"title": {"text": "reads"}},
        height=520,
    )


def controller_figures(one: TrialSet, number: int) -> list[PageFigure]:
    """Reads, and overshoot, of each controller with its interval."""
    return [
        _controller_figure(one, f"reads-{number}", "reads", 1, "reads"),
        _controller_figure(
            one, f"overshoot-{number}", "overshoot", PER_CENT, "overshoot, % of trials"
        ),
    ]


def _controller_figure(
    one: TrialSet, name: str, quantity: str, factor: float, title: str
) -> PageFigure:
    from plotly import graph_objects

    points = list(one.chosen_bands.values())
    bars = graph_objects.Bar(
        x=_means(points, quantity, factor),
        y=list(one.chosen_bands),
        # Plotly's own colour is not seen on a dark page.
        error_x={**_bars(points, quantity, factor), "color": "#8b949e"},
        orientation="h",
    )
    return figure(
        name,
        f"{one.title}: {quantity} by controller, with 95 % intervals over sessions.",
        [bars],
        height=90 + 30 * len(points),
        xaxis={"title": {"text": title}, "rangemode": "tozero"},
        yaxis={"autorange": "reversed", "automargin": True},
    )


def error_figure(title: str, lines: Sequence[ErrorLine], number: int) -> PageFigure:
    """How far controllers are off when they are stopped after so many reads."""
    from plotly import graph_objects

    traces = [
        graph_objects.Scatter(
            name=line.controller,
            x=list(line.errors),
            y=rounded(PER_CENT * error for error in line.errors.values()),
            mode="lines+markers",
        )
        for line in lines
    ]
    return figure(
        f"error-by-reads-{number}",
        f"{title}: median of |I - level| / level when a trial is stopped after so many reads.",
        traces,
        xaxis={"title": {"text": "reads"}},
        yaxis={"title": {"text": "error, %"}, "type": "log"},
    )


def cost_figure(one: TrialSet, read_costs: Sequence[float]) -> PageFigure:
    """What every controller costs above the network, by the cost of a read."""
    from plotly import graph_objects

    traces = []
    for controller, outcome in one.chosen.items():
        if controller == HISTORY:
            continue
        found = [
            paired_difference(
                costs(one.trials, outcome, read),
                costs(one.trials, one.chosen[HISTORY], read),
                one.session,
            )._asdict()
            for read in read_costs
        ]
        points = [{f"cost_{end}": value for end, value in line.items()} for line in found]
        traces.append(
            graph_objects.Scatter(
                name=controller,
                x=list(read_costs),
                y=_means(points, "cost"),
                error_y={**_bars(points, "cost"), "thickness": 1},
                mode="lines+markers",
            )
        )
    return figure(
        "costs",
        f"{one.title}: cost of a trial above that of the network that remembers nothing, in "
        "pulses, by the cost of a read; bars are 95 % intervals over sessions.",
        traces,
        xaxis={"title": {"text": "cost of a read, pulses"}, "type": "log"},
        yaxis={"title": {"text": "cost above the network's, pulses"}},
        height=520,
    )


def array_figures(lines: Sequence[ArrayLine]) -> list[PageFigure]:
    """Reads of a row and of a cell by the side of the array, and where the energy goes."""
    own = [line for line in lines if line.figures.bursts == RowBursts.OWN]
    if not own:
        return []
    return [_array_reads(own), _array_energy(own)]


def _array_reads(lines: Sequence[ArrayLine]) -> PageFigure:
    from plotly import graph_objects

    traces = []
    for controller in dict.fromkeys(line.controller for line in lines):
        found = [line.figures for line in lines if line.controller == controller]
        sides = [one.side for one in found]
        for what, reads, dash in (
            ("a row", [one.row_reads for one in found], "solid"),
            ("a cell", [one.reads for one in found], "dot"),
        ):
            traces.append(
                graph_objects.Scatter(
                    name=f"{controller}, {what}",
                    x=sides,
                    y=rounded(reads),
                    mode="lines+markers",
                    line={"dash": dash},
                )
            )
    return figure(
        "array-reads",
        "Reads until a row is done, which waits for its slowest cell, and reads of a cell, by the "
        "side of a square array; each cell gets its own bursts.",
        traces,
        xaxis={
            "title": {"text": "cells a side"},
            "type": "log",
            "tickvals": sorted({line.figures.side for line in lines}),
        },
        yaxis={"title": {"text": "reads"}, "rangemode": "tozero"},
    )


def _array_energy(lines: Sequence[ArrayLine]) -> PageFigure:
    from plotly import graph_objects

    labels = [f"{line.figures.side} x {line.figures.side}, {line.controller}" for line in lines]
    parts: dict[str, list[float]] = {
        "pulses": [line.figures.pulse_joules for line in lines],
        "reads": [line.figures.read_joules for line in lines],
        "coprocessor, tier 1": [line.coprocessor_joules.tier1 for line in lines],
    }
    bars = [
        graph_objects.Bar(
            name=name, y=labels, x=rounded(MICRO * one for one in joules), orientation="h"
        )
        for name, joules in parts.items()
    ]
    return figure(
        "array-energy",
        "Energy of a cell by array and controller: its set pulses, its reads, and the "
        "coprocessor's decisions by the paper's estimate.",
        bars,
        barmode="stack",
        height=90 + 30 * len(labels),
        xaxis={"title": {"text": "uJ a cell"}},
        yaxis={"autorange": "reversed", "automargin": True},
    )


def instrument_figures(title: str, lines: Sequence[InstrumentLine]) -> list[PageFigure]:
    """What an instrument costs: reads that the network still saves, and overshoot."""
    from plotly import graph_objects

    names = [line.instrument for line in lines]
    saved: list[Mapping[str, float]] = [
        {f"reads_{end}": value for end, value in line.fewer_reads._asdict().items()}
        for line in lines
    ]
    overshoot = [
        graph_objects.Bar(
            name=name, x=names, y=rounded(PER_CENT * one.overshoot for one in figures_of)
        )
        for name, figures_of in (
            (REFERENCE, [line.blind for line in lines]),
            (HISTORY, [line.network for line in lines]),
        )
    ]
    return [
        figure(
            "instrument-reads",
            f"{title}: reads of the network less those of the extrapolation, by instrument; bars "
            "are 95 % intervals over sessions.",
            [
                graph_objects.Scatter(
                    x=names,
                    y=_means(saved, "reads"),
                    error_y=_bars(saved, "reads"),
                    mode="markers",
                    marker={"size": 10},
                )
            ],
            yaxis={"title": {"text": "difference of reads"}, "rangemode": "tozero"},
        ),
        figure(
            "instrument-overshoot",
            f"{title}: trials that overshot, by instrument.",
            overshoot,
            barmode="group",
            yaxis={"title": {"text": "overshoot, % of trials"}, "rangemode": "tozero"},
        ),
    ]


def _means(points: Sequence[Mapping[str, float]], quantity: str, factor: float = 1) -> list[float]:
    return rounded(factor * point[f"{quantity}_mean"] for point in points)


def _bars(
    points: Sequence[Mapping[str, float]], quantity: str, factor: float = 1
) -> dict[str, Any]:
    """Plotly's bars of intervals that need not be symmetric."""
    mean, low, high = (f"{quantity}_{end}" for end in ("mean", "low", "high"))
    return {
        "type": "data",
        "symmetric": False,
        "array": rounded(factor * (point[high] - point[mean]) for point in points),
        "arrayminus": rounded(factor * (point[mean] - point[low]) for point in points),
    }
