# SPDX-License-Identifier: Apache-2.0
"""The steps of synthesis, by what decides their results: for those who work, and who only ask.

They stand in no order: a build is synthesised for as many targets as its user asks for. Versions
and files of libraries are given as they were, so that a result can be shown where they are not
installed.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pulsewright.flow.steps import settings
from pulsewright.flow.steps.rtl import rtl_files
from pulsewright.flow.steps.step import Step
from pulsewright.flow.steps.synthesis_result import CELLS, ENERGY, MAPPING, ROUTING
from pulsewright.flow.steps.synthesised import designs_of
from pulsewright.flow.workspace import Workspace

Work = Callable[[Workspace], None]


def _nothing(workspace: Workspace) -> None:
    """For those who only ask what a target showed."""


def synthesis_folder(workspace: Workspace, target: str) -> Path:
    """Where a target's results, scripts, logs and netlists are."""
    return workspace.folder / "synth" / target


def netlist_file(workspace: Workspace, target: str, design: str) -> Path:
    """The netlist of one of `designs_of` the recipe."""
    name = f"{workspace.verilog(design).stem}.json"
    return synthesis_folder(workspace, target) / design / name


def _netlists(workspace: Workspace, target: str) -> list[Path]:
    return [netlist_file(workspace, target, design) for design in designs_of(workspace)]


def mapping_step(target: str, versions: Mapping[str, str], work: Work = _nothing) -> Step:
    """The step that maps to the cells of an FPGA. target: family and device."""
    return Step(
        f"synth_{target}_mapping",
        shows=f"cells of {target}",
        outputs=lambda w: [synthesis_folder(w, target) / MAPPING, *_routed_files(w, target)],
        work=work,
        code=lambda w: ["pulsewright.flow.steps.fpga"],
        inputs=rtl_files,
        settings=lambda w: {"versions": versions},
    )


def routing_step(
    target: str, versions: Mapping[str, str], seeds: Sequence[int], work: Work = _nothing
) -> Step:
    """The step that places and routes what was mapped."""
    return Step(
        f"synth_{target}_routing",
        shows=f"clock frequency on {target}",
        outputs=lambda w: [synthesis_folder(w, target) / ROUTING],
        work=work,
        code=lambda w: ["pulsewright.flow.steps.fpga"],
        inputs=lambda w: _routed_files(w, target),
        settings=lambda w: {"versions": versions, "seeds": seeds},
    )


def _routed_files(workspace: Workspace, target: str) -> list[Path]:
    """What placing and routing read of the mapping."""
    return [
        netlist.with_suffix(suffix)
        for netlist in _netlists(workspace, target)
        for suffix in (".v", ".json")
    ]


def cells_step(
    target: str,
    versions: Mapping[str, str],
    period: float,
    libraries: Mapping[str, str],
    work: Work = _nothing,
) -> Step:
    """The step that maps to standard cells.

    target: name of the cells, and whether clocks are gated. libraries: digests by corner.
    """
    return Step(
        f"synth_{target}",
        shows=f"cells of {target}",
        outputs=lambda w: [synthesis_folder(w, target) / CELLS, *_netlists(w, target)],
        work=work,
        code=lambda w: ["pulsewright.flow.steps.cells"],
        inputs=rtl_files,
        settings=lambda w: {"versions": versions, "period": float(period), "libraries": libraries},
    )


def energy_step(
    target: str,
    versions: Mapping[str, str],
    library: str,
    counted: int,
    work: Work = _nothing,
) -> Step:
    """The step that runs rows through what was mapped to standard cells.

    library: digest of the typical corner's file. counted: rows whose energy is counted.
    """
    return Step(
        f"synth_{target}_energy",
        shows=f"energy in cells of {target}",
        outputs=lambda w: [synthesis_folder(w, target) / ENERGY],
        work=work,
        code=lambda w: ["pulsewright.flow.steps.gate_energy"],
        inputs=lambda w: [w.model_file, *_netlists(w, target), *settings.data_files(w)],
        settings=lambda w: {
            **settings.chosen_rows(w),
            **settings.coprocessor(w),
            "versions": versions,
            "counted": counted,
            "library": library,
        },
    )
