# SPDX-License-Identifier: Apache-2.0
"""RISC-V cores with the coprocessor as their instruction, from the packages with the cores."""

from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from hls_model.errors import PulsewrightError

# Modules of the wrappers, and the names under which they look for the coprocessor.
PICORV32, PICORV32_COPROCESSOR = "picorv32_pcpi", "pulsewright_pcpi"
CV32E40X, CV32E40X_COPROCESSOR = "cv32e40x_x_if", "pulsewright_x_if"


def picorv32_system(coprocessor: str) -> str:
    """Verilog of the module `PICORV32`.

    coprocessor: text of a `PcpiTop` written as module `PICORV32_COPROCESSOR`.

    Raises:
        PulsewrightError: the core's source is not installed.
    """
    core = _sources("PicoRV32", "picorv32") / "verilog" / "picorv32.v"
    # The core last, since its compiler directives hold to the end of the file.
    return f"{_wrapper('picorv32_pcpi.v')}\n{coprocessor}\n{_include(core)}"


def cv32e40x_system(coprocessor: str) -> str:
    """SystemVerilog of the module `CV32E40X`; Icarus 11 does not understand the core.

    coprocessor: text of a `CvXIfTop` written as module `CV32E40X_COPROCESSOR`.

    Raises:
        PulsewrightError: the core's source is not installed.
    """
    folder = _sources("CV32E40X", "cv32e40x") / "system_verilog"
    rtl = folder / "rtl"
    first = [rtl / "include" / "cv32e40x_pkg.sv", rtl / "if_c_obi.sv", rtl / "if_xif.sv"]
    others = sorted(path for path in rtl.glob("*.sv") if path not in first)
    sources = [*first, *others, folder / "bhv" / "cv32e40x_sim_clock_gate.sv"]
    core = "".join(_include(source) for source in sources)
    return f"{core}\n{_wrapper('cv32e40x_x_if.sv')}\n{coprocessor}"


def _sources(core: str, name: str) -> Path:
    spec = find_spec(f"pythondata_cpu_{name}")
    if spec is None or spec.origin is None:
        raise PulsewrightError(
            f"the source of {core} is not installed; "
            f"install it with pip install pythondata-cpu-{name}"
        )
    return Path(spec.origin).parent


def _wrapper(name: str) -> str:
    return (files("sim") / "verilog" / name).read_text(encoding="utf-8")


def _include(source: Path) -> str:
    return f'`include "{source}"\n'
