# SPDX-License-Identifier: Apache-2.0
"""The rows of a finished sweep, looked up by point, and figures that are made from several."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pulsewright.flow.reproduce.settings import ReproductionSettings
from pulsewright.flow.reproduce.tasks import Point, Protocol, points
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.paper.floor import Floor, irreducible_floor, most_frequent_set
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.splits import SplitKind

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Results:
    """Curves, their name for titles, the settings, and the rows by key.

    measured: True if the curves are those of the paper, so that its figures are about them.
    """

    curves: PulseCurves
    source_name: str
    measured: bool
    settings: ReproductionSettings
    rows: Mapping[str, Mapping[str, Any]]

    @property
    def floors(self) -> dict[Target, Floor]:
        """The irreducible floor of either target."""
        return {target: irreducible_floor(self.curves, target) for target in Target}

    @property
    def reference(self) -> npt.NDArray[np.bool_]:
        """(curves,) which are of the most frequent parameter set."""
        return most_frequent_set(self.curves)

    def points(self) -> list[Point]:
        """Every point, sorted by protocol, split, target, model and fraction."""
        return sorted(
            points(self.settings),
            key=lambda point: (
                list(Protocol).index(point.protocol),
                list(SplitKind).index(point.kind),
                list(Target).index(point.target),
                point.model,
                point.fraction,
            ),
        )

    def has(self, point: Point) -> bool:
        """True if the settings asked for this point."""
        return point.key in self.rows

    def column(self, point: Point, name: str) -> FloatArray:
        """(seeds, ...) of a column of the point's row; a missing curve error is NaN."""
        return np.array(self.rows[point.key][name], dtype=np.float64)

    def line(self, protocol: Protocol, kind: SplitKind, target: Target, model: str) -> list[Point]:
        """The points of one learning curve, by rising fraction."""
        return [point for point in self.points() if point[:4] == (protocol, kind, target, model)]


def check_rows(rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse the rows of a sweep in which a training failed.

    Raises:
        PulsewrightError: there is such a row; the first is named with its reason.
    """
    failed = {key: row["error"] for key, row in rows.items() if "error" in row}
    if failed:
        key, reason = next(iter(failed.items()))
        raise PulsewrightError(
            f"{len(failed)} of {len(rows)} trainings failed, first {key}: {reason}; mend that and "
            "run again, what is finished is kept"
        )


def fraction_name(fraction: float) -> str:
    """0.001 as "0.1 %"."""
    return f"{100 * fraction:g} %"


def share_at_or_below(errors: FloatArray, limit: float) -> float:
    """Share of errors (any shape, NaN left out) at or below `limit`."""
    known = errors[~np.isnan(errors)]
    return float((known <= limit).mean())
