# SPDX-License-Identifier: Apache-2.0
"""Lays a netlist out by qflow: graywolf places, qrouter routes, magic and netgen check.

All of them are programs of Debian that run by themselves. Cells of OSU's 0.18 µm library come as
outlines and pins; without their drawings there is no GDS.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.hls_model.processes.plain_paths import plain_temporary_folder
from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.hls_model.system_programs import apt_line
from pulsewright.synth.cells.cell_library import CellLibrary
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.layout.blif import GROUND, SUPPLY, blif
from pulsewright.synth.tools.logged_run import MOST_LOG_BYTES, ToolError, run_logged

PROGRAM = "qflow"
REMEDY = f"qflow is not installed; {apt_line(PROGRAM)}"
_VERSIONS = re.compile(r"^Running (qrouter|magic) ([\d.]+\d)", re.MULTILINE)


class Stage(StrEnum):
    """What is done one after the other; the next needs the one before."""

    PLACE = "place"
    ROUTE = "route"
    MIGRATE = "migrate"
    DRC = "drc"
    LVS = "lvs"


_COUNTS = {
    Stage.DRC: re.compile(r"^drc = (\d+)", re.MULTILINE),
    Stage.LVS: re.compile(r"^Total errors = (\d+)", re.MULTILINE),
}


@dataclass(frozen=True)
class Layout:
    """How far it went.

    routed: the DEF file; None if not all nets were. drc_errors, lvs_errors: None if it was not
    checked. remark: the last words of the tool that gave up, empty if none did. versions: of the
    tools that told.
    """

    routed: Path | None
    drc_errors: int | None
    lvs_errors: int | None
    remark: str
    versions: dict[str, str]


def is_available() -> bool:
    """Whether qflow is installed."""
    return shutil.which(PROGRAM) is not None


def version() -> str:
    """Version and revision of qflow.

    Raises:
        PulsewrightError: it is not installed, or tells none.
    """
    if not is_available():
        raise PulsewrightError(REMEDY)
    told = re.search(r"version ([\d.]+) revision (\d+)", run_tool([PROGRAM, "-v"]).stdout)
    if told is None:
        raise PulsewrightError(f"{PROGRAM} -v tells no version; {REMEDY}")
    return f"{told[1]}.{told[2]}"


def lay_out(
    netlist: Netlist,
    library: CellLibrary,
    technology: str,
    folder: Path,
    seconds: float,
    show: Callable[[int], None] = lambda done: None,
) -> Layout:
    """Place, route and check; scripts, logs, DEF and magic's files are in `folder` afterwards.

    technology: as qflow calls it. seconds: that each stage may take. show: gets the number of
    stages that are done.

    Raises:
        PulsewrightError: qflow is not installed, or a stage did not end in time.
    """
    if not is_available():
        raise PulsewrightError(REMEDY)
    # The scripts of qflow take no path with a blank.
    with tempfile.TemporaryDirectory(dir=plain_temporary_folder()) as temporary:
        project = Path(temporary) / "project"
        _write_project(netlist, library, project)
        try:
            return _run(netlist.top, technology, project, folder, seconds, show)
        finally:
            shutil.copytree(project, folder, dirs_exist_ok=True)


def _write_project(netlist: Netlist, library: CellLibrary, project: Path) -> None:
    """What qflow's own synthesis would have left, and the Verilog that it looks for."""
    for name in ("source", "synthesis", "layout", "log"):
        (project / name).mkdir(parents=True)
    (project / "source" / f"{netlist.top}.v").write_text(netlist.verilog(), encoding="utf-8")
    synthesis = project / "synthesis"
    (synthesis / f"{netlist.top}.blif").write_text(blif(netlist, library), encoding="utf-8")
    supplies = f'set vddnet="{SUPPLY}"\nset gndnet="{GROUND}"\n'
    (synthesis / f"{netlist.top}_powerground").write_text(supplies, encoding="utf-8")
    (project / "log" / "synth.log").write_text("mapped elsewhere\n", encoding="utf-8")


def _run(
    top: str,
    technology: str,
    project: Path,
    folder: Path,
    seconds: float,
    show: Callable[[int], None],
) -> Layout:
    counts: dict[Stage, int] = {}
    versions: dict[str, str] = {}
    remark = ""
    passed = set()
    for done, stage in enumerate(Stage):
        show(done)
        log = project / f"{stage}.log"
        try:
            run_logged(PROGRAM, [PROGRAM, stage, "-T", technology, top], log, seconds)
            passed.add(stage)
        except ToolError as error:
            remark = error.last_lines
        except subprocess.TimeoutExpired as error:
            raise PulsewrightError(f"{stage} did not end in {seconds:g} s") from error
        printed = read_plain_text(log, MOST_LOG_BYTES)
        versions |= dict(_VERSIONS.findall(printed))
        found = _COUNTS[stage].search(printed) if stage in _COUNTS else None
        if found is not None:
            counts[stage] = int(found[1])
        if stage not in passed and stage is not Stage.DRC:
            break
    if Stage.LVS in counts and not _is_same_netlist(project / "synthesis", top):
        del counts[Stage.LVS]
        remark = "placing exchanged buffers, and LVS compared with the netlist after that"
    routed = Path("layout") / f"{top}.def"
    is_routed = Stage.ROUTE in passed and (project / routed).is_file()
    return Layout(
        folder / routed if is_routed else None,
        counts.get(Stage.DRC),
        counts.get(Stage.LVS),
        remark,
        versions,
    )


def _is_same_netlist(synthesis: Path, top: str) -> bool:
    """Whether what LVS compared with is what was given.

    graywolf may exchange buffers of a tree, and qflow's scripts write the netlist anew then.
    """
    files = [synthesis / f"{name}.blif" for name in (top, f"{top}_anno")]
    if not files[1].is_file():
        return False
    given, compared = (sorted(file.read_text(encoding="utf-8").split("\n")) for file in files)
    return given == compared
