# SPDX-License-Identifier: Apache-2.0
"""Packages of small coprocessors, made once for all tests."""

from functools import cache
from pathlib import Path

from amaranth.hdl import Fragment

from pulsewright.hls_model.energy.figure import EnergyFigure
from pulsewright.hls_model.energy.figures import tier1, tier2
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.package.assemble import GeneratedVerilog, package_files
from pulsewright.rtl.package.design import PackagedDesign, packaged_design
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from tests.models import fold_model, random_model

NAME = "pulse"
NO_VERILOG = "// SPDX-License-Identifier: Apache-2.0\n"
# Sizes, foldings, bits of an input; what else the engine can do.
NETWORKS = {
    "plain": ((6, 5, 1), ((2, 3), (1, 2)), 8, ""),
    "other": ((5, 4, 3, 2), ((2, 5), (1, 2), (2, 3)), 12, ""),
    "reloadable": ((6, 5, 2), ((3, 4), (2, 2)), 8, "reloadable"),
    "incremental": ((6, 5, 1), ((5, 1), (1, 5)), 8, "incremental"),
    "pulses": ((6, 5, 1), ((2, 3), (1, 2)), 8, "pulses"),
    "reloadable_pulses": ((6, 5, 2), ((3, 4), (2, 2)), 8, "reloadable pulses"),
    "incremental_pulses": ((6, 5, 1), ((5, 1), (1, 5)), 8, "incremental pulses"),
    "codes": ((6, 5, 3), ((2, 3), (2, 2)), 8, "code"),
    "windowed": ((150, 5, 3), ((2, 30), (1, 5)), 2, ""),
    "windowed_results": ((6, 5, 66), ((2, 3), (3, 5)), 8, "reloadable"),
    "index": ((6, 5, 3), ((2, 3), (2, 2)), 8, "argmax"),
}


def network(which: str) -> tuple[IntegerMlp, FoldedEngine]:
    sizes, foldings, input_width, option = NETWORKS[which]
    pulses = 20 if "pulses" in option else None
    wider = {"multipliers": 11, "output": option} if option in ("code", "argmax") else {}
    model = random_model(sizes, input_width=input_width, pulses=pulses, **wider)
    return model, fold_model(
        model, foldings, incremental="incremental" in option, reloadable="reloadable" in option
    )


def data_sheet_energy(model: IntegerMlp, folded: FoldedEngine) -> list[EnergyFigure]:
    return [tier1(model.sizes), *tier2(model, folded, EnergyTable.load())]


@cache
def design(
    bus: str = "obi",
    which: str = "plain",
    name: str = NAME,
    options: AttachmentOptions | None = None,
) -> PackagedDesign:
    model, folded = network(which)
    top = coprocessor_top(bus, model, folded, options)
    found = packaged_design(top, model, name, bus)
    Fragment.get(top, None)  # Amaranth warns of a design that is not used.
    return found


@cache
def files(
    bus: str = "obi",
    which: str = "plain",
    name: str = NAME,
    options: AttachmentOptions | None = None,
) -> dict[str, bytes]:
    model, folded = network(which)
    coprocessor = to_verilog(coprocessor_top(bus, model, folded, options), f"{name}_{bus}")
    verilog = GeneratedVerilog(coprocessor, engine_verilog(which, name))
    energy = data_sheet_energy(model, folded)
    return package_files(name, bus, model, folded, verilog, energy, options)


@cache
def paperwork(
    bus: str = "obi",
    which: str = "plain",
    name: str = NAME,
    options: AttachmentOptions | None = None,
) -> dict[str, bytes]:
    """A package whose Verilog is missing: all else is made in a second."""
    model, folded = network(which)
    energy = data_sheet_energy(model, folded)
    verilog = GeneratedVerilog(NO_VERILOG, NO_VERILOG)
    return package_files(name, bus, model, folded, verilog, energy, options)


@cache
def engine_verilog(which: str, name: str) -> str:
    return to_verilog(StreamTop(*network(which)), f"{name}_engine")


def write(folder: Path, contents: dict[str, bytes]) -> Path:
    for path, data in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
