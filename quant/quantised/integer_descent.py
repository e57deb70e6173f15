# SPDX-License-Identifier: Apache-2.0
"""Integer least squares by descent over single weights and pairs of them; free of Torch."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

# Every move lowers the error, so this only bounds the time.
MOST_ROUNDS = 1000


def integer_descent(
    gram: FloatArray, moment: FloatArray, start: FloatArray, limit: int
) -> FloatArray:
    """Lower w' gram w / 2 - moment' w over integers w, |w| <= limit but for the last, the bias.

    gram: (n, n) columns' inner products. moment: (n,) with the target. start: (n,) integers.
    Returns a w that no change of one entry, nor of two weights by one each, improves.
    """
    w = start.copy()
    diagonal = np.diag(gram)
    slope = moment - gram @ w
    for _ in range(MOST_ROUNDS):
        moved = False
        for i in np.flatnonzero(diagonal):
            change = np.rint(slope[i] / diagonal[i])
            if i < len(w) - 1:
                change = np.clip(w[i] + change, -limit, limit) - w[i]
            if change:
                w[i] += change
                slope -= gram[:, i] * change
                moved = True
        if not moved and not _move_best_pair(gram, w, slope, limit):
            break
    return w


def _move_best_pair(gram: FloatArray, w: FloatArray, slope: FloatArray, limit: int) -> bool:
    """Change the two weights by one each that lower the error most; False if none do."""
    n = len(w) - 1
    diagonal = np.diag(gram)[:n]
    best, move = -1e-9 * float(np.abs(slope).max() + diagonal.max()), None
    for sign_i in (-1, 1):
        for sign_j in (-1, 1):
            gain = (
                (diagonal[:, None] + diagonal[None, :]) / 2
                + sign_i * sign_j * gram[:n, :n]
                - sign_i * slope[:n, None]
                - sign_j * slope[None, :n]
            )
            outside = (np.abs(w[:n] + sign_i) > limit)[:, None] | (np.abs(w[:n] + sign_j) > limit)
            gain[outside] = np.inf
            np.fill_diagonal(gain, np.inf)
            if gain.size and gain.min() < best:
                best = float(gain.min())
                i, j = np.unravel_index(int(gain.argmin()), gain.shape)
                move = (int(i), sign_i), (int(j), sign_j)
    for index, sign in move or ():
        w[index] += sign
        slope -= gram[:, index] * sign
    return move is not None
