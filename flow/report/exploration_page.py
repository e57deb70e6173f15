# SPDX-License-Identifier: Apache-2.0
"""`report.html` of an exploration: pairs of figures with their fronts, recipes, and tables."""

from collections.abc import Mapping, Sequence

from pulsewright.flow.report.exploration_plots import (
    PlottedPair,
    PlottedPoint,
    drawn_pairs,
    front_of,
    peer_points,
    y_label,
)
from pulsewright.flow.report.exploration_table import exploration_table, unmeasured_table
from pulsewright.flow.report.page.html_tables import table_document
from pulsewright.flow.report.page.page_figure import PageFigure, figure, rounded
from pulsewright.flow.report.page.page_section import Choice, Fact, PageSection, TextBlock
from pulsewright.flow.report.page.template import results_page
from pulsewright.flow.report.peers import peer_table
from pulsewright.flow.steps.exploration_result import Exploration

CHOICE = "recipe"


def exploration_page(found: Exploration, recipes: Mapping[str, str]) -> str:
    """The page of an exploration. recipes: text by file, of the variants on the front."""
    named = [one for one in found.variants if one.recipe in recipes]
    texts = [TextBlock(one.name, recipes[one.recipe]) for one in named]
    places = {one.recipe: place for place, one in enumerate(named)}
    tables = [exploration_table(found), unmeasured_table(found), peer_table(found.peers)]
    return results_page(
        found.recipe,
        f"Variants of the coprocessor on {found.title}.",
        _facts(found),
        [
            PageSection(
                "pairs",
                "What is weighed against what",
                "A point is an engine between its streams, or a coprocessor where weights are "
                "reloadable; the line joins those that no other one beats in the two figures of "
                "its plot. Large points are on the front of all objectives; a click on one shows "
                "its recipe.",
                figures=[
                    pair_figure(found, pair, points, places) for pair, points in drawn_pairs(found)
                ],
                choice=Choice(CHOICE, "Recipe of", texts) if texts else None,
            ),
            PageSection(
                "tables",
                "Tables",
                tables=[table_document(one) for one in tables if one is not None],
            ),
        ],
        found.command,
    )


def pair_figure(
    found: Exploration,
    pair: PlottedPair,
    points: Sequence[PlottedPoint],
    places: Mapping[str, int],
) -> PageFigure:
    """One pair of figures. places: of recipes among the texts of the choice, by file."""
    from plotly import graph_objects

    others = peer_points(found, pair)
    traces = [
        graph_objects.Scatter(
            name=series,
            x=rounded(one.x for one in ours),
            y=rounded(one.y for one in ours),
            text=[one.label for one in ours],
            customdata=[places.get(one.recipe) for one in ours],
            hovertemplate="%{text}<br>%{x}, %{y}",
            mode="markers",
            marker={
                "size": [12 if one.recipe else 7 for one in ours],
                "symbol": "x" if ours[0] in others else "circle",
            },
        )
        for series in dict.fromkeys(one.series for one in (*points, *others))
        for ours in [[one for one in (*points, *others) if one.series == series]]
    ]
    front = front_of(points, pair)
    traces.append(
        graph_objects.Scatter(
            name="front of the two",
            x=rounded(one.x for one in front),
            y=rounded(one.y for one in front),
            hoverinfo="skip",
            mode="lines",
            line={"shape": "vh" if pair.more_is_better else "hv", "width": 1, "color": "#8b949e"},
        )
    )
    label = y_label(found, pair)
    return figure(
        pair.name.replace("_", "-"),
        f"{label} over {pair.x_label}, on {found.title}.",
        traces,
        xaxis={"title": {"text": pair.x_label}, "type": "log"},
        yaxis={"title": {"text": label}, "type": "log"},
        height=480,
    )


def _facts(found: Exploration) -> list[Fact]:
    states = [one.state for one in found.variants]
    failed = states.count("failed")
    return [
        Fact("variants", f"{len(states)}"),
        Fact("measured", f"{states.count('measured')}"),
        Fact("not possible", f"{states.count('impossible')}"),
        Fact("refused by a tool", f"{failed}", "bad" if failed else "good"),
        Fact("networks", f"{len(found.networks)}"),
        Fact("on the front", f"{sum(bool(one.recipe) for one in found.variants)}"),
    ]
