# SPDX-License-Identifier: Apache-2.0
"""Which of the paper's figures the measured numbers bear out."""

from typing import NamedTuple

from pulsewright.flow.report.result_table import Column, ResultTable, words
from pulsewright.flow.reproduce.results import FloatArray, Results, fraction_name
from pulsewright.flow.reproduce.squared_errors import milli
from pulsewright.flow.reproduce.tables import table_2_grid
from pulsewright.flow.reproduce.tasks import Point, Protocol
from pulsewright.quant.paper.published import (
    CURVE_MSE,
    FULL_DATA_MSE,
    SCRIPT_CURVES,
    SCRIPT_TEST_CURVE,
    SMALL_FRACTION,
    SMALL_FRACTION_MSE,
)
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.splits import SplitKind

# The project's own aim for A1 at full data, split by rows.
OWN_AIM = 0.0052
WHOLE = 1.0


class Verdict(NamedTuple):
    """A claim, the paper's figure, ours, and whether it holds."""

    claim: str
    paper: str
    found: str
    holds: bool


def verdict_grid(results: Results) -> ResultTable:
    """All verdicts."""
    return ResultTable(
        "verdicts",
        "What is reproduced",
        (
            words("claim", "claim"),
            Column("paper", "paper"),
            Column("found", "found"),
            Column("holds", "holds", lambda holds: "yes" if holds else "no"),
        ),
        verdicts(results),
    )


def verdicts(results: Results) -> list[Verdict]:
    """Claims of the paper, and the project's own aim, that the rows of the sweep can decide."""
    rows = table_2_grid().texts
    exact = all(row[2] == row[3] and row[4] == row[5] for row in rows)
    found = [
        Verdict(
            "Table II: FLOP and nJ of A1, A2, A3",
            "; ".join(", ".join(row[column] for row in rows) for column in (3, 5)),
            "; ".join(", ".join(row[column] for row in rows) for column in (2, 4)),
            holds=exact,
        )
    ]
    for name in results.settings.networks:
        found += _fraction_verdicts(results, name)
    own = _level(Protocol.OWN, "A1", WHOLE)
    if results.has(own):
        mse = results.column(own, "test_mse")
        found.append(
            Verdict(
                f"A1, the project's own training, full data: at most {OWN_AIM}",
                "",
                _range(mse),
                holds=float(mse.mean()) <= OWN_AIM,
            )
        )
    for fraction, paper in CURVE_MSE.items():
        found += _curve_verdict(results, fraction, paper)
    return found


def _fraction_verdicts(results: Results, name: str) -> list[Verdict]:
    found = []
    small, whole = (_level(Protocol.PUBLISHED, name, one) for one in (SMALL_FRACTION, WHOLE))
    if results.has(small):
        mse = results.column(small, "test_mse")
        paper = SMALL_FRACTION_MSE[name]
        found.append(
            Verdict(
                f"{name} at {fraction_name(SMALL_FRACTION)}: the paper's test MSE is within our "
                "seeds",
                f"{paper:g}",
                _range(mse),
                holds=float(mse.min()) <= paper <= float(mse.max()),
            )
        )
    if results.has(whole):
        mse = results.column(whole, "test_mse")
        low, high = FULL_DATA_MSE
        error = float(results.column(whole, "test_se").mean())
        found.append(
            Verdict(
                f"{name} at full data: in the paper's range within one standard error "
                f"({error:.4f})",
                f"{low:g} to {high:g}",
                _range(mse),
                holds=low - error <= float(mse.mean()) <= high + error,
            )
        )
    return found


def _curve_verdict(results: Results, fraction: float, paper: float) -> list[Verdict]:
    """The script's test curve, compared as the script does: mean over seeds of the best network."""
    means = {}
    for name in results.settings.networks:
        point = _level(Protocol.PUBLISHED, name, fraction)
        if results.has(point):
            errors = results.column(point, "script_curve_mse")
            if errors.size:
                place = SCRIPT_CURVES.index(SCRIPT_TEST_CURVE)
                means[name] = float(errors[:, place].mean())
    if not means:
        return []
    listed = ", ".join(f"{name} {milli(value)}" for name, value in means.items())
    return [
        Verdict(
            f"whole curve at {fraction_name(fraction)}, 1e-3: the script's test curve "
            f"{SCRIPT_TEST_CURVE}, by the best network, is at or below the paper's",
            f"{1000 * paper:g}",
            listed,
            holds=min(means.values()) <= paper,
        )
    ]


def _level(protocol: Protocol, model: str, fraction: float) -> Point:
    return Point(protocol, SplitKind.ROWS, Target.LEVEL, model, fraction)


def _range(values: FloatArray) -> str:
    return f"{values.mean():.4f} ({values.min():.4f} to {values.max():.4f})"
