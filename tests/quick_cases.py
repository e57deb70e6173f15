# SPDX-License-Identifier: Apache-2.0
"""Tests of many cases, of which a few run by default and all of them with `make regression`."""

from random import Random

import pytest

MARKER = "quick_cases"


def leave_quick_cases(items: list[pytest.Item]) -> None:
    """Make long tests of the cases that `quick_cases(count)` leaves out.

    The same ones are left every time. They are drawn, since a stride over all cases may be one
    over a parameter too, of which the same value would be tried again and again.
    """
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        marked = item.get_closest_marker(MARKER) is not None
        if marked and item.get_closest_marker("regression") is None:
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for test, every in cases.items():
        marker = every[0].get_closest_marker(MARKER)
        assert marker is not None
        (count,) = marker.args
        quick = set(Random(test).sample(range(len(every)), min(count, len(every))))
        for number, item in enumerate(every):
            if number not in quick:
                item.add_marker(pytest.mark.regression)
