# SPDX-License-Identifier: Apache-2.0
"""RISC-V cores with the coprocessor as their instruction, from the packages with the cores."""

from importlib.resources import files

from pulsewright.sim.soc.core_sources import CoreSources, cv32e40x_sources, picorv32_sources
from pulsewright.sim.soc.cores import IF_XIF_MODULE

# Modules of the wrappers, and the names under which they look for the coprocessor.
PICORV32, PICORV32_COPROCESSOR = "picorv32_pcpi", "pulsewright_pcpi"
CV32E40X, CV32E40X_COPROCESSOR = "cv32e40x_x_if", IF_XIF_MODULE
CV32E40X_WRAPPERS = (
    "soc/cv32e40x_with_x_if.sv",
    "cv32e40x_x_if.sv",
)
CORE_WARNINGS = ("ASCRANGE", "COMBDLY", "WIDTHEXPAND", "WIDTHTRUNC")


def picorv32_system(coprocessor: str) -> str:
    """Verilog of the module `PICORV32`.

    coprocessor: text of the PCPI coprocessor, written as module `PICORV32_COPROCESSOR`.

    Raises:
        PulsewrightError: the core's source is not installed.
    """
    # The core last, since its compiler directives hold to the end of the file.
    return f"{_wrapper('picorv32_pcpi.v')}\n{coprocessor}\n{_included(picorv32_sources())}"


def cv32e40x_system(coprocessor: str) -> str:
    """SystemVerilog of the module `CV32E40X`; Icarus 11 does not understand the core.

    coprocessor: text of `if_xif_coprocessor`.

    Raises:
        PulsewrightError: the core's source is not installed.
    """
    core = _included(cv32e40x_sources())
    wrappers = "\n".join(map(_wrapper, CV32E40X_WRAPPERS))
    return f"{core}\n{wrappers}\n{coprocessor}"


def _wrapper(name: str) -> str:
    return (files("pulsewright.sim") / "verilog" / name).read_text(encoding="utf-8")


def _included(core: CoreSources) -> str:
    """The core's files, about whose style our lint has nothing to say."""
    off = "".join(f"/* verilator lint_off {one} */\n" for one in CORE_WARNINGS)
    on = "".join(f"/* verilator lint_on {one} */\n" for one in CORE_WARNINGS)
    return off + "".join(f'`include "{source}"\n' for source in core.files) + on
