# SPDX-License-Identifier: Apache-2.0
"""The closed loop as tables: one a set of trials, and what the network saves."""

from collections.abc import Mapping

from pulsewright.flow.closed_loop.results import HISTORY, LEARNED, TrialSet
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.quant.closed_loop.comparison import costs, paired_difference

Interval = Mapping[str, float]


def set_table(one: TrialSet, number: int) -> ResultTable:
    """Figures of every controller on one set of trials."""
    rows = []
    for controller in one.chosen:
        found = one.figures(controller)
        fewer = None if controller == HISTORY else one.fewer_reads(controller)._asdict()
        less = None if controller == HISTORY else one.less_overshoot(controller)._asdict()
        rows.append(
            (
                controller,
                found.reads,
                found.pulses,
                found.overshoot,
                found.short,
                found.relative_error,
                fewer,
                less,
            )
        )
    return ResultTable(
        f"closed_loop_{number}",
        f"{one.title}: {len(one.trials.curve)} trials, means",
        (
            words("controller", "controller"),
            Column("reads", "reads", decimals(2)),
            Column("pulses", "pulses", decimals(1)),
            Column("overshoot", "over", percent),
            Column("short", "short", percent),
            Column("relative_error", "error", percent),
            Column("fewer_reads", "network's reads less", interval),
            Column("less_overshoot", "its overshoot less", percent_interval),
        ),
        rows,
    )


def cost_table(one: TrialSet, read_costs: tuple[float, ...]) -> ResultTable:
    """Pulses with reads and overshoots in pulses, by what a read costs."""
    rows = []
    for read in read_costs:
        cost = {name: costs(one.trials, outcome, read) for name, outcome in one.chosen.items()}
        blind = min(
            (name for name in cost if name not in LEARNED), key=lambda name: cost[name].mean()
        )
        saved = paired_difference(cost[HISTORY], cost[blind], one.session)
        rows.append(
            (read, float(cost[HISTORY].mean()), blind, float(cost[blind].mean()), saved._asdict())
        )
    return ResultTable(
        "cost",
        f"{one.title}: cost of a trial in pulses, by the cost of a read",
        (
            Column("read", "a read"),
            Column("network", "network", decimals(1)),
            words("blind", "cheapest blind"),
            Column("blind_cost", "its cost", decimals(1)),
            Column("difference", "difference", interval),
        ),
        rows,
    )


def percent(share: float | None) -> str:
    """A share as per cent; nothing for None."""
    return "" if share is None else f"{100 * share:.1f} %"


def interval(value: Interval | None) -> str:
    """Mean [low, high]."""
    return "" if value is None else f"{value['mean']:.2f} [{value['low']:.2f}, {value['high']:.2f}]"


def percent_interval(value: Interval | None) -> str:
    """The same of shares, in per cent."""
    return "" if value is None else interval({name: 100 * one for name, one in value.items()})
