# SPDX-License-Identifier: Apache-2.0
"""Progress bars of long steps."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from pulsewright.hls_model.escape.terminal import visible

Item = TypeVar("Item")
Advance = Callable[[int, int], None]
"""Called with (done, total)."""


StepAdvance = Callable[[str, int, int], None]
"""Called with (step, done, total)."""


def tracked(items: Sequence[Item], show: Advance) -> Iterator[Item]:
    """The items; each counts as done when the next one is asked for."""
    for done, one in enumerate(items):
        show(done, len(items))
        yield one
    show(len(items), len(items))


@contextmanager
def progress_bar(console: Console, title: str, unit: str) -> Iterator[Advance]:
    """Show a bar until the block ends; it disappears then, and is silent where no one looks."""
    with progress_bars(console, unit) as show:
        yield lambda done, total: show(title, done, total)


@contextmanager
def progress_bars(console: Console, unit: str = "") -> Iterator[StepAdvance]:
    """Show a bar for every step that is told of, until the block ends."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(visible(step), total=None)
            bars.update(tasks[step], completed=done, total=total)

        yield advance
