# SPDX-License-Identifier: Apache-2.0
"""Programs of the system that only a part of the work needs, and the packages that bring them.

`tools/system_packages.sh` installs the same before there is a Python; a test compares the two.
"""

from typing import NamedTuple


class SystemProgram(NamedTuple):
    """packages: Debian's, in one word or several. purpose: what needs it."""

    packages: str
    purpose: str


PROGRAMS = {
    "iverilog": SystemProgram("iverilog", "simulation on Icarus"),
    "vvp": SystemProgram("iverilog", "simulation on Icarus"),
    "g++": SystemProgram("g++", "simulation on Verilator, C++ kernel, emulator"),
    "make": SystemProgram("make", "simulation on Verilator, bench of the C++ kernel"),
    "perl": SystemProgram("perl", "simulation on Verilator"),
    "ccache": SystemProgram("ccache", "shorter builds of Verilator"),
    "riscv64-unknown-elf-gcc": SystemProgram("gcc-riscv64-unknown-elf", "firmware"),
    "sta": SystemProgram("opensta", "MHz of standard cells"),
    "qflow": SystemProgram("qflow qflow-tech-osu018", "layouts in osu018"),
}


def apt_line(program: str) -> str:
    """The command that installs what brings `program`, one of `PROGRAMS`."""
    return f"apt-get install {PROGRAMS[program].packages}"


def package_remedy(program: str) -> str:
    """What to do where `program`, one of `PROGRAMS`, is missing, as a part of a sentence."""
    return f"install the package {PROGRAMS[program].packages} ({apt_line(program)})"
