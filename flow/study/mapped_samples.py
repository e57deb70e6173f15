# SPDX-License-Identifier: Apache-2.0
"""What a sample of a study's engines takes of an FPGA or of standard cells."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from rich.console import Console

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.steps.cells import ChosenCells
from pulsewright.flow.steps.fpga import ChosenFpga
from pulsewright.flow.versions import icarus_version
from pulsewright.hls_model.reference.drawn_mlp import drawn_mlp
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.quant.studies.journal import Journal, Row
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.synth.cells.cell_library import read_library
from pulsewright.synth.cells.mapping import map_to_cells
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import TYPICAL
from pulsewright.synth.energy.engine_bench import TAIL_ROWS, WARM_ROWS
from pulsewright.synth.energy.engine_run import run_engine
from pulsewright.synth.estimate.shape import EngineShape
from pulsewright.synth.fpga.mapping import map_design
from pulsewright.synth.tools.yowasp import YOSYS

TOP = "sample"
ENERGY_CODE = ("pulsewright.synth.energy.engine_run",)
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
ENERGY_FIGURES = (Figure("picojoule", "fitted_picojoule", "pJ (fit)"),)


def figures_of(chosen: ChosenFpga | ChosenCells) -> tuple[Figure, ...]:
    """What of a target is fitted to `TERMS`; the first one is the area."""
    return FPGA_FIGURES if isinstance(chosen, ChosenFpga) else CELL_FIGURES


def mapped_samples(
    shapes: Sequence[EngineShape],
    interval: int,
    chosen: ChosenFpga | ChosenCells,
    folder: Path,
    console: Console,
    rows: int = 0,
) -> list[Row]:
    """`figures_of` the target for engines with drawn weights in these sizes and widths.

    interval: the most cycles an inference, which each engine is folded for. folder: of the study,
    whose journal keeps what was mapped. rows: drawn input vectors whose energy in standard cells is
    counted, for `ENERGY_FIGURES`; none if 0.

    Raises:
        PulsewrightError: a tool is missing, or refuses a design or the library.
        VerificationError: a result of the gates differs from the integer model.
    """
    made_from = {
        "target": chosen.name,
        "files": {} if isinstance(chosen, ChosenFpga) else _digests(chosen),
        "interval": interval,
        "yosys": YOSYS.version,
        "code": code_digest((*MAPPING_CODE, *(ENERGY_CODE if rows else ()))),
    } | ({"rows": rows, "icarus": icarus_version()} if rows else {})
    with (
        Journal.open(folder / "cells", made_from) as journal,
        progress_bar(console, f"mapping samples to {chosen.name}", "engines") as show,
    ):
        for done, shape in enumerate(shapes):
            show(done, len(shapes))
            if str(shape) not in journal.rows:
                journal.append(str(shape), _mapped(shape, interval, chosen, rows))
        return [journal.rows[str(shape)] for shape in shapes]


def _digests(chosen: ChosenCells) -> dict[str, object]:
    return {
        "typical": file_digest(chosen.technology.corners[TYPICAL]),
        "period": chosen.period,
        "clock_gates": chosen.clock_gates,
    }


def _mapped(shape: EngineShape, interval: int, chosen: ChosenFpga | ChosenCells, rows: int) -> Row:
    model = drawn_mlp(TOP, shape.sizes, shape.weight_bits, shape.input_bits, shape.activation_bits)
    folded = cheapest_folding(shape.sizes, interval)
    verilog = to_verilog(StreamTop(model, folded), TOP)
    with TemporaryDirectory() as name:
        if isinstance(chosen, ChosenFpga):
            mapped = map_design(verilog, TOP, TOP, chosen.target, chosen.device, Path(name))
            return {one.name: getattr(mapped, one.name) for one in FPGA_FIGURES}
        technology = chosen.technology
        library = read_library(technology.corners[TYPICAL])
        netlist = map_to_cells(
            verilog, TOP, technology, library, chosen.period, chosen.clock_gates, Path(name)
        )
        area = {CELL_FIGURES[0].name: netlist.area / library.nand2_area / 1000}
        if not rows:
            return area
        return area | {ENERGY_FIGURES[0].name: _energy(netlist, model, folded, rows, Path(name))}


def _energy(
    netlist: Netlist, model: IntegerMlp, folded: FoldedEngine, rows: int, folder: Path
) -> float:
    """PJ an inference on input codes that are drawn from all there are."""
    low, high = model.input_format.minimum, model.input_format.maximum
    size = (rows + WARM_ROWS + TAIL_ROWS, model.sizes[0])
    codes = np.random.default_rng(0).integers(low, high + 1, size)
    run = run_engine(netlist, model, codes, with_requantisers(folded, model).latency, folder)
    if run.mismatches:
        raise VerificationError(
            f"{run.mismatches} results of the gates of a sampled engine differ from the integer "
            f"model of {'-'.join(map(str, model.sizes))}"
        )
    return run.total
