# SPDX-License-Identifier: Apache-2.0
"""The steps that lay the engine out in cells of OSU's 0.18 µm library, and charge its wires."""

from functools import partial
from pathlib import Path

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps import settings
from pulsewright.flow.steps.cells import ChosenCells, mapped_cells
from pulsewright.flow.steps.gate_energy import check_rows, engine_netlist, random_rows
from pulsewright.flow.steps.layout_result import (
    LAYOUT,
    LAYOUT_ENERGY,
    LayoutResult,
    WireFigures,
)
from pulsewright.flow.steps.step import Step
from pulsewright.flow.steps.synthesis_steps import netlist_file
from pulsewright.flow.steps.synthesised import ENGINE, layout_folder, write_result
from pulsewright.flow.versions import icarus_version
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.synth.cells.cell_library import CellLibrary, read_library
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import TYPICAL
from pulsewright.synth.energy.engine_run import run_engine
from pulsewright.synth.energy.gate_run import EnergyRun
from pulsewright.synth.energy.groups import is_clock_pin
from pulsewright.synth.layout import qflow
from pulsewright.synth.layout.blif import net_names
from pulsewright.synth.layout.lef import Lef, read_lef
from pulsewright.synth.layout.routed_design import RoutedDesign, read_def
from pulsewright.synth.layout.wires import lengths_by_layer, wire_loads

STAGE_SECONDS = 3600.0


def check_layout(workspace: Workspace) -> None:
    """Refuse what cannot be laid out, before anything is trained.

    Raises:
        PulsewrightError: qflow is not installed, or the engine cannot stand alone.
    """
    qflow.version()
    if workspace.recipe.folded.reloadable:
        raise PulsewrightError(
            f"osu018 is for the engine alone, and that of {workspace.recipe.name!r} takes its "
            "weights from the bus; give a recipe with constant weights"
        )


def laid_out(workspace: Workspace, chosen: ChosenCells) -> LayoutResult:
    """Map, place, route and check the engine unless it is done; what it showed.

    Raises:
        PulsewrightError: a tool is missing, or does not end.
    """
    mapped_cells(workspace, chosen)
    _step(workspace, chosen).take(workspace)
    return load_result(_folder(workspace, chosen) / LAYOUT, LayoutResult)


def laid_out_energy(workspace: Workspace, chosen: ChosenCells, rows: int) -> EnergyRun:
    """Run random rows through the engine unless it is done; what they cost with its wires.

    Raises:
        PulsewrightError: it was not routed, or Icarus is missing.
        VerificationError: a result differs from the integer model.
    """
    if not routed_file(workspace, chosen).exists():
        raise PulsewrightError(
            "--energy needs a layout in which all nets are routed; leave it out for this one"
        )
    icarus = icarus_version()
    Step(
        f"layout_{chosen.name}_energy",
        shows=f"energy of the layout in {chosen.name}",
        outputs=lambda w: [_folder(w, chosen) / LAYOUT_ENERGY],
        work=partial(_measure, chosen=chosen, rows=rows),
        code=lambda w: ["pulsewright.flow.steps.layout"],
        inputs=lambda w: [
            *(w.model_file, routed_file(w, chosen), netlist_file(w, chosen.name, ENGINE)),
            *settings.data_files(w),
        ],
        settings=lambda w: {
            **settings.chosen_rows(w),
            "icarus": icarus,
            "rows": rows,
            "library": _digests(chosen),
        },
    ).take(workspace)
    return load_result(_folder(workspace, chosen) / LAYOUT_ENERGY, EnergyRun)


def routed_design(workspace: Workspace, chosen: ChosenCells) -> RoutedDesign | None:
    """Its cells and wires; None if not all nets were routed."""
    path = routed_file(workspace, chosen)
    return read_def(path.read_text(encoding="utf-8")) if path.exists() else None


def lef_of(chosen: ChosenCells) -> Lef:
    """Layers and outlines of the cells.

    Raises:
        PulsewrightError: the file is not beside the Liberty file.
    """
    path = _lef_file(chosen)
    if not path.is_file():
        raise PulsewrightError(f"{path} is not there; {qflow.REMEDY}")
    return read_lef(path.read_text(encoding="utf-8"))


