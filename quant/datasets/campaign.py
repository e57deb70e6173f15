# SPDX-License-Identifier: Apache-2.0
"""The pulse settings of the published measuring campaign, as the sweeps it consists of.

Settings are facts from Spetzler et al., APL Mach. Learn. 3, 026103 (2025) and its data: 266
curves of 89 settings, one of which, the reference, was repeated 148 times to see the spread
between devices.
"""

import numpy as np
import numpy.typing as npt

# V_set mV, V_anti mV, t_set ms, t_off ms, t_read ms
Setting = tuple[int, int, int, int, int]

REFERENCE: Setting = (2000, 0, 100, 100, 100)
REFERENCE_REPEATS = 148


def _antipulse(v_set: int, repeats: dict[int, int]) -> list[Setting]:
    """Antipulse amplitudes (mV, negated) at the reference times, with their repeats."""
    return [(v_set, -v, 100, 100, 100) for v, count in repeats.items() for _ in range(count)]


def _set_width(widths: list[int], t_off: int, t_read: int, v_anti: int = 0) -> list[Setting]:
    """Widths of the set pulse (ms) at 2 V with the other times held."""
    return [(2000, v_anti, width, t_off, t_read) for width in widths]


def _common_width(widths: list[int]) -> list[Setting]:
    """All three times equal (ms), at 2 V without antipulse."""
    return [(2000, 0, width, width, width) for width in widths]


def sweeps() -> list[Setting]:
    """List the settings of all 266 curves."""
    return [
        *[REFERENCE] * REFERENCE_REPEATS,
        *_common_width([*range(5, 100, 5), 5, 10, 50, 50]),
        *_common_width([*range(200, 1100, 100), 500]),
        *_set_width([*range(200, 1400, 100)], t_off=100, t_read=100),
        *_set_width([100, 100, 150, 200, 250, 250, 500, 500, 1000], t_off=50, t_read=50),
        *[(2000, 0, 100, 200, 100)] * 3,
        *_antipulse(2000, {100: 2, 200: 2, 300: 2, 400: 1, 500: 2, 600: 1, 700: 2, 750: 1}),
        *_antipulse(2000, {800: 2, 900: 4, 910: 1, 920: 1, 930: 1}),
        (2000, -850, 100, 100, 10),
        *_set_width([500, 500, 500, 1000], t_off=50, t_read=50, v_anti=-850),
        *_set_width([500], t_off=50, t_read=50, v_anti=-900),
        *_set_width([500], t_off=250, t_read=50, v_anti=-850),
        *_set_width([500], t_off=500, t_read=50, v_anti=-850),
        *_set_width([500], t_off=500, t_read=500, v_anti=-850),
        *_antipulse(2100, {0: 2, 900: 1}),
        *_antipulse(2200, {0: 3, 300: 1, 350: 1, 400: 1, 450: 1, 500: 2, 600: 4, 650: 1}),
        *_antipulse(2200, {700: 2, 750: 1, 900: 1}),
        (2200, -700, 500, 500, 500),
        *_antipulse(2250, {0: 1}),
        *_antipulse(2300, {0: 2, 450: 1, 550: 1, 600: 1}),
        (2300, 0, 100, 200, 100),
        *_antipulse(2400, {0: 1}),
    ]


# Coprime to 266, so that every beginning of the list mixes repeats and sweeps.
STRIDE = 113


def settings(curves: int) -> npt.NDArray[np.float64]:
    """(curves, 5) settings in V and s: a mixed order of the campaign, again from its start."""
    listed = sweeps()
    chosen = [listed[index * STRIDE % len(listed)] for index in range(curves)]
    return np.array(chosen, dtype=np.float64) / 1000
