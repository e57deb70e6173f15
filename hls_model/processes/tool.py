# SPDX-License-Identifier: Apache-2.0
"""Runs a program that ends when this process does, in whatever way that is."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.processes import lifeline
from pulsewright.hls_model.processes.environment import tool_environment

# Exit code of a file that no system can run, as in a shell.
CANNOT_START = lifeline.CANNOT_START


@contextmanager
def started_tool(
    command: Sequence[str],
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    **streams: Any,
) -> "Iterator[subprocess.Popen[str]]":
    """Start `command`; when the block ends it is gone, and so is everything that it started.

    Not only when the block ends: after SIGKILL of this process as well. environment: the clean one
    unless given. streams: stdin, stdout and stderr, as of `subprocess.Popen`; stdin is empty
    unless given. A program that a signal ended has the exit code of a shell, 128 and the signal's
    number.

    Raises:
        PulsewrightError: there is no such program.
    """
    variables = tool_environment() if environment is None else environment
    if shutil.which(command[0], path=variables.get("PATH")) is None:
        raise PulsewrightError(
            f"cannot start {command[0]}: it is no program on the PATH; install it or mend the PATH"
        )
    watched, held = os.pipe()
    process = None
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", lifeline.__file__, str(watched), *command],
            cwd=cwd,
            env=variables,
            pass_fds=[watched],
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
            **({"stdin": subprocess.DEVNULL} | streams),
        )
        os.close(watched)
        watched = -1
        yield process
    finally:
        # Whatever interrupts the rest: from here on the other side ends by itself.
        os.close(held)
        if watched >= 0:
            os.close(watched)
        if process is not None:
            _sweep(process)


def run_tool(
    command: Sequence[str],
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    log: IO[Any] | None = None,
    seconds: float | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run `command` to its end, as `started_tool` does.

    log: a file for what it prints, errors among it; else both are returned.

    Raises:
        PulsewrightError: there is no such program.
        subprocess.TimeoutExpired: it did not end in `seconds`.
    """
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    if log is not None:
        streams = {"stdout": log, "stderr": subprocess.STDOUT}
    with started_tool(command, cwd, environment, **streams) as process:
        output, errors = process.communicate(timeout=seconds)
    return subprocess.CompletedProcess(
        list(command), process.returncode, output or "", errors or ""
    )


def _sweep(process: "subprocess.Popen[str]") -> None:
    """Wait for the other side; if it did not end by itself, nor did what it was to end."""
    if process.returncode is None:
        # Until it is waited for its number stays reserved, so that no other group can be meant.
        with suppress(ChildProcessError):
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    if process.returncode is None or process.returncode < 0:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    process.wait()
