# SPDX-License-Identifier: Apache-2.0
"""Plots of the page: drawn by Plotly in the browser, from figures that are made here."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from pulsewright.flow.report.energy_tables import shipped_tables
from pulsewright.flow.steps.results import QuantiseResult
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.figures import energy_totals, tier1
from pulsewright.hls_model.energy.total import EnergyPart
from pulsewright.hls_model.reference.fixed_point import IntegerArray


class PageFigure(NamedTuple):
    """A plot: its name on the page, what it shows in a sentence, and Plotly's JSON."""

    name: str
    caption: str
    json: str


def figure(name: str, caption: str, traces: Sequence[Any], **layout: Any) -> PageFigure:
    """A plot without colours of its own, which the page gives it with its theme."""
    from plotly import graph_objects

    drawn = graph_objects.Figure(traces)
    drawn.update_layout(template="none", margin={"l": 60, "r": 20, "t": 20, "b": 50}, **layout)
    return PageFigure(name, caption, str(drawn.to_json()))


def accuracy_figure(result: QuantiseResult) -> PageFigure:
    """Test errors by split and stage."""
    from plotly import graph_objects

    splits = [kind.value for kind in result.accuracy]
    stages = {
        "float": [one.float_mse for one in result.accuracy.values()],
        "quantisation-aware": [one.quantised_mse for one in result.accuracy.values()],
        "integer": [one.integer_mse for one in result.accuracy.values()],
    }
    bars = [graph_objects.Bar(name=name, x=splits, y=errors) for name, errors in stages.items()]
    return figure(
        "accuracy",
        "Test MSE of the scaled read current by what is held out for the test.",
        bars,
        barmode="group",
        yaxis={"title": {"text": "test MSE"}, "rangemode": "tozero"},
    )


def error_by_pulse_figure(workspace: Workspace) -> PageFigure:
    """Mean squared error of the integer network at each pulse number, on test rows and on all."""
    from plotly import graph_objects

    curves, model = workspace.curves, workspace.model
    squared = (model.predict(curves.inputs)[:, 0] - curves.targets) ** 2
    number = np.tile(np.arange(curves.pulses), curves.curves)
    test = workspace.split(workspace.recipe.data.split).test
    chosen: dict[str, IntegerArray] = {
        f"test rows (split by {workspace.recipe.data.split.value})": np.asarray(test),
        "all rows": np.arange(curves.rows),
    }
    traces = []
    for name, rows in chosen.items():
        count = np.bincount(number[rows], minlength=curves.pulses)
        total = np.bincount(number[rows], weights=squared[rows], minlength=curves.pulses)
        seen = count > 0
        traces.append(
            graph_objects.Scatter(
                name=name,
                x=np.flatnonzero(seen).tolist(),
                y=(total[seen] / count[seen]).tolist(),
                mode="lines",
            )
        )
    return figure(
        "error-by-pulse",
        "Mean squared error of the integer network at each pulse number.",
        traces,
        xaxis={"title": {"text": "pulse number N"}},
        yaxis={"title": {"text": "MSE"}, "rangemode": "tozero"},
    )


def energy_figure(workspace: Workspace) -> PageFigure:
    """What an inference is spent for, by table, beside the paper's estimate."""
    from plotly import graph_objects

    model, folded = workspace.model, workspace.folded
    every = [total for table in shipped_tables() for total in energy_totals(model, folded, table)]
    totals = [total for total in every if total.workload.name == every[0].workload.name]
    paper = tier1(model.sizes)
    labels = [f"{one.table.name} ({one.table.node}), weights in {one.home_name}" for one in totals]
    bars = [
        graph_objects.Bar(
            name=part.value,
            y=labels,
            x=[one.part(part) / 1000 for one in totals],
            orientation="h",
        )
        for part in EnergyPart
    ]
    bars.append(
        graph_objects.Bar(
            name="paper, 9.3 pJ/FLOP",
            y=[f"paper ({paper.node})"],
            x=[paper.picojoule / 1000],
            orientation="h",
        )
    )
    return figure(
        "energy",
        f"Energy of {totals[0].workload.name} by table and home of the weights (tier 2), beside "
        "the paper's estimate (tier 1).",
        bars,
        barmode="stack",
        height=90 + 26 * (len(labels) + 1),
        xaxis={"title": {"text": "nJ"}},
        yaxis={"autorange": "reversed", "automargin": True},
    )
