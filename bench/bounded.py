# SPDX-License-Identifier: Apache-2.0
"""A function in a process of its own that is ended, with all it started, after some seconds."""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Result = TypeVar("Result")


class TimeLimitError(Exception):
    """It did not end in time."""


class ProcessError(Exception):
    """It raised; the text is its traceback."""


def bounded(seconds: float, function: Callable[..., Result], *arguments: Any) -> Result:
    """`function(*arguments)`, which must be of a module so that another process finds it.

    Raises:
        TimeLimitError: it takes longer.
        ProcessError: it fails.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_call, args=(sender, function, arguments))
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise TimeLimitError(f"not done in {seconds:g} s")
        try:
            result, failure = receiver.recv()
        except EOFError:
            raise ProcessError("ended without a result") from None
    finally:
        if process.pid is not None and process.is_alive():
            _end_group(process.pid)
        process.join()
    if failure is not None:
        raise ProcessError(failure)
    made: Result = result
    return made


def _call(sender: Connection, function: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    # A group of its own, so that tools that it starts end with it.
    os.setsid()
    try:
        sender.send((function(*arguments), None))
    except Exception:
        sender.send((None, traceback.format_exc()))


def _end_group(process: int) -> None:
    try:
        os.killpg(process, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(process, signal.SIGKILL)
