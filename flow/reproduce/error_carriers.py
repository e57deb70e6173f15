# SPDX-License-Identifier: Apache-2.0
"""What carries the error: coarse, glitched and dead curves beside all others."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pulsewright.flow.report.result_table import Column, ResultTable, words
from pulsewright.flow.reproduce.results import Results
from pulsewright.flow.reproduce.squared_errors import milli
from pulsewright.flow.reproduce.tasks import Point, Protocol
from pulsewright.quant.datasets.curve_quality import COARSE_STEPS, CurveQuality, curve_quality
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.splits import SplitKind

WHOLE = 1.0


class Carrier(NamedTuple):
    """A class of curves, how many they are, and what of the squared error is theirs.

    mean_mse, median_mse: over its curves, each the mean over the seeds.
    """

    name: str
    curves: int
    share_of_error: float
    mean_mse: float
    median_mse: float


def carriers(results: Results) -> list[Carrier]:
    """Each curve in one class, then all curves, and all without the coarse; empty if untrained.

    Errors of whole curves by the project's own training of its first network, split by rows.
    """
    point = _point(results)
    if point is None:
        return []
    error = results.column(point, "curve_mse").mean(axis=0)
    quality = curve_quality(results.curves)
    every = np.ones(len(error), dtype=bool)
    listed = [*_classes(quality).items(), ("all", every), ("all but coarse", ~quality.coarse)]
    return [
        Carrier(
            name,
            int(chosen.sum()),
            float(error[chosen].sum() / error.sum()),
            float(error[chosen].mean()),
            float(np.median(error[chosen])),
        )
        for name, chosen in listed
        if chosen.any()
    ]


def carrier_grid(results: Results) -> ResultTable:
    """The classes with their shares."""
    return ResultTable(
        "error_carriers",
        "What carries the squared error of whole curves, 1e-3",
        (
            words("class", "curves"),
            Column("curves", "number"),
            Column("share_of_error", "of the error", lambda share: f"{100 * share:.1f} %"),
            Column("mean_mse", "mean", milli),
            Column("median_mse", "median", milli),
        ),
        carriers(results),
    )


def carrier_sentences(results: Results) -> str:
    """How the classes are told, and on what grids the reads lie."""
    quality = curve_quality(results.curves)
    steps = _steps_text(quality.resolution[quality.coarse])
    coarse = f" They lie on grids of {steps}." if steps else ""
    return (
        "The classes are found in the currents themselves. *Coarse*: all reads lie on a grid of "
        f"the instrument with fewer than {COARSE_STEPS} steps between lowest and highest."
        f"{coarse} *Glitched*: a read more than eight deviations off widens the range, to which "
        "the curve is scaled, by a tenth or more. *Dead*: the curve rises by less than twice its "
        "read noise. A curve of two classes counts in the first of dead, coarse, glitched.\n"
    )


def _classes(quality: CurveQuality) -> dict[str, npt.NDArray[np.bool_]]:
    taken = quality.dead | quality.coarse
    return {
        "dead": quality.dead,
        "coarse": quality.coarse,
        "glitched": quality.spoilt & ~taken,
        "others": ~(taken | quality.spoilt),
    }


def _steps_text(steps: npt.NDArray[np.float64]) -> str:
    values, counts = np.unique(np.round(steps * 1e9, 6), return_counts=True)
    return ", ".join(
        f"{value:g} nA ({count} curves)" for value, count in zip(values, counts, strict=True)
    )


def _point(results: Results) -> Point | None:
    for name in results.settings.own_networks:
        point = Point(Protocol.OWN, SplitKind.ROWS, Target.LEVEL, name, WHOLE)
        if results.has(point):
            return point
    return None
