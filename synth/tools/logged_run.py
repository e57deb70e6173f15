# SPDX-License-Identifier: Apache-2.0
"""Runs a tool and keeps what it prints."""

import re
from collections.abc import Sequence
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.hls_model.processes.tool import run_tool

SHOWN_LINES = 4
MOST_LOG_BYTES = 1 << 28
_ERROR = re.compile(r"\berror:", re.IGNORECASE)


class ToolError(PulsewrightError):
    """A tool ended with an error.

    last_lines: of what it printed, those that say something, the last of them at the end.
    """

    def __init__(self, title: str, code: int, log: Path, last_lines: str) -> None:
        super().__init__(f"{title} ended with {code}: {last_lines} (all of it in {log})")
        self.last_lines = last_lines


def run_logged(title: str, command: Sequence[str], log: Path, seconds: float | None = None) -> str:
    """Run `command` in the folder of `log`; what it printed, which `log` keeps.

    title: what a user knows the tool as.

    Raises:
        ToolError: it ended with an error.
        PulsewrightError: there is no such program.
        subprocess.TimeoutExpired: it did not end in `seconds`.
    """
    with log.open("w", encoding="utf-8") as file:
        run = run_tool(command, cwd=log.parent, log=file, seconds=seconds)
    printed = read_plain_text(log, MOST_LOG_BYTES)
    if run.returncode:
        raise ToolError(title, run.returncode, log, last_lines(printed))
    return printed


def last_lines(printed: str) -> str:
    """The last lines that name an error, or else the last ones, as one."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.search(line)]
    return " / ".join((errors or lines)[-SHOWN_LINES:]) or "it printed nothing"
