# SPDX-License-Identifier: Apache-2.0
import numpy as np

from pulsewright.flow.steps.corner_stimulus import corner_codes
from pulsewright.flow.steps.stimulus import drawn_codes
from tests.models import random_model

MODEL = random_model((3, 4, 2), seed=3)


def test_corners_come_first_and_drawn_rows_follow() -> None:
    found = corner_codes(MODEL, 200, 1)
    assert found.shape == (200, 3)
    drawn = drawn_codes(MODEL, 4096, 1)
    corners = next(n for n in range(200) if np.array_equal(found[n:], drawn[: 200 - n]))
    assert 4 < corners < 140
    # A few rows are the first of these.
    assert np.array_equal(corner_codes(MODEL, 5, 1), found[:5])
