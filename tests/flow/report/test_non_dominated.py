# SPDX-License-Identifier: Apache-2.0
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from pulsewright.flow.report.non_dominated import non_dominated


def test_what_another_beats_in_all_is_not_on_the_front() -> None:
    costs = [(1, 9, 5), (2, 2, 5), (2, 3, 5), (9, 1, 5), (2, 2, 5), (2, 2, 6)]
    assert non_dominated(costs) == [True, True, False, True, True, False]
    assert non_dominated([]) == []


@given(st.sets(st.tuples(*[st.integers(0, 6)] * 3), min_size=1))
def test_every_weighing_of_the_costs_has_its_best_on_the_front(
    points: set[tuple[int, int, int]],
) -> None:
    costs = sorted(points)
    front = {one for one, is_on in zip(costs, non_dominated(costs), strict=True) if is_on}
    for weights in product((1, 2, 5), repeat=3):
        least = min(sum(w * c for w, c in zip(weights, one, strict=True)) for one in costs)
        best = {
            one for one in costs if sum(w * c for w, c in zip(weights, one, strict=True)) == least
        }
        assert best <= front
    for one in set(costs) - front:
        assert any(all(a <= b for a, b in zip(other, one, strict=True)) for other in front)
