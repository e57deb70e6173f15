# SPDX-License-Identifier: Apache-2.0
"""Isotonic regression: the never falling sequence that is nearest to given values."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def isotonic(values: FloatArray) -> FloatArray:
    """The never falling sequence of least squared distance to `values`: pool adjacent violators."""
    means: list[float] = []
    counts: list[int] = []
    for value in values.tolist():
        means.append(value)
        counts.append(1)
        while len(means) > 1 and means[-2] >= means[-1]:
            mean, count = means.pop(), counts.pop()
            total = counts[-1] + count
            means[-1] = (means[-1] * counts[-1] + mean * count) / total
            counts[-1] = total
    return np.repeat(means, counts)
