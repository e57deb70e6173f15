# SPDX-License-Identifier: Apache-2.0
"""How long it takes from a large network to its Verilog, beside A1 in the same run.

The shape is that of a published keyword spotter: 490-256-256-256-12 at 3 bits, with multipliers
and offsets of their own for all 256 neurons of a layer. Weights are drawn: time depends on their
number.
"""

import itertools
import resource
import time
from typing import NamedTuple

import numpy as np
from rich.console import Console

from bench.speed import FOLDINGS, random_network
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.reference.code_map import code_map
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.requantiser import Requantiser
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog

KEYWORD_SPOTTER = (490, 256, 256, 256, 12)
INTERVALS = (2048, 256)


class Generation(NamedTuple):
    """Seconds of CPU, Yosys' among them, of one generation. megabytes: peak up to its end."""

    multipliers: int
    interval: int
    seconds: float
    megabytes: float
    lines: int


def keyword_spotter() -> IntegerMlp:
    """Drawn weights and activations of 3 bits, inputs of 8."""
    random = np.random.default_rng(3)
    code_format = FixedPoint(width=3, frac=0, signed=False)
    x_format = FixedPoint(width=8, frac=0, signed=True)
    input_map = code_map(x_format, KEYWORD_SPOTTER[0], x_format.minimum)
    layers: list[DenseLayer] = []
    for number, (inputs, neurons) in enumerate(itertools.pairwise(KEYWORD_SPOTTER)):
        hidden = number < len(KEYWORD_SPOTTER) - 2
        requantiser = Requantiser(
            multiplier=random.integers(1 << 9, 1 << 10, neurons),
            offset=random.integers(-(1 << 16), 1 << 16, neurons),
            shift=16,
        )
        layers.append(
            DenseLayer(
                weights=random.integers(-3, 4, (neurons, inputs)),
                bias=random.integers(-100, 101, neurons),
                input_format=layers[-1].result_format if layers else x_format,
                weight_format=FixedPoint(width=3, frac=0, signed=True),
                relu=hidden,
                output_format=code_format if hidden else None,
                requantiser=requantiser if hidden else None,
            )
        )
    return IntegerMlp(name="keyword_spotter", input_map=input_map, layers=tuple(layers))


def generation(model: IntegerMlp, folded: FoldedEngine) -> Generation:
    """Of the coprocessor with an OBI port."""
    before = _cpu_seconds()
    engine = with_requantisers(folded, model)
    text = to_verilog(coprocessor_top("obi", model, engine), model.name)
    seconds = _cpu_seconds() - before
    return Generation(
        engine.multipliers + engine.requantiser_multipliers,
        engine.initiation_interval,
        seconds,
        _peak_megabytes(),
        text.count("\n"),
    )


def _usage() -> tuple[resource.struct_rusage, resource.struct_rusage]:
    own, children = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return resource.getrusage(own), resource.getrusage(children)


def _cpu_seconds() -> float:
    return sum(one.ru_utime + one.ru_stime for one in _usage())


def _peak_megabytes() -> float:
    """Of this process and the largest of its children together."""
    return sum(one.ru_maxrss for one in _usage()) / 1024


def main() -> None:
    """Print the table."""
    small = random_network("A1")
    folding = fold(small.sizes, [LayerFolding(pe=pe, simd=simd) for pe, simd in FOLDINGS["A1"]])
    # The first call in a process loads what later ones have.
    generation(small, folding)
    start = time.perf_counter()
    found = [("A1", generation(small, folding))]
    model = keyword_spotter()
    for interval in INTERVALS:
        found.append(
            ("keyword spotter", generation(model, cheapest_folding(model.sizes, interval)))
        )
    first = found[0][1].seconds
    table = ResultTable(
        "large_generation",
        f"From network to Verilog of the coprocessor, {time.perf_counter() - start:.1f} s in all",
        (
            words("network", "network"),
            Column("interval", "II"),
            Column("multipliers", "multipliers"),
            Column("cpu_seconds", "CPU s", decimals(2)),
            Column("ratio", "ratio", decimals(1)),
            Column("megabytes", "peak MiB so far", decimals(0)),
            Column("lines", "lines"),
        ),
        [
            (
                *(name, one.interval, one.multipliers),
                *(one.seconds, one.seconds / first, one.megabytes, one.lines),
            )
            for name, one in found
        ],
    )
    print_table(Console(), table)


if __name__ == "__main__":
    main()