def routed_file(workspace: Workspace, chosen: ChosenCells) -> Path:
    """The DEF of the engine."""
    return _folder(workspace, chosen) / "routed.def"


def _folder(workspace: Workspace, chosen: ChosenCells) -> Path:
    return layout_folder(workspace, chosen.name) / ENGINE


def _lef_file(chosen: ChosenCells) -> Path:
    return chosen.technology.corners[TYPICAL].with_suffix(".lef")


def _digests(chosen: ChosenCells) -> list[str]:
    return [file_digest(chosen.technology.corners[TYPICAL]), file_digest(_lef_file(chosen))]


def _step(workspace: Workspace, chosen: ChosenCells) -> Step:
    return Step(
        f"layout_{chosen.name}",
        shows=f"layout in {chosen.name}",
        outputs=lambda w: [_folder(w, chosen) / LAYOUT],
        work=partial(_lay_out, chosen=chosen),
        code=lambda w: ["pulsewright.flow.steps.layout"],
        inputs=lambda w: [netlist_file(w, chosen.name, ENGINE)],
        settings=lambda w: {"version": qflow.version(), "library": _digests(chosen)},
    )


def _lay_out(workspace: Workspace, chosen: ChosenCells) -> None:
    library, lef = read_library(chosen.technology.corners[TYPICAL]), lef_of(chosen)
    netlist = engine_netlist(workspace, chosen, library)
    folder = fresh_folder(_folder(workspace, chosen))
    with progress_bar(workspace.console, f"layout in {chosen.technology.title}", "stages") as show:
        found = qflow.lay_out(
            netlist,
            library,
            chosen.technology.name,
            folder,
            STAGE_SECONDS,
            lambda done: show(done, len(qflow.Stage)),
        )
    if found.routed is not None:
        found.routed.rename(routed_file(workspace, chosen))
    routed = routed_design(workspace, chosen)
    write_result(folder / LAYOUT, _result(netlist, lef, found, routed))


def _result(
    netlist: Netlist, lef: Lef, found: qflow.Layout, routed: RoutedDesign | None
) -> LayoutResult:
    names = net_names(netlist)
    loads = {} if routed is None else wire_loads(routed, lef, names)
    clocks = {
        net
        for net, sinks in netlist.sinks.items()
        if any(is_clock_pin(netlist, sink) for sink in sinks)
    }

    def figures(nets: set[int]) -> WireFigures | None:
        if routed is None:
            return None
        return WireFigures(
            nets=len(nets),
            ends=sum(netlist.ends(net) for net in nets),
            micrometre=sum(one.length for net in nets for one in routed.wires.get(names[net], ())),
            femtofarad=sum(loads[net] for net in nets) * 1000,
        )

    return LayoutResult(
        versions={"qflow": qflow.version(), **found.versions},
        design=ENGINE,
        cells=len(netlist.instances),
        cell_area=netlist.area,
        die_area=None if routed is None else routed.width * routed.height,
        signals=figures(set(names) - clocks),
        clock=figures(clocks),
        layers={} if routed is None else lengths_by_layer(routed, names),
        drc_errors=found.drc_errors,
        lvs_errors=found.lvs_errors,
        remark=found.remark,
    )


def _measure(workspace: Workspace, chosen: ChosenCells, rows: int) -> None:
    library: CellLibrary = read_library(chosen.technology.corners[TYPICAL])
    netlist = engine_netlist(workspace, chosen, library)
    routed = routed_design(workspace, chosen)
    assert routed is not None
    loads = wire_loads(routed, lef_of(chosen), net_names(netlist))
    root = _folder(workspace, chosen)
    folder = fresh_folder(root / "energy")
    codes, latency = random_rows(workspace, rows), workspace.folded.latency
    run = run_engine(netlist, workspace.model, codes, latency, folder, loads.__getitem__)
    check_rows("with the layout's wires", run, folder)
    write_result(root / LAYOUT_ENERGY, run)
