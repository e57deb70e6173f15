# SPDX-License-Identifier: Apache-2.0
"""What a comparison of Brevitas and the integer model found; free of Torch."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UndecidedRow:
    """A row on which float32 has another code of a hidden neuron than exact arithmetic.

    row: from 0. layer: from 1. neuron: from 0, the first of the layer that differs. distance: of
    the exact value from the step between the two codes, in steps.
    """

    row: int
    layer: int
    neuron: int
    exact_code: int
    float32_code: int
    distance: float


@dataclass(frozen=True)
class RowComparison:
    """rows: that were compared. mismatches: rows whose difference is a fault.

    undecided: rows that differ since float32 does not decide them; the integer model has the exact
    codes.
    """

    rows: int
    mismatches: int
    undecided: tuple[UndecidedRow, ...] = ()
