# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from threading import Barrier

import pytest

from pulsewright.flow.exploration.parallel import in_parallel


def failing() -> int:
    raise ValueError("no")


def test_one_at_a_time_keeps_the_order_and_hands_out_what_was_raised() -> None:
    outcomes = list(in_parallel([lambda: 5, failing, lambda: 7], 1))
    assert [place for place, _ in outcomes] == [0, 1, 2]
    assert (outcomes[0][1], outcomes[2][1]) == (5, 7)
    assert isinstance(outcomes[1][1], ValueError)


def test_as_many_as_asked_for_run_at_once() -> None:
    # Each waits for the two others.
    together = Barrier(3, timeout=20)

    def meet(place: int) -> Callable[[], int]:
        def task() -> int:
            together.wait()
            return place

        return task

    outcomes = list(in_parallel([meet(place) for place in range(6)], 3))
    assert sorted(outcomes) == [(place, place) for place in range(6)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_begins_when_the_caller_has_stopped(jobs: int) -> None:
    begun: list[int] = []
    tasks = [lambda: begun.append(1) for _ in range(100)]
    outcomes = in_parallel(tasks, jobs)
    next(outcomes)
    outcomes.close()
    if jobs == 1:
        assert len(begun) == 1


def test_nothing_to_do_is_done() -> None:
    assert list(in_parallel([], 2)) == []
