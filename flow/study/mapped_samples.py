# SPDX-License-Identifier: Apache-2.0
"""What a sample of a study's engines takes of an FPGA or of standard cells."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich.console import Console

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.steps.cells import ChosenCells
from pulsewright.flow.steps.fpga import ChosenFpga
from pulsewright.hls_model.reference.drawn_mlp import drawn_mlp
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.quant.studies.journal import Journal, Row
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.synth.cells.cell_library import read_library
from pulsewright.synth.cells.mapping import map_to_cells
from pulsewright.synth.cells.technology import TYPICAL
from pulsewright.synth.estimate.shape import EngineShape
from pulsewright.synth.fpga.mapping import map_design
from pulsewright.synth.tools.yowasp import YOSYS

TOP = "sample"
MAPPING_CODE = (
    "pulsewright.hls_model.reference.drawn_mlp",
    "pulsewright.rtl.top",
    "pulsewright.rtl.verilog.writer",
    "pulsewright.synth.fpga.mapping",
    "pulsewright.synth.cells.mapping",
)


class Figure(NamedTuple):
    """A figure of a design: its name in a row, as a column of the study, and in tables."""

    name: str
    column: str
    title: str


FPGA_FIGURES = (
    Figure("luts_with_carries", "fitted_luts", "LUT (fit)"),
    Figure("flip_flops", "fitted_flip_flops", "FF (fit)"),
)
CELL_FIGURES = (Figure("kilo_gate_equivalents", "fitted_kilo_gate_equivalents", "kGE (fit)"),)


def figures_of(chosen: ChosenFpga | ChosenCells) -> tuple[Figure, ...]:
    """What is fitted of a target; the first one is the area."""
    return FPGA_FIGURES if isinstance(chosen, ChosenFpga) else CELL_FIGURES


def mapped_samples(
    shapes: Sequence[EngineShape],
    interval: int,
    chosen: ChosenFpga | ChosenCells,
    folder: Path,
    console: Console,
) -> list[Row]:
    """`figures_of` the target for engines with drawn weights in these sizes and widths.

    interval: the most cycles an inference, which each engine is folded for. folder: of the study,
    whose journal keeps what was mapped.

    Raises:
        PulsewrightError: a tool is missing, or refuses a design or the library.
    """
    made_from = {
        "target": chosen.name,
        "files": {} if isinstance(chosen, ChosenFpga) else _digests(chosen),
        "interval": interval,
        "yosys": YOSYS.version,
        "code": code_digest(MAPPING_CODE),
    }
    with (
        Journal.open(folder / "cells", made_from) as journal,
        progress_bar(console, f"mapping samples to {chosen.name}", "engines") as show,
    ):
        for done, shape in enumerate(shapes):
            show(done, len(shapes))
            if str(shape) not in journal.rows:
                journal.append(str(shape), _mapped(shape, interval, chosen))
        return [journal.rows[str(shape)] for shape in shapes]


def _digests(chosen: ChosenCells) -> dict[str, object]:
    return {
        "typical": file_digest(chosen.technology.corners[TYPICAL]),
        "period": chosen.period,
        "clock_gates": chosen.clock_gates,
    }


def _mapped(shape: EngineShape, interval: int, chosen: ChosenFpga | ChosenCells) -> Row:
    model = drawn_mlp(TOP, shape.sizes, shape.weight_bits, shape.input_bits, shape.activation_bits)
    verilog = to_verilog(StreamTop(model, cheapest_folding(shape.sizes, interval)), TOP)
    with TemporaryDirectory() as name:
        if isinstance(chosen, ChosenFpga):
            mapped = map_design(verilog, TOP, TOP, chosen.target, chosen.device, Path(name))
            return {one.name: getattr(mapped, one.name) for one in FPGA_FIGURES}
        technology = chosen.technology
        library = read_library(technology.corners[TYPICAL])
        netlist = map_to_cells(
            verilog, TOP, technology, library, chosen.period, chosen.clock_gates, Path(name)
        )
        return {CELL_FIGURES[0].name: netlist.area / library.nand2_area / 1000}
