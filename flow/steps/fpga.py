# SPDX-License-Identifier: Apache-2.0
"""The steps that map a recipe's Verilog to an FPGA, and place and route it."""

from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from pulsewright.flow.progress import progress_bar
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.synthesis_result import MAPPING, ROUTING, FpgaMapping, FpgaRouting
from pulsewright.flow.steps.synthesis_steps import mapping_step, routing_step, synthesis_folder
from pulsewright.flow.steps.synthesised import designs_of, write_result
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.hls_model.shortened import shortened
from pulsewright.rtl.verilog.hex_files import copy_hex_files
from pulsewright.synth.cells.technology import TECHNOLOGIES
from pulsewright.synth.fpga.mapping import map_design
from pulsewright.synth.fpga.routing import route_design
from pulsewright.synth.fpga.targets import FPGA_TARGETS, Device, FpgaTarget
from pulsewright.synth.tools.yowasp import YOSYS


class ChosenFpga(NamedTuple):
    """seeds: of the placements; none if it is not placed."""

    target: FpgaTarget
    device: Device
    seeds: tuple[int, ...]

    @property
    def name(self) -> str:
        """Of the folder of its results."""
        return f"{self.target.name}_{self.device.name}"

    @property
    def packages(self) -> tuple[str, ...]:
        """Import names of what brings the tools."""
        router = self.target.router if self.seeds else None
        return (YOSYS.package, *([] if router is None else [router.package]))

    def folder(self, workspace: Workspace) -> Path:
        """Where its results, scripts, logs and netlists are."""
        return synthesis_folder(workspace, self.name)


def chosen_fpga(target: str, device: str | None, seeds: int) -> ChosenFpga:
    """The target and device of these names.

    seeds: how many placements; 0 for none.

    Raises:
        PulsewrightError: the family or the device is unknown.
    """
    if target not in FPGA_TARGETS:
        raise PulsewrightError(
            f"--target {shortened(target)} is unknown; choose one of "
            f"{', '.join((*FPGA_TARGETS, *TECHNOLOGIES))}"
        )
    family = FPGA_TARGETS[target]
    placements = 0 if family.router is None else seeds
    return ChosenFpga(family, family.device(device), tuple(range(1, placements + 1)))


def fpga_steps(workspace: Workspace, chosen: ChosenFpga) -> tuple[FpgaMapping, FpgaRouting | None]:
    """Map, and place and route if there are seeds, each unless it is done; what they showed.

    Raises:
        PulsewrightError: a tool is missing, or refuses the design.
    """
    folder = chosen.folder(workspace)
    work = partial(_map, chosen=chosen)
    mapping_step(chosen.name, mapping_versions(), work).take(workspace)
    mapping = load_result(folder / MAPPING, FpgaMapping)
    if not chosen.seeds:
        return mapping, None
    work = partial(_route, chosen=chosen)
    routing_step(chosen.name, routing_versions(chosen), chosen.seeds, work).take(workspace)
    return mapping, load_result(folder / ROUTING, FpgaRouting)


def mapping_versions() -> dict[str, str]:
    """Of what maps."""
    return {"yosys": YOSYS.version}


def routing_versions(chosen: ChosenFpga) -> dict[str, str]:
    """Of what maps, and what places and routes for this family."""
    router = chosen.target.router
    return mapping_versions() | ({} if router is None else {"nextpnr": router.version})


def _map(workspace: Workspace, chosen: ChosenFpga) -> None:
    designs = designs_of(workspace)
    root = fresh_folder(chosen.folder(workspace))
    mapped = []
    with progress_bar(workspace.console, f"mapping to {chosen.target.title}", "designs") as show:
        for done, (label, verilog) in enumerate(designs.items()):
            show(done, len(designs))
            text = verilog.read_text(encoding="utf-8")
            folder = fresh_folder(root / label)
            copy_hex_files(verilog, folder)
            mapped.append(
                map_design(text, verilog.stem, label, chosen.target, chosen.device, folder)
            )
    result = FpgaMapping(
        target=chosen.target.name,
        device=chosen.device.title,
        designs=mapped,
        versions=mapping_versions(),
    )
    write_result(root / MAPPING, result)


def _route(workspace: Workspace, chosen: ChosenFpga) -> None:
    designs = designs_of(workspace)
    finished = count(1)
    total = len(designs) * len(chosen.seeds)
    with progress_bar(workspace.console, f"placing on {chosen.device.title}", "seeds") as show:
        show(0, total)
        routed = [
            route_design(
                verilog.stem,
                label,
                chosen.target,
                chosen.device,
                chosen.seeds,
                chosen.folder(workspace) / label,
                lambda: show(next(finished), total),
            )
            for label, verilog in designs.items()
        ]
    result = FpgaRouting(
        target=chosen.target.name,
        device=chosen.device.title,
        seeds=chosen.seeds,
        designs=routed,
        versions=routing_versions(chosen),
    )
    write_result(chosen.folder(workspace) / ROUTING, result)
