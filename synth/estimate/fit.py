# SPDX-License-Identifier: Apache-2.0
"""Sums of terms that are fitted to measured figures, and how far they are off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """A figure as a sum of terms, none with a negative weight.

    weights: by term. median_error, worst_error: of samples that the fit had not seen, as shares of
    what was measured. samples: how many there were.
    """

    weights: tuple[float, ...]
    median_error: float
    worst_error: float
    samples: int

    @classmethod
    def of(cls, terms: Sequence[Sequence[float]], measured: Sequence[float]) -> Self:
        """Fit so that the squares of relative errors are least.

        terms: a row of terms a sample. measured: above 0, a figure a sample.

        Each sample is left out once and told by the others: that gives the errors.

        Raises:
            ValueError: there are fewer than two samples, or a figure is not above 0.
        """
        rows, figures = np.array(terms, dtype=float), np.array(measured, dtype=float)
        if len(figures) < 2 or len(rows) != len(figures) or not (figures > 0).all():
            raise ValueError(f"{len(figures)} figures of {len(rows)} samples cannot be fitted")
        errors = []
        for left_out in range(len(figures)):
            others = np.arange(len(figures)) != left_out
            told = rows[left_out] @ _weights(rows[others], figures[others])
            errors.append(abs(told / figures[left_out] - 1))
        return cls(
            tuple(_weights(rows, figures).tolist()),
            float(np.median(errors)),
            float(np.max(errors)),
            len(figures),
        )

    def value(self, terms: Sequence[float]) -> float:
        """The figure of an engine with these terms."""
        return float(np.dot(self.weights, terms))


def _weights(rows: FloatArray, figures: FloatArray) -> FloatArray:
    relative = rows / figures[:, None]
    # Terms of millions of bits beside a constant of 1 would stop the search early.
    size = np.maximum(np.abs(relative).max(axis=0), np.finfo(float).tiny)
    found, _ = nnls(relative / size, np.ones(len(figures)))
    weights: FloatArray = found / size
    return weights


def spread_out(terms: Sequence[Sequence[float]], count: int) -> list[int]:
    """Places of `count` samples that lie far from each other, in the order of the choice.

    The first is the one with the least sum of terms; each further one is that farthest from those
    chosen, by the logarithms of the terms. Fewer if there are fewer different ones.
    """
    logs = np.log1p(np.array(terms, dtype=float))
    chosen = [int(np.argmin(logs.sum(axis=1)))]
    distance = np.full(len(logs), np.inf)
    while len(chosen) < count:
        distance = np.minimum(distance, np.linalg.norm(logs - logs[chosen[-1]], axis=1))
        farthest = int(np.argmax(distance))
        if distance[farthest] == 0:
            break
        chosen.append(farthest)
    return chosen
