# SPDX-License-Identifier: Apache-2.0
"""`report.html` of a closed-loop comparison."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pulsewright.flow.closed_loop.arrays import ArrayLine, array_energy_table, array_table
from pulsewright.flow.closed_loop.instruments import InstrumentLine, instrument_table
from pulsewright.flow.closed_loop.page_figures import (
    array_figures,
    controller_figures,
    cost_figure,
    error_figure,
    instrument_figures,
    pareto_figure,
)
from pulsewright.flow.closed_loop.plots import ErrorLine
from pulsewright.flow.closed_loop.results import BEST_BLIND, HISTORY, TrialSet
from pulsewright.flow.closed_loop.settings import ClosedLoopSettings
from pulsewright.flow.closed_loop.tables import cost_table, interval, percent, set_table
from pulsewright.flow.report.page.html_tables import table_document
from pulsewright.flow.report.page.page_section import Fact, PageSection
from pulsewright.flow.report.page.template import results_page


class ClosedLoopResults(NamedTuple):
    """Everything that a comparison found. errors: by the title of the set of trials."""

    sets: Sequence[TrialSet]
    errors: Mapping[str, Sequence[ErrorLine]]
    arrays: Sequence[ArrayLine]
    instruments: Sequence[InstrumentLine]


def closed_loop_page(
    found: ClosedLoopResults, settings: ClosedLoopSettings, source_name: str, command: str
) -> str:
    """The page of a finished comparison. command: what made it."""
    first = found.sets[0]
    sections = [_set_section(one, number, found) for number, one in enumerate(found.sets)]
    sections.append(
        PageSection(
            "costs",
            "Cost of a trial",
            figures=[cost_figure(first, settings.read_costs)],
            tables=[table_document(cost_table(first, settings.read_costs))],
        )
    )
    if found.arrays:
        tables = array_table(found.arrays), array_energy_table(found.arrays, settings.read_voltage)
        sections.append(
            PageSection(
                "arrays",
                "Arrays",
                figures=array_figures(found.arrays),
                tables=[table_document(one) for one in tables],
            )
        )
    sections.append(
        PageSection(
            "instruments",
            "Instruments",
            figures=instrument_figures(first.title, found.instruments),
            tables=[table_document(instrument_table(first.title, found.instruments))],
        )
    )
    return results_page(
        "Closed loop",
        f"Programming devices of {source_name} curves to a level: a network that knows the "
        "history of its reads beside rules without a model.",
        _facts(first),
        sections,
        command,
    )


def _facts(one: TrialSet) -> list[Fact]:
    """Of the first set of trials."""
    network, blind = one.figures(HISTORY), one.figures(BEST_BLIND)
    return [
        Fact("trials", f"{one.title}: {network.trials}"),
        Fact("reads of the network", f"{network.reads:.2f}"),
        Fact("of the best blind rule", f"{blind.reads:.2f}"),
        Fact("difference, 95 %", interval(one.fewer_reads(BEST_BLIND)._asdict())),
        Fact("overshoot of the network", percent(network.overshoot)),
        Fact("of the best blind rule", percent(blind.overshoot)),
    ]


def _set_section(one: TrialSet, number: int, found: ClosedLoopResults) -> PageSection:
    return PageSection(
        f"set-{number}",
        one.title[:1].upper() + one.title[1:],
        figures=[
            pareto_figure(one, number),
            *controller_figures(one, number),
            error_figure(one.title, found.errors[one.title], number),
        ],
        tables=[table_document(set_table(one, number))],
    )
