# SPDX-License-Identifier: Apache-2.0
"""Work that waits for other programs, several at a time."""

from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TypeVar

Result = TypeVar("Result")


def in_parallel(
    tasks: Sequence[Callable[[], Result]], jobs: int
) -> Generator[tuple[int, Result | Exception], None, None]:
    """The place and the result of each task, or what it raised, as they end.

    jobs: how many run at a time; with 1 the caller does all of it, in order. When the caller stops
    asking, no further task begins. Threads end with this process, and tools that they started as
    well (`started_tool`).
    """
    if jobs == 1:
        for place, task in enumerate(tasks):
            yield place, _outcome(task)
        return
    waiting: SimpleQueue[int] = SimpleQueue()
    ended: SimpleQueue[tuple[int, Result | Exception]] = SimpleQueue()
    stopped = Event()
    for place in range(len(tasks)):
        waiting.put(place)

    def work() -> None:
        with suppress(Empty):
            while not stopped.is_set():
                place = waiting.get_nowait()
                ended.put((place, _outcome(tasks[place])))

    for _ in range(min(jobs, len(tasks))):
        Thread(target=work, daemon=True).start()
    try:
        for _ in tasks:
            yield ended.get()
    finally:
        stopped.set()


def _outcome(task: Callable[[], Result]) -> Result | Exception:
    try:
        return task()
    except Exception as error:
        return error
