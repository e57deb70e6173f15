# SPDX-License-Identifier: Apache-2.0
"""da4ml's Verilog of a model and our engines of it through the same scripts: cells and MHz.

    python -m bench.gates_of_peers [model.json] [--target ecp5 | sg13g2 | ...] [--seeds 3]

One inference a cycle and the same rounding, half up, which da4ml has; bits are compared by
`bench.peers`, and da4ml's here as well. What is measured is kept in `build/verilog/`.
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
from bench.peers import DEFAULT_MODEL, different, rounded
from pulsewright.flow.build_folder import BuildFolder
from pulsewright.flow.commands.options import SynthesisOptions
from pulsewright.flow.commands.synth import FOREIGN, chosen_target
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.report.synthesis_figures import SIZE_COLUMNS, main_figures, synthesis_figures
from pulsewright.flow.report.table_layout import print_table
from pulsewright.flow.steps.foreign_verilog import ForeignVerilog, measure_foreign
from pulsewright.flow.steps.synthesise import Chosen
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.verilog.writer import to_verilog

VECTORS = 2000


class Contender(NamedTuple):
    """mismatches: rows that differ from the integers; None where another bench compares them."""

    name: str
    design: ForeignVerilog
    latency: int
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
        yield Contender(f"engine, {pipeline}", design, folded.latency, None)
    theirs = da4ml_design(model, folder / "da4ml")
    low, high = model.input_format.minimum, model.input_format.maximum
    codes = np.random.default_rng(0).integers(low, high + 1, (VECTORS, model.sizes[0]))
    wrong = different(theirs.infer(codes), model, codes)
    design = ForeignVerilog(tuple(theirs.verilog), theirs.top)
    yield Contender(f"da4ml {version('da4ml')}", design, theirs.stages, wrong)


def row(contender: Contender, chosen: Chosen, build: Path) -> tuple[Any, ...]:
    """Cells and MHz of one."""
    folder = BuildFolder(build / FOREIGN, contender.design.top)
    (figures,) = synthesis_figures(measure_foreign(contender.design, chosen, folder))
    *taken, megahertz, _ = main_figures(figures)
    nanosecond = None if megahertz is None else 1000 * contender.latency / megahertz
    return (
        contender.name,
        contender.mismatches,
        contender.latency,
        *taken,
        megahertz,
        nanosecond,
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
    parser.add_argument("--liberty", type=Path)
    parser.add_argument("--pdk", type=Path)
    parser.add_argument("--build", type=Path, default=Path("build"))
    given = parser.parse_args(arguments)
    target = None if given.liberty else given.target
    try:
        chosen = chosen_target(
            SynthesisOptions(target, given.device, given.seeds, given.liberty, given.pdk)
        )
        model = rounded(IntegerMlp.load(given.model), Rounding.HALF_UP)
        with tempfile.TemporaryDirectory() as folder:
            rows = [row(one, chosen, given.build) for one in contenders(model, Path(folder))]
        print_table(Console(), table_of(model, chosen.name, rows))
    except (PulsewrightError, ModuleNotFoundError) as error:
        print(f"bench.gates_of_peers: {error}; call make bench-gates", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
