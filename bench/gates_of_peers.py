# SPDX-License-Identifier: Apache-2.0
"""da4ml's Verilog of a model and our engines of it through the same scripts: cells, MHz and pJ.

    python -m bench.gates_of_peers [model.json] [--target ecp5 | sg13g2 | ...] [--energy]

One inference a cycle and the same rounding, half up, which da4ml has; bits are compared by
`bench.peers`, and da4ml's here as well. With --energy rows run through the cells: test rows of the
recipe's A1, all codes of another model. What is measured is kept in `build/verilog/`.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console

from bench.da4ml_peer import da4ml_design
from bench.energy_of_peers import WARM_ROWS, energy_of, random_codes
from bench.peers import DEFAULT_MODEL, different, rounded
from pulsewright.flow.build_folder import BuildFolder
from pulsewright.flow.commands.options import SynthesisOptions
from pulsewright.flow.commands.synth import FOREIGN, chosen_target
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.report.synthesis_figures import SIZE_COLUMNS, main_figures, synthesis_figures
from pulsewright.flow.report.table_layout import print_table
from pulsewright.flow.steps.cells import ChosenCells
from pulsewright.flow.steps.foreign_verilog import ForeignVerilog, measure_foreign
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.steps.synthesise import Chosen
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.verilog.writer import to_verilog

VECTORS, COUNTED_ROWS = 2000, 50
RECIPE = Path("recipes/a1_int8.toml")


class Contender(NamedTuple):
    """mismatches: rows that differ from the integers; None where another bench compares them.

    latency: as its maker counts. edges: of the clock, from the one that takes a row to the one that
    sees its result.
    """

    name: str
    design: ForeignVerilog
    latency: int
    edges: int
    mismatches: int | None


def contenders(model: IntegerMlp, folder: Path) -> Iterator[Contender]:
    """Our engines of one inference a cycle, and da4ml's. model: whose rounding is half up."""
    whole = [
        LayerFolding(pe=neurons, simd=inputs)
        for inputs, neurons in zip(model.sizes, model.sizes[1:], strict=False)
    ]
    for pipeline in ("deep", "shallow"):
        folded = fold(model.sizes, whole, shallow=pipeline == "shallow")
        path = folder / f"engine_{pipeline}.v"
        path.write_text(to_verilog(StreamTop(model, folded), path.stem), encoding="utf-8")
        design = ForeignVerilog((path,), path.stem)
        yield Contender(f"engine, {pipeline}", design, folded.latency, folded.latency, None)
    theirs = da4ml_design(model, folder / "da4ml")
    low, high = model.input_format.minimum, model.input_format.maximum
    codes = np.random.default_rng(0).integers(low, high + 1, (VECTORS, model.sizes[0]))
    wrong = different(theirs.infer(codes), model, codes)
    design = ForeignVerilog(tuple(theirs.verilog), theirs.top)
    yield Contender(f"da4ml {version('da4ml')}", design, theirs.stages, theirs.stages + 1, wrong)


class Rows(NamedTuple):
    """Input codes (rows, inputs) of a model that run through cells."""

    model: IntegerMlp
    codes: IntegerArray


def rows_of(path: Path, model: IntegerMlp, build: Path) -> Rows:
    """Test rows of the recipe whose model it is, or rows drawn from all codes."""
    if path != DEFAULT_MODEL:
        return Rows(model, random_codes(model, COUNTED_ROWS))
    options = Options(RECIPE.parent)
    workspace = Workspace(load_recipe(RECIPE), build, options, Console(quiet=True))
    every = stimulus(workspace, "test")
    drawn = np.random.default_rng(0).integers(0, len(every), COUNTED_ROWS + WARM_ROWS)
    return Rows(model, every[drawn])


def row(
    contender: Contender, chosen: Chosen, build: Path, rows: Rows | None = None
) -> tuple[Any, ...]:
    """Cells and MHz of one, and energy if rows run through it.

    Raises:
        PulsewrightError: a result of its cells differs.
    """
    folder = BuildFolder(build / FOREIGN, contender.design.top)
    (figures,) = synthesis_figures(measure_foreign(contender.design, chosen, folder))
    *taken, megahertz, _ = main_figures(figures)
    picojoule = glitches = None
    if rows is not None and isinstance(chosen, ChosenCells):
        mapped = folder.path / chosen.name
        run = energy_of(rows.model, contender.edges, rows.codes, chosen, mapped)
        if run.mismatches:
            raise PulsewrightError(f"{run.mismatches} results of {contender.name} differ")
        picojoule, glitches = run.total, run.glitches
    nanosecond = None if megahertz is None else 1000 * contender.latency / megahertz
    return (
        contender.name,
        contender.mismatches,
        contender.latency,
        *taken,
        megahertz,
        nanosecond,
        picojoule,
        glitches,
        figures.get("remark", ""),
    )


def table_of(model: IntegerMlp, target: str, rows: Sequence[tuple[Any, ...]]) -> ResultTable:
    """All of them; latency in cycles and ns, one inference a cycle."""
    return ResultTable(
        "gates_of_peers",
        f"{model.name} ({'-'.join(map(str, model.sizes))}) at one inference a cycle, on {target}",
        (
            words("implementation", ""),
            Column("mismatches", f"mismatches of {VECTORS}"),
            Column("latency", "latency"),
            *SIZE_COLUMNS,
            Column("megahertz", "MHz", decimals(0)),
            Column("latency_nanosecond", "latency, ns", decimals(0)),
            Column("picojoule", "pJ", decimals(0)),
            Column("glitches_picojoule", "glitches of all", decimals(0)),
            words("remark", "remark"),
        ),
        rows,
        "da4ml has no handshake, ours one at every stage.",
    )


def main(arguments: Sequence[str]) -> int:
    """Print the table of the model that is named, or of the recipe's A1."""
    parser = argparse.ArgumentParser(prog="bench.gates_of_peers")
    parser.add_argument("model", nargs="?", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--target", default="ecp5")
    parser.add_argument("--device")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--energy", action="store_true")
    parser.add_argument("--liberty", type=Path)
    parser.add_argument("--pdk", type=Path)
    parser.add_argument("--build", type=Path, default=Path("build"))
    given = parser.parse_args(arguments)
    target = None if given.liberty else given.target
    try:
        chosen = chosen_target(
            SynthesisOptions(target, given.device, given.seeds, given.liberty, given.pdk)
        )
        if given.energy and not isinstance(chosen, ChosenCells):
            raise PulsewrightError(f"--energy needs standard cells, not {chosen.name}")
        model = rounded(IntegerMlp.load(given.model), Rounding.HALF_UP)
        run = rows_of(given.model, model, given.build) if given.energy else None
        with tempfile.TemporaryDirectory() as folder:
            rows = [row(one, chosen, given.build, run) for one in contenders(model, Path(folder))]
        print_table(Console(), table_of(model, chosen.name, rows))
    except (PulsewrightError, ModuleNotFoundError) as error:
        print(f"bench.gates_of_peers: {error}; call make bench-gates", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
