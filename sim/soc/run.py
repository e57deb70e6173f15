# SPDX-License-Identifier: Apache-2.0
"""Runs a program on a system and reads what it prints."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.sim.simulators import Simulator, simulator_environment
from pulsewright.sim.soc.build import BuiltSoc
from pulsewright.sim.soc.compiler import Firmware

CYCLE_LIMIT = 400_000_000
WALL_SECONDS = 3600


class ProgramRun(NamedTuple):
    """What a program printed.

    exit_code: 0 is success. cycles: of the whole run. measures: by name, the numbers of its
    `measure` lines. failures, notes: its `fail` and `note` lines. log: all of it.
    """

    exit_code: int
    cycles: int
    measures: Mapping[str, Mapping[str, int]]
    failures: Sequence[str]
    notes: Sequence[str]
    log: Path


def run_program(
    soc: BuiltSoc, firmware: Firmware, folder: Path, cycle_limit: int = CYCLE_LIMIT
) -> ProgramRun:
    """Run `firmware` in `folder` until it exits; its console goes to a log there.

    A system with a memristive device reads its image from `memristor.hex` in that folder.

    Raises:
        PulsewrightError: it does not exit within the limit, or the simulation breaks off.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # As seen from there, so that neither its length nor its letters matter to a simulator.
    image = os.path.relpath(firmware.image.resolve(), folder.resolve())
    plusargs = [f"+image={image}", f"+cycles={cycle_limit}"]
    log = folder / f"{firmware.name}{firmware.optimisation}.log"
    command = [str(soc.program), *plusargs]
    if soc.simulator is Simulator.ICARUS:
        command = ["vvp", "-n", *command]
    with simulator_environment(soc.simulator):
        try:
            done = run_tool(command, folder, os.environ, seconds=WALL_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise PulsewrightError(
                f"{firmware.name} on {soc.design.core.title} has not ended after {WALL_SECONDS} s; "
                "try it where less runs beside it"
            ) from error
    write_text(log, done.stdout + done.stderr)
    ended = re.search(r"^exit (\d+) cycles (\d+)$", done.stdout, re.MULTILINE)
    if ended is None:
        what = "went past its cycle limit" if "cycle limit" in done.stdout else "broke off"
        raise PulsewrightError(f"{firmware.name} on {soc.design.core.title} {what}; see {log}")
    lines = done.stdout.splitlines()
    return ProgramRun(
        exit_code=int(ended[1]),
        cycles=int(ended[2]),
        measures=_measures(lines),
        failures=_texts(lines, "fail"),
        notes=_texts(lines, "note"),
        log=log,
    )


def _measures(lines: Sequence[str]) -> dict[str, dict[str, int]]:
    """Lines `measure NAME [NUMBER] key number key number ...`; NUMBER is called `rows`."""
    found = {}
    for line in lines:
        kind, _, rest = line.partition(" ")
        name, *fields = rest.split() or [""]
        if kind == "measure" and fields:
            if len(fields) % 2:
                fields = ["rows", *fields]
            pairs = zip(fields[::2], fields[1::2], strict=True)
            found[name] = {key: int(value) for key, value in pairs}
    return found


def _texts(lines: Sequence[str], kind: str) -> list[str]:
    return [line.removeprefix(f"{kind} ") for line in lines if line.startswith(f"{kind} ")]
