# SPDX-License-Identifier: Apache-2.0
"""Plots of a run."""

from collections.abc import Mapping, Sequence

import numpy as np

from pulsewright.flow.report.energy_tables import shipped_tables
from pulsewright.flow.report.page.page_figure import PageFigure, figure, rounded
from pulsewright.flow.steps.results import QuantiseResult, SimulationResult
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.figures import energy_totals, tier1
from pulsewright.hls_model.energy.total import EnergyPart
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.datasets.sessions import MOST_CURVES, sessions
from pulsewright.sim.simulators import Simulator


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


def error_by_session_figure(workspace: Workspace) -> PageFigure | None:
    """Errors of the curves of each measuring session; None of so many that none are told."""
    from plotly import graph_objects

    curves, model = workspace.curves, workspace.model
    if curves.curves > MOST_CURVES:
        return None
    squared = (model.predict(curves.inputs)[:, 0] - curves.targets) ** 2
    of_curve = squared.reshape(curves.curves, curves.pulses).mean(axis=1)
    session = sessions(curves)
    boxes = [
        graph_objects.Box(
            name=f"{number}",
            y=rounded(of_curve[session == number]),
            boxpoints="outliers",
            showlegend=False,
        )
        for number in np.unique(session).tolist()
    ]
    return figure(
        "error-by-session",
        "Mean squared error of the integer network on each curve, by measuring session. Sessions "
        "are told from the order and the level of the curves: where the current jumps and stays, "
        "another begins.",
        boxes,
        xaxis={"title": {"text": "session"}, "type": "category"},
        yaxis={"title": {"text": "MSE of a curve"}, "type": "log"},
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


def cycle_figure(simulations: Mapping[Simulator, SimulationResult]) -> PageFigure | None:
    """Which unit of the engine worked in which cycle, as a simulator recorded it; None without."""
    from plotly import graph_objects

    found = next(((name, one.busy) for name, one in simulations.items() if one.busy), None)
    if found is None:
        return None
    simulator, busy = found
    groups: dict[str, dict[str, list[int]]] = {}
    for unit, cycles in busy.items():
        groups.setdefault(unit.partition(":")[0], {})[unit] = cycles
    bars = []
    for group, units in groups.items():
        spans = [(unit, *span) for unit, cycles in units.items() for span in spans_of(cycles)]
        bars.append(
            graph_objects.Bar(
                name=group,
                y=[unit for unit, _, _ in spans],
                base=[begin for _, begin, _ in spans],
                x=[length for _, _, length in spans],
                orientation="h",
                hovertemplate="%{y}<br>from cycle %{base}, %{x} cycles<extra></extra>",
            )
        )
    last = max((cycle for cycles in busy.values() for cycle in cycles), default=0)
    return figure(
        "cycles",
        f"What works in which cycle, as {simulator.value} recorded it: vectors are offered "
        f"without a gap, the first {last + 1} cycles. A bar is there where registers of a stage "
        "load, or a stream moves.",
        bars,
        barmode="overlay",
        bargap=0.3,
        height=90 + 24 * len(busy),
        xaxis={"title": {"text": "clock cycle"}, "range": [0, last + 1]},
        yaxis={
            "automargin": True,
            "autorange": "reversed",
            "categoryorder": "array",
            "categoryarray": list(busy),
        },
    )


def spans_of(cycles: Sequence[int]) -> list[tuple[int, int]]:
    """First cycle and length of each run of consecutive ones; cycles rise."""
    spans: list[tuple[int, int]] = []
    for cycle in cycles:
        if spans and sum(spans[-1]) == cycle:
            begin, length = spans.pop()
            spans.append((begin, length + 1))
        else:
            spans.append((cycle, 1))
    return spans
