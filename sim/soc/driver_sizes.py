# SPDX-License-Identifier: Apache-2.0
"""Bytes of code that the driver takes in a program, by what the program calls."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.sim.soc.compiler import check_compiled, cross_prefix, firmware_folder

ARCHITECTURES = ("rv32i", "rv32ic", "rv32imc")
FLAGS = ("-mabi=ilp32", "-std=c99", "-Os", "-ffreestanding", "-ffunction-sections")
CORE = ("probe", "infer", "curve_start", "curve_next", "reach")
TIMED = ("wait", "infer_within", "curve_next_within")
STEPS = ("pack", "packed_begin", "stream_begin", "steps_begin")
WEIGHTS = ("image_words", "load_weights", "verify_weights", "weight_write", "bias_write")
OTHERS = ("expect", "acquire", "commit", "curve_read", "infer_start", "infer_results")
# What is linked together; each group has the helpers that it shares with others.
GROUPS = {
    "probe": CORE[:1],
    "infer": ("infer",),
    "curve": ("curve_start", "curve_next"),
    "reach": ("reach",),
    "probe, infer, curve, reach": CORE,
    "these and time-outs": (*CORE, *TIMED),
    "packed codes and steps": STEPS,
    "weights": WEIGHTS,
    "everything": (*CORE, *TIMED, *STEPS, *WEIGHTS, *OTHERS),
}


class DriverSize(NamedTuple):
    """Bytes of the driver's functions that are linked, and the functions of libgcc that they call.

    libgcc_bytes: of these, with what they need in turn.
    """

    code: int
    libgcc: tuple[str, ...]
    libgcc_bytes: int


def driver_size(functions: Sequence[str], architecture: str, folder: Path) -> DriverSize:
    """Link these functions (names without `pulsewright_`) and what they need, and nothing else.

    architecture: as in -march. The driver has its default hooks: registers are reached by loads
    and stores, nothing is done between two looks, and no bus errors are asked for.

    Raises:
        PulsewrightError: there is no compiler, or it refuses the driver.
    """
    compiler = [f"{cross_prefix()}gcc", f"-march={architecture}", *FLAGS]
    folder.mkdir(parents=True, exist_ok=True)
    compiled = folder / f"driver_{architecture}.o"
    linked = compiled.with_suffix(".elf")
    sentence = f"cannot compile the driver for {architecture}"
    source = firmware_folder() / "driver" / "pulsewright.c"
    log = compiled.with_suffix(".log")
    check_compiled(run_tool([*compiler, "-c", str(source), "-o", str(compiled)]), sentence, log)
    names = [f"pulsewright_{name}" for name in functions]
    roots = [f"-Wl,-e,{names[0]}", *(f"-Wl,-u,{name}" for name in names)]
    link = [*compiler, "-nostdlib", "-Wl,--gc-sections", *roots, str(compiled), "-lgcc"]
    check_compiled(run_tool([*link, "-o", str(linked)]), sentence, log)
    sizes = _sizes(linked, log)
    libgcc = {name: size for name, size in sizes.items() if name.startswith("__")}
    called = sorted(libgcc.keys() & _undefined(compiled, log))
    libgcc_bytes = sum(libgcc.values())
    return DriverSize(sum(sizes.values()) - libgcc_bytes, tuple(called), libgcc_bytes)


def _sizes(linked: Path, log: Path) -> dict[str, int]:
    """Bytes of every function of a program."""
    found = re.findall(r"^\d+ (\d+) [tT] (\S+)$", _symbols(linked, log), re.MULTILINE)
    return {name: int(size) for size, name in found}


def _undefined(compiled: Path, log: Path) -> set[str]:
    """What an object leaves to others."""
    return set(re.findall(r"^ +U (\S+)$", _symbols(compiled, log), re.MULTILINE))


def _symbols(binary: Path, log: Path) -> str:
    listed = run_tool([f"{cross_prefix()}nm", "--print-size", "--radix=d", str(binary)])
    check_compiled(listed, f"cannot read {binary}", log)
    return listed.stdout
