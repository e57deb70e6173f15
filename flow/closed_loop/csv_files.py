# SPDX-License-Identifier: Apache-2.0
"""The figures behind tables and plots as CSV files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pulsewright.flow.closed_loop.arrays import ArrayLine, array_csv
from pulsewright.flow.closed_loop.instruments import InstrumentLine, instrument_csv
from pulsewright.flow.closed_loop.plots import ErrorLine
from pulsewright.flow.closed_loop.results import HISTORY, TrialSet
from pulsewright.flow.report.csv_tables import Line, write_csv_tables
from pulsewright.quant.closed_loop.comparison import costs, paired_difference


def write_csv_files(
    sets: Sequence[TrialSet],
    errors: Mapping[str, Sequence[ErrorLine]],
    arrays: Sequence[ArrayLine],
    instruments: Sequence[InstrumentLine],
    read_costs: Sequence[float],
    folder: Path,
) -> None:
    """Write all files into `folder`, each whole or not at all.

    Raises:
        PulsewrightError: the folder cannot be written.
    """
    tables: dict[str, list[Line]] = {
        "controllers.csv": [line for one in sets for line in controller_lines(one)],
        "pareto.csv": [line for one in sets for line in pareto_lines(one)],
        "costs.csv": [line for one in sets for line in cost_lines(one, read_costs)],
        "error_by_reads.csv": [
            {"set": title, "controller": line.controller, "reads": reads, "relative_error": error}
            for title, lines in errors.items()
            for line in lines
            for reads, error in line.errors.items()
        ],
        "arrays.csv": array_csv(arrays),
        "instruments.csv": instrument_csv(instruments),
        "trials.csv": [line for one in sets for line in trial_lines(one)],
    }
    write_csv_tables(tables, folder)


def controller_lines(one: TrialSet) -> list[Line]:
    """Figures of every controller, and what the network differs by."""
    lines: list[Line] = []
    for controller in one.chosen:
        reads, over = one.fewer_reads(controller), one.less_overshoot(controller)
        lines.append(
            {
                "set": one.title,
                "controller": controller,
                **one.figures(controller)._asdict(),
                **{f"fewer_reads_{name}": value for name, value in reads._asdict().items()},
                **{f"less_overshoot_{name}": value for name, value in over._asdict().items()},
            }
        )
    return lines


def pareto_lines(one: TrialSet) -> list[Line]:
    """Reads and overshoot of every member of every family, each with its interval."""
    return [
        {"set": one.title, "family": family, "member": member, **point}
        for family, points in one.family_bands.items()
        for member, point in points.items()
    ]


def cost_lines(one: TrialSet, read_costs: Sequence[float]) -> list[Line]:
    """Cost of every controller by the cost of a read, and what the network saves."""
    lines: list[Line] = []
    for read in read_costs:
        own = costs(one.trials, one.chosen[HISTORY], read)
        for controller, outcome in one.chosen.items():
            cost = costs(one.trials, outcome, read)
            saved = paired_difference(own, cost, one.session)._asdict()
            lines.append(
                {
                    "set": one.title,
                    "read_cost": read,
                    "controller": controller,
                    "cost": float(cost.mean()),
                    **{f"network_less_{name}": value for name, value in saved.items()},
                }
            )
    return lines


def trial_lines(one: TrialSet) -> list[Line]:
    """Every trial of every controller, currents in pA; curves and sessions count from 0."""
    lines: list[Line] = []
    for controller, outcome in one.chosen.items():
        columns = (one.trials.curve, one.session, one.trials.level, one.trials.tolerance, *outcome)
        names = ("curve", "session", "level", "tolerance", "pulses", "reads", "current")
        lines += [
            {
                "set": one.title,
                "controller": controller,
                **dict(zip(names, map(int, row), strict=True)),
            }
            for row in zip(*columns, strict=True)
        ]
    return lines
