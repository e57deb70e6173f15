# SPDX-License-Identifier: Apache-2.0
"""A plot of a page: drawn by Plotly in the browser, from figures that are made here."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class PageFigure(NamedTuple):
    """A plot: its name on the page, what it shows in a sentence, and Plotly's JSON."""

    name: str
    caption: str
    json: str


DIGITS = 4


def rounded(values: Iterable[float]) -> list[float]:
    """As many digits as a plot shows."""
    return [float(f"{value:.{DIGITS}g}") for value in values]


def figure(name: str, caption: str, traces: Sequence[Any], **layout: Any) -> PageFigure:
    """A plot without colours of its own, which the page gives it with its theme."""
    from plotly import graph_objects

    drawn = graph_objects.Figure(traces)
    drawn.update_layout(template="none", margin={"l": 60, "r": 20, "t": 20, "b": 50}, **layout)
    return PageFigure(name, caption, str(drawn.to_json()))
