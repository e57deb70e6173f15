# SPDX-License-Identifier: Apache-2.0
import threading
from collections.abc import Callable
from functools import partial

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
    together = threading.Barrier(3, timeout=20)

    def meet(place: int) -> Callable[[], int]:
        def task() -> int:
            together.wait()
            return place

        return task

    outcomes = list(in_parallel([meet(place) for place in range(6)], 3))
    assert sorted(outcomes) == [(place, place) for place in range(6)]


@pytest.mark.parametrize(("jobs", "most"), [(1, 1), (2, 3)])
def test_nothing_begins_when_the_caller_has_stopped(jobs: int, most: int) -> None:
    """But the first task, which ends, each thread is in one task when the caller stops."""
    before = set(threading.enumerate())
    stopped = threading.Event()
    begun: list[int] = []

    def task(place: int) -> None:
        begun.append(place)
        assert place == 0 or stopped.wait(20)

    outcomes = in_parallel([partial(task, place) for place in range(100)], jobs)
    next(outcomes)
    threads = set(threading.enumerate()) - before
    assert len(threads) == (jobs if jobs > 1 else 0)
    outcomes.close()
    stopped.set()
    for thread in threads:
        thread.join()
    assert 1 <= len(begun) <= most


def test_nothing_to_do_is_done() -> None:
    assert list(in_parallel([], 2)) == []
