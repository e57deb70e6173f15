# SPDX-License-Identifier: Apache-2.0
"""The figures of Spetzler et al., APL Mach. Learn. 3, 026103 (2025), doi:10.1063/5.0251113."""

from typing import NamedTuple


class TableEntry(NamedTuple):
    """One line of Table II: floating-point operations and nJ of one inference, as printed."""

    flop: int
    nanojoule: str


TABLE_2: dict[str, TableEntry] = {
    "A1": TableEntry(896, "8.33"),
    "A2": TableEntry(9088, "84.5"),
    "A3": TableEntry(17280, "161"),
}

# Fig. 4(b), test MSE of I_r,n: of each network at 0.1 % of the training rows, and the range of all
# three at full data.
SMALL_FRACTION = 0.001
SMALL_FRACTION_MSE: dict[str, float] = {"A1": 0.07, "A2": 0.06, "A3": 0.047}
FULL_DATA_MSE: tuple[float, float] = (0.006, 0.008)

# Fig. 5, MSE of one predicted curve by fraction of the training rows.
CURVE_MSE: dict[float, float] = {0.001: 28.6e-3, 0.01: 1.3e-3, 0.05: 0.65e-3, 0.1: 0.8e-3}

# The published script draws the curves with these numbers, but with the pulse parameters of the
# rows with these numbers, which are all of curve 0. Before it drew nine, it was set to curve 3.
SCRIPT_CURVES: tuple[int, ...] = tuple(range(1, 10))
SCRIPT_PARAMETERS_OF = 0
SCRIPT_TEST_CURVE = 3
