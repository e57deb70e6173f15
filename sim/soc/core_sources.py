# SPDX-License-Identifier: Apache-2.0
"""Source files of the RISC-V cores, from the Python packages that bring them."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.python_packages import check_packages


class CoreSources(NamedTuple):
    """What a simulator is given to build a core.

    files: in the order in which they are compiled. libraries: folders in which modules are looked
    for by name. includes: folders of included files.
    """

    files: Sequence[Path]
    libraries: Sequence[Path] = ()
    includes: Sequence[Path] = ()


def package_folder(name: str) -> Path:
    """Folder of the Python package `pythondata_cpu_<name>`.

    Raises:
        MissingPackageError: it is not installed.
    """
    package = f"pythondata_cpu_{name}"
    check_packages([package])
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def picorv32_sources() -> CoreSources:
    """PicoRV32, one file of Verilog."""
    return CoreSources([package_folder("picorv32") / "verilog" / "picorv32.v"])


def cv32e40x_sources() -> CoreSources:
    """CV32E40X, with its clock gate for simulation."""
    folder = package_folder("cv32e40x") / "system_verilog"
    rtl = folder / "rtl"
    first = [rtl / "include" / "cv32e40x_pkg.sv", rtl / "if_c_obi.sv", rtl / "if_xif.sv"]
    others = sorted(path for path in rtl.glob("*.sv") if path not in first)
    return CoreSources([*first, *others, folder / "bhv" / "cv32e40x_sim_clock_gate.sv"])


def ibex_sources() -> CoreSources:
    """Ibex, with the generic primitives that its package brings."""
    folder = package_folder("ibex") / "system_verilog"
    primitives = folder / "vendor" / "lowrisc_ip" / "ip"
    wrappers = folder / "dv" / "uvm" / "core_ibex" / "common" / "prim"
    shared = primitives / "prim" / "rtl"
    packages = [
        wrappers / "prim_pkg.sv",
        *(
            shared / f"prim_{name}_pkg.sv"
            for name in ("util", "count", "secded", "mubi", "ram_1p", "cipher")
        ),
        folder / "rtl" / "ibex_pkg.sv",
    ]
    return CoreSources(
        packages,
        libraries=[folder / "rtl", wrappers, primitives / "prim_generic" / "rtl", shared],
        includes=[
            folder / "rtl",
            shared,
            folder / "vendor" / "lowrisc_ip" / "dv" / "sv" / "dv_utils",
        ],
    )
