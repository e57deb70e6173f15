# SPDX-License-Identifier: Apache-2.0
"""Maps a coprocessor's Verilog, and proves that the netlists do what it says."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pulsewright.flow.progress import progress_bar
from pulsewright.flow.steps.proofs_result import NetlistProven
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.hls_model.python_packages import check_packages
from pulsewright.hls_model.shortened import shortened
from pulsewright.synth.cells.technology import TECHNOLOGIES
from pulsewright.synth.equivalence.mapped_netlist import (
    GENERIC,
    Mapper,
    map_to_ecp5,
    map_to_gates,
    mapper_to_cells,
)
from pulsewright.synth.equivalence.netlist_proof import prove_netlist
from pulsewright.synth.fpga.targets import ECP5
from pulsewright.synth.tools.yowasp import YOSYS

TARGETS = (GENERIC, ECP5.name, *TECHNOLOGIES)


def netlist_mappers(targets: Sequence[str], pdk: Path | None, period: float) -> dict[str, Mapper]:
    """What maps to each of the targets. pdk: of standard cells. period: they are sized for, in ns.

    Raises:
        PulsewrightError: a target is unknown, its cells are not found, or Yosys is missing.
    """
    if targets:
        check_packages([YOSYS.package])
    return {target: _mapper(target, pdk, period) for target in dict.fromkeys(targets)}


def _mapper(target: str, pdk: Path | None, period: float) -> Mapper:
    if target in TECHNOLOGIES:
        return mapper_to_cells(TECHNOLOGIES[target].find(pdk), period, clock_gates=True)
    if target not in TARGETS:
        raise PulsewrightError(
            f"--netlist {shortened(target)} is unknown; choose of {', '.join(TARGETS)}"
        )
    return map_to_gates if target == GENERIC else map_to_ecp5


def prove_netlists(
    workspace: Workspace, verilog: Path, mappers: Mapping[str, Mapper], root: Path
) -> tuple[NetlistProven, ...]:
    """One after the other, each in a folder of `root`.

    Raises:
        PulsewrightError: Yosys refuses the design or the cells, or a netlist has what no law is
            known of.
    """
    proven = []
    with progress_bar(workspace.console, "netlists", "netlists") as show:
        for done, (target, mapper) in enumerate(mappers.items()):
            show(done, len(mappers))
            folder = fresh_folder(root / f"netlist_{target}")
            copied = folder / verilog.name
            copied.write_text(verilog.read_text(encoding="utf-8"), encoding="utf-8")
            netlist = mapper(copied, verilog.stem, folder)
            found = prove_netlist(copied, verilog.stem, netlist, folder)
            proven.append(NetlistProven(target=target, **found.model_dump()))
    return tuple(proven)
