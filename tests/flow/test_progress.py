# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.progress import tracked


def test_an_item_is_done_when_the_next_one_is_asked_for() -> None:
    told: list[tuple[int, int]] = []
    at_each = []
    for one in tracked("abc", lambda done, total: told.append((done, total))):
        at_each.append((one, told[-1]))
    assert at_each == [("a", (0, 3)), ("b", (1, 3)), ("c", (2, 3))]
    assert told[-1] == (3, 3)


def test_of_nothing_all_is_done() -> None:
    told: list[tuple[int, int]] = []
    assert list(tracked([], lambda done, total: told.append((done, total)))) == []
    assert told == [(0, 0)]
