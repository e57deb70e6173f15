# SPDX-License-Identifier: Apache-2.0
"""hls4ml and da4ml on the same A1, beside ours: bits, seconds, speed and LUTs, from one run.

    python -m bench.peers [model.json]

Speeds depend on the machine, so each stands beside the reference's of the same run as a ratio.
A further implementation is a further function of `ROWS_OF_THE_TABLE`.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console

from bench.da4ml_peer import da4ml_design
from bench.hls4ml_peer import hls4ml_emulator
from bench.lut_estimate import TARGET, Area, lut_estimate
from bench.speed import best_seconds
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.emulator import Emulator
from pulsewright.hls_model.reference.fixed_point import IntegerArray, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.bench_files import BenchInputs
from pulsewright.sim.runner import VerilogModule, run_bench
from pulsewright.sim.simulators import Simulator

DEFAULT_MODEL = Path("build/a1_int8/model.json")
VECTORS = 50_000
# Of these the stream test bench takes what each of its tests needs.
SIMULATED = 1000
# One inference a cycle, as da4ml makes them, and the recipe's: 56 multipliers, 8 cycles.
UNROLLED, FOLDED = ((64, 6), (1, 64)), ((8, 6), (1, 8))
# Foldings, and whether the pipeline is shallow.
ENGINES = {"II 1": (UNROLLED, False), "II 1, shallow": (UNROLLED, True), "II 8": (FOLDED, False)}


class Row(NamedTuple):
    """One implementation; None where it has no such figure.

    rounding: of the reference that it is compared with. generate: seconds to the sources that it
    makes. build: seconds to compile them for the machine that runs the benchmark. cycles: between
    inferences and of one inference.
    """

    name: str
    rounding: str
    vectors: int
    mismatches: int
    generate: float
    build: float | None = None
    rate: float | None = None
    cycles: tuple[int, int] | None = None
    own_luts: float | None = None
    area: Area | None = None


def rounded(model: IntegerMlp, rounding: Rounding) -> IntegerMlp:
    """`model` with another rounding of its hidden layers."""
    layers = tuple(layer.model_copy(update={"rounding": rounding}) for layer in model.layers)
    return IntegerMlp(name=model.name, input_map=model.input_map, layers=layers)


def different(outputs: IntegerArray, model: IntegerMlp, codes: IntegerArray) -> int:
    """Rows that are not the reference's."""
    return int((outputs != model.infer(codes)).any(axis=1).sum())


def reference_rows(model: IntegerMlp, codes: IntegerArray, folder: Path) -> Iterator[Row]:
    """IntegerMlp, which the others are compared with."""
    rate = len(codes) / best_seconds(lambda: model.infer(codes))
    yield Row("IntegerMlp (NumPy)", "half even", len(codes), 0, 0.0, rate=rate)


def folded_engine(
    model: IntegerMlp, foldings: tuple[tuple[int, int], ...], shallow: bool = False
) -> FoldedEngine:
    """The engine with these foldings, (pe, simd) a layer."""
    layers = [LayerFolding(pe=pe, simd=simd) for pe, simd in foldings]
    return fold(model.sizes, layers, shallow=shallow)


def hls_rows(model: IntegerMlp, codes: IntegerArray, folder: Path) -> Iterator[Row]:
    """Our own C++ for synthesis, compiled for this machine; its LUTs need an HLS tool."""
    start = time.perf_counter()
    emulator = Emulator.build("peer", model, folded_engine(model, FOLDED), folder / "hls")
    seconds = time.perf_counter() - start
    wrong = different(emulator.infer(codes), model, codes)
    rate = len(codes) / best_seconds(lambda: emulator.infer(codes))
    yield Row("our HLS C++, g++", "half even", len(codes), wrong, 0.0, seconds, rate)


def rtl_rows(model: IntegerMlp, codes: IntegerArray, folder: Path) -> Iterator[Row]:
    """The engine's Verilog, compared on Icarus."""
    for rounding in (Rounding.HALF_EVEN, Rounding.HALF_UP):
        one = rounded(model, rounding)
        for name, (foldings, shallow) in ENGINES.items():
            folded = folded_engine(one, foldings, shallow)
            path = folder / f"engine_{rounding.value}_{folded.latency}.v"
            start = time.perf_counter()
            path.write_text(to_verilog(StreamTop(one, folded), "engine"), encoding="utf-8")
            seconds = time.perf_counter() - start
            run = run_bench(
                simulator=Simulator.ICARUS,
                top=VerilogModule(path, "engine"),
                bench="stream_bench",
                folder=folder / path.stem,
                inputs=BenchInputs(one, folded, codes[:SIMULATED]),
            )
            outcomes = run.outcomes.values()
            words = rounding.value.replace("_", " ")
            area = lut_estimate([path], "engine")
            yield Row(
                f"engine, {name}",
                words,
                sum(outcome.rows for outcome in outcomes),
                sum(outcome.mismatches for outcome in outcomes) + run.failures,
                seconds,
                cycles=(folded.initiation_interval, folded.latency),
                area=area,
            )


