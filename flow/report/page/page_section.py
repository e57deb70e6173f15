# SPDX-License-Identifier: Apache-2.0
"""A section of the page, as its template reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pulsewright.flow.report.page.page_figure import PageFigure


class Fact(NamedTuple):
    """A term and its value; state: "good", "bad" or nothing."""

    term: str
    value: str
    state: str = ""


class TextBlock(NamedTuple):
    """Text that keeps its lines."""

    title: str
    text: str


class Choice(NamedTuple):
    """One of several texts, shown when it is chosen by its title or by a click on its point.

    name: unique on the page. Points name their text by its place, in Plotly's `customdata`.
    """

    name: str
    label: str
    texts: Sequence[TextBlock]


@dataclass(frozen=True)
class PageSection:
    """id: what a link names. tables: documents of `html_tables.table_document`.

    choice: what a click on a point of these figures shows.
    """

    id: str
    title: str
    text: str = ""
    facts: Sequence[Fact] = ()
    figures: Sequence[PageFigure] = ()
    tables: Sequence[dict[str, Any]] = ()
    texts: Sequence[TextBlock] = ()
    choice: Choice | None = None
