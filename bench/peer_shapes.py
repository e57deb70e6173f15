# SPDX-License-Identifier: Apache-2.0
"""Published shapes by us, hls4ml, da4ml and FINN's estimates: bits, cells, cycles and seconds.

    python -m bench.peer_shapes [network ...] [--only part of a row's name] [--seconds limit]

A row that takes longer than its limit says so, and keeps the rest where only its cells do. The
autoencoder is read from the folder that PULSEWRIGHT_MODELS names.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console

from bench.bounded import ProcessError, TimeLimitError, bounded
from bench.da4ml_peer import da4ml_design
from bench.finn_peer import finn_estimate
from bench.hls4ml_peer import hls4ml_emulator
from bench.lut_estimate import FULL_TARGET, Area, lut_estimate
from bench.peer_networks import intrusion_detector, jet_tagger
from bench.peers import different, rounded
from bench.public_networks import NETWORKS as PUBLIC
from bench.public_networks import engine_of
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.engines.checked_engine import CheckedEngine
from pulsewright.sim.engines.run import write_engines
from pulsewright.sim.simulators import Simulator

SECONDS = 1800.0
CLOCK_HZ = 100e6
VECTORS, SIMULATED, STALLED = 2000, 24, 8
# What da4ml unrolls in minutes; its time goes up faster than the weights.
MOST_UNROLLED_WEIGHTS = 60_000


class ShapeRow(NamedTuple):
    """One implementation; None where it has no such figure. remark: why, or of what kind."""

    name: str
    vectors: int | None = None
    mismatches: int | None = None
    seconds: float | None = None
    interval: int | None = None
    latency: int | None = None
    multipliers: int | None = None
    area: Area | None = None
    remark: str = ""


class Shape(NamedTuple):
    """A network's name, how to have it, and the intervals of the folded engines."""

    name: str
    model: Callable[[], IntegerMlp]
    intervals: tuple[int, ...]
    published: tuple[ShapeRow, ...]
    is_tflite: bool = False


def _jet_tagger() -> IntegerMlp:
    return jet_tagger()[0]


def _autoencoder() -> IntegerMlp:
    folder = os.environ.get("PULSEWRIGHT_MODELS")
    if folder is None:
        raise PulsewrightError("PULSEWRIGHT_MODELS names no folder with the autoencoder")
    return PUBLIC[0].read(Path(folder))[0].model


SHAPES = (
    Shape(
        "jet_tagger",
        _jet_tagger,
        (1, 8, 64),
        (
            ShapeRow(
                "hls4ml, published",
                interval=1,
                area=Area(39782, None, 124, None),
                remark="about 200 MHz",
            ),
        ),
    ),
    Shape(
        "intrusion_detector",
        intrusion_detector,
        (100,),
        (ShapeRow("FINN, published", remark="943 176/s at 100 MHz"),),
    ),
    Shape(
        "autoencoder",
        _autoencoder,
        (1000,),
        (ShapeRow("microcontrollers, published", remark="132 to 547/s"),),
        is_tflite=True,
    ),
)


def stimulus(model: IntegerMlp, vectors: int) -> IntegerArray:
    """Input codes (vectors, inputs) of the whole range, and both ends of it."""
    low, high = model.input_format.minimum, model.input_format.maximum
    codes = np.random.default_rng(0).integers(low, high + 1, (vectors, model.sizes[0]))
    codes[0], codes[1] = low, high
    return codes


def cells(sources: Sequence[Path], top: str, seconds: float) -> tuple[Area | None, str]:
    """What Yosys maps a design to, and why it did not where it ran out of time."""
    try:
        return lut_estimate(sources, top, FULL_TARGET, seconds), ""
    except subprocess.TimeoutExpired:
        return None, f"cells not mapped in {seconds:g} s"


def engine_row(model: IntegerMlp, interval: int, seconds: float) -> ShapeRow:
    """Our engine, compared on Icarus; cells by Yosys, which has so many seconds."""
    folded = engine_of(model, interval)
    engine = CheckedEngine(model, folded, stimulus(model, SIMULATED), STALLED)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        written = write_engines([engine], Path(folder))
        generated = time.perf_counter() - start
        [outcome] = written.run(Simulator.ICARUS)
        area, remark = cells([written.sources[0]], "engine_0", seconds)
    return ShapeRow(
        f"engine, II {folded.initiation_interval}",
        outcome.results,
        outcome.mismatches + outcome.broken,
        generated,
        outcome.longest,
        outcome.latency,
        folded.multipliers,
        area,
        remark,
    )


def hls4ml_row(model: IntegerMlp) -> ShapeRow:
    """hls4ml from our QONNX file, its C++ compiled for this machine; its cells need Vitis."""
    codes = stimulus(model, VECTORS)
    with tempfile.TemporaryDirectory() as folder:
        generate, build, infer = hls4ml_emulator(model, Path(folder))
        wrong = different(infer(codes), model, codes)
    remark = f"emulation, {build:.0f} s to compile; cells need Vitis"
    return ShapeRow("", len(codes), wrong, generate, 1, remark=remark)