def hls4ml_rows(model: IntegerMlp, codes: IntegerArray, folder: Path) -> Iterator[Row]:
    """hls4ml; its LUTs need Vitis."""
    generate, build, infer = hls4ml_emulator(model, folder / "hls4ml")
    wrong = different(infer(codes), model, codes)
    rate = len(codes) / best_seconds(lambda: infer(codes))
    name = f"hls4ml {version('hls4ml')}, g++"
    yield Row(name, "half even", len(codes), wrong, generate, build, rate)


def da4ml_rows(model: IntegerMlp, codes: IntegerArray, folder: Path) -> Iterator[Row]:
    """da4ml, which has no half-even rounding."""
    half_up = rounded(model, Rounding.HALF_UP)
    design = da4ml_design(half_up, folder / "da4ml")
    outputs = design.infer(codes)
    rate = len(codes) / best_seconds(lambda: design.infer(codes))
    yield Row(
        f"da4ml {version('da4ml')}, II 1",
        "half up",
        len(codes),
        different(outputs, half_up, codes),
        design.seconds,
        rate=rate,
        cycles=(1, design.stages),
        own_luts=design.luts,
        area=lut_estimate(design.verilog, design.top),
    )


Measure = Callable[[IntegerMlp, IntegerArray, Path], Iterator[Row]]
ROWS_OF_THE_TABLE: tuple[Measure, ...] = (
    reference_rows,
    rtl_rows,
    hls_rows,
    hls4ml_rows,
    da4ml_rows,
)


def measured(model: IntegerMlp, vectors: int) -> list[Row]:
    """All rows; `vectors` random input vectors and the two ends of the format."""
    low, high = model.input_format.minimum, model.input_format.maximum
    codes = np.random.default_rng(0).integers(low, high + 1, (vectors, model.sizes[0]))
    codes[0], codes[1] = low, high
    with tempfile.TemporaryDirectory() as folder:
        return [row for measure in ROWS_OF_THE_TABLE for row in measure(model, codes, Path(folder))]


def table_of(rows: list[Row], model: IntegerMlp) -> ResultTable:
    """The table; the first row is the reference of the ratios."""
    sizes = "-".join(map(str, model.sizes))
    reference = rows[0].rate or 1.0
    return ResultTable(
        "peers",
        f"{model.name} ({sizes})",
        (
            words("implementation", ""),
            words("rounding", "rounding"),
            Column("vectors", "vectors"),
            Column("mismatches", "mismatches"),
            Column("generate_seconds", "generate s", decimals(2)),
            Column("compile_seconds", "compile s", decimals(1)),
            Column("inferences_per_second", "inferences/s", _styled(",.0f")),
            Column("ratio", "ratio", _styled(".3g")),
            Column("ii", "II"),
            Column("latency", "latency"),
            Column("own_luts", "own LUT", decimals(0)),
            Column("luts", "LUT"),
            Column("flip_flops", "FF"),
        ),
        [
            (
                row.name,
                row.rounding,
                row.vectors,
                row.mismatches,
                row.generate,
                row.build,
                row.rate,
                None if row.rate is None else row.rate / reference,
                *((None, None) if row.cycles is None else row.cycles),
                row.own_luts,
                row.area and row.area.luts,
                row.area and row.area.flip_flops,
            )
            for row in rows
        ],
        f"LUT, FF: Yosys, {TARGET}",
    )


def _styled(style: str) -> Callable[[float | None], str]:
    return lambda value: "" if value is None else format(value, style)


def main(arguments: list[str]) -> int:
    """Print the table of the model that is named, or of the recipe's A1."""
    path = Path(arguments[0]) if arguments else DEFAULT_MODEL
    try:
        model = IntegerMlp.load(path)
        print_table(Console(), table_of(measured(model, VECTORS), model))
    except (PulsewrightError, ModuleNotFoundError) as error:
        print(f"bench.peers: {error}; call make bench-peers", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