def da4ml_row(model: IntegerMlp, seconds: float) -> ShapeRow:
    """da4ml, which rounds half up; cells by Yosys, which has so many seconds."""
    half_up = rounded(model, Rounding.HALF_UP)
    codes = stimulus(model, VECTORS)
    with tempfile.TemporaryDirectory() as folder:
        design = da4ml_design(half_up, Path(folder))
        wrong = different(design.infer(codes), half_up, codes)
        area, late = cells(design.verilog, design.top, seconds)
    remark = f"half up; {design.luts:.0f} LUT by its own estimate"
    if late:
        remark += f"; {late}"
    return ShapeRow(
        "", len(codes), wrong, design.seconds, 1, design.stages, area=area, remark=remark
    )


def finn_row(model: IntegerMlp, interval: int) -> ShapeRow:
    """FINN's estimates at the next interval that its folding has."""
    found = finn_estimate(model, interval)
    return ShapeRow(
        f"FINN, II {found.interval}",
        interval=found.interval,
        multipliers=found.multipliers,
        area=Area(found.luts, None, found.dsps, found.block_rams),
        remark="its own estimate",
    )


Measured = tuple[str, Callable[[IntegerMlp], ShapeRow] | str]


def rows_to_measure(shape: Shape, model: IntegerMlp, seconds: float) -> Iterator[Measured]:
    """Names of rows, and how each is measured or why it is not; seconds: for its cells."""
    for interval in shape.intervals:
        yield f"engine, II {interval}", partial(engine_row, interval=interval, seconds=seconds)
    weights = sum(layer.weights.size for layer in model.layers)
    unrolled = f"not tried: unrolls all {weights} weights"
    too_many = weights > MOST_UNROLLED_WEIGHTS
    yield f"da4ml {version('da4ml')}", unrolled if too_many else partial(da4ml_row, seconds=seconds)
    no_file = "reads no TFLite file"
    yield f"hls4ml {version('hls4ml')}", no_file if shape.is_tflite else hls4ml_row
    for interval in shape.intervals:
        if find_spec("finn") is None:
            yield f"FINN, II {interval}", "finn-plus is not installed"
        else:
            yield f"FINN, II {interval}", partial(finn_row, interval=interval)


def measured(shape: Shape, model: IntegerMlp, only: str, seconds: float) -> Iterator[ShapeRow]:
    """All rows of a network whose names have `only` in them."""
    for name, measure in rows_to_measure(shape, model, seconds):
        if only not in name:
            continue
        if isinstance(measure, str):
            yield ShapeRow(name, remark=measure)
            continue
        try:
            # As long again as its cells may take.
            row = bounded(2 * seconds, measure, model)
        except TimeLimitError as error:
            yield ShapeRow(name, remark=str(error))
        except ProcessError as error:
            yield ShapeRow(name, remark=str(error).strip().splitlines()[-1])
        else:
            yield row if row.name else row._replace(name=name)
    yield from (row for row in shape.published if only in row.name)


def table_of(shape: Shape, model: IntegerMlp, rows: list[ShapeRow]) -> ResultTable:
    """Inferences a second: at 100 MHz, whatever a design reaches."""
    sizes = "-".join(map(str, model.sizes))
    return ResultTable(
        shape.name,
        f"{shape.name} ({sizes})",
        (
            words("implementation", ""),
            Column("vectors", "vectors"),
            Column("mismatches", "mismatches"),
            Column("generate_seconds", "generate s", decimals(1)),
            Column("ii", "II"),
            Column("latency", "latency"),
            Column("inferences_per_second", "at 100 MHz /s", decimals(0)),
            Column("multipliers", "multipliers"),
            Column("luts", "LUT"),
            Column("flip_flops", "FF"),
            Column("dsps", "DSP"),
            Column("block_rams", "BRAM18"),
            words("remark", "remark"),
        ),
        [
            (
                row.name,
                row.vectors,
                row.mismatches,
                row.seconds,
                row.interval,
                row.latency,
                None if row.interval is None else CLOCK_HZ / row.interval,
                row.multipliers,
                *(row.area or (None,) * len(Area._fields)),
                row.remark,
            )
            for row in rows
        ],
        f"LUT, FF, DSP, BRAM18 of engines and da4ml: Yosys, {FULL_TARGET}",
    )


def main(arguments: list[str]) -> int:
    """Print a table a network."""
    parser = argparse.ArgumentParser("bench.peer_shapes")
    names = [shape.name for shape in SHAPES]
    parser.add_argument("networks", nargs="*", metavar="network", help=", ".join(names))
    parser.add_argument("--only", default="", help="rows whose names have this in them")
    limit = "limit of the cells of a row, and of the rest of it"
    parser.add_argument("--seconds", type=float, default=SECONDS, help=limit)
    given = parser.parse_args(arguments)
    unknown = sorted(set(given.networks) - set(names))
    if unknown:
        parser.error(f"no network {unknown[0]!r}; choose of {', '.join(names)}")
    for shape in SHAPES:
        if given.networks and shape.name not in given.networks:
            continue
        try:
            model = shape.model()
        except PulsewrightError as error:
            print(f"{shape.name} is left out: {error}", file=sys.stderr)
            continue
        rows = list(measured(shape, model, given.only, given.seconds))
        print_table(Console(), table_of(shape, model, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
