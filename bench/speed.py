# SPDX-License-Identifier: Apache-2.0
"""How fast the reference, the generator and the simulators are, in one table from one run.

Wall times depend on the machine, so each figure stands beside the others of the same run as a
ratio. The network is A1 at 8 bits with random weights: speed does not depend on their values.
"""

import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console

from bench.onnx_model import onnx_session
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.presets import PRESETS
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, requantise
from pulsewright.hls_model.reference.input_map import Feature, InputMap, fit_affine
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.bench_files import BenchInputs
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.runner import VerilogModule, run_bench
from pulsewright.sim.simulators import Simulator

ROWS = 200_000
REPEATS = 5
SIMULATED_ROWS = {Simulator.ICARUS: 2_000, Simulator.VERILATOR: 8_000}
FOLDINGS = {
    "A1": ((8, 6), (1, 8)),
    "A2": ((1, 6), (8, 8), (1, 8)),
    "A3": ((1, 6), (8, 8), (8, 8), (1, 8)),
}


def random_network(name: str) -> IntegerMlp:
    """A preset at 8 bits with uniform weights."""
    random = np.random.default_rng(0)
    sizes = PRESETS[name]
    x_format = FixedPoint(width=8, frac=7, signed=True)
    features = [
        Feature(name=f"x{i}", unit="mV", per_si=1000, minimum=-1000, maximum=1000)
        for i in range(sizes[0])
    ]
    input_map = InputMap(
        features=tuple(fit_affine(feature, x_format) for feature in features),
        code_format=x_format,
    )
    layers = []
    for number, (inputs, neurons) in enumerate(itertools.pairwise(sizes), start=1):
        hidden = number < len(sizes) - 1
        layer = DenseLayer(
            weights=random.integers(-127, 128, (neurons, inputs)),
            bias=random.integers(-2000, 2001, neurons),
            input_format=x_format,
            weight_format=FixedPoint(width=8, frac=7, signed=True),
            relu=hidden,
            output_format=FixedPoint(width=8, frac=6, signed=False) if hidden else None,
        )
        layers.append(layer)
        x_format = layer.result_format
    return IntegerMlp(name=name.lower(), input_map=input_map, layers=tuple(layers))


def best_seconds(work: Callable[[], object]) -> float:
    """Shortest of several runs after one that warms up."""
    work()
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def plain_matmul(model: IntegerMlp, codes: IntegerArray) -> IntegerArray:
    """The reference as one would write it first: int64 matrix products."""
    x = codes
    for layer in model.layers:
        x = x @ layer.aligned_weights.T + layer.aligned_bias
        if layer.output_format is not None:
            x = requantise(np.maximum(x, 0), layer.shift, layer.rounding, layer.output_format)
    return x


def reference_table(model: IntegerMlp, codes: IntegerArray) -> ResultTable:
    """Inferences a second of three implementations that give the same bits."""
    session, run_onnx = onnx_session(model)
    contenders: dict[str, Callable[[], IntegerArray]] = {
        "IntegerMlp": lambda: model.infer(codes),
        "int64 NumPy matmul": lambda: plain_matmul(model, codes),
        f"onnxruntime int8, {session}": lambda: run_onnx(codes),
    }
    expected = model.infer(codes)
    rows: list[tuple[str, float, float, int]] = []
    for name, work in contenders.items():
        rate = len(codes) / best_seconds(work)
        first = rows[0][1] if rows else rate
        differ = int((work() != expected).any(axis=1).sum())
        rows.append((name, rate, rate / first, differ))
    return ResultTable(
        "reference",
        f"Reference, A1 at 8 bits, {ROWS} rows, one thread",
        (
            words("implementation", "implementation"),
            Column("inferences_per_second", "inferences/s", "{:,.0f}".format),
            Column("ratio", "ratio", decimals(3)),
            Column("rows_that_differ", "rows that differ"),
        ),
        rows,
    )


def generation_table() -> ResultTable:
    """Seconds to generate the Verilog of the coprocessor."""
    rows: list[tuple[str, int, float, float, int]] = []
    for name, foldings in FOLDINGS.items():
        model = random_network(name)
        folded = fold(model.sizes, [LayerFolding(pe=pe, simd=simd) for pe, simd in foldings])

        def generate(
            model: IntegerMlp = model, folded: FoldedEngine = folded, name: str = name
        ) -> str:
            return to_verilog(BusTop(model, folded), name.lower())

        seconds = best_seconds(generate)
        first = rows[0][2] if rows else seconds
        lines = generate().count("\n")
        rows.append((name, folded.multipliers, seconds, seconds / first, lines))
    return ResultTable(
        "generation",
        "Verilog generation, after the first call",
        (
            words("network", "network"),
            Column("multipliers", "multipliers"),
            Column("seconds", "seconds", decimals(2)),
            Column("ratio", "ratio", decimals(2)),
            Column("lines", "lines"),
        ),
        rows,
    )


def simulation_table(model: IntegerMlp, codes: IntegerArray, console: Console) -> ResultTable:
    """Inferences a second through the bus, building the simulator not counted."""
    folded = fold(model.sizes, [LayerFolding(pe=pe, simd=simd) for pe, simd in FOLDINGS["A1"]])
    found: list[tuple[str, float, float, float, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        verilog = Path(folder) / "a1.v"
        verilog.write_text(to_verilog(BusTop(model, folded), "a1"), encoding="utf-8")
        for simulator, rows in SIMULATED_ROWS.items():
            with console.status(f"simulating {rows} inferences on {simulator.value}"):
                run = run_bench(
                    simulator=simulator,
                    top=VerilogModule(verilog, "a1"),
                    bench="bus_bench",
                    folder=Path(folder) / simulator.value,
                    inputs=BenchInputs(model, folded, codes[:rows]),
                )
            outcome = run.outcomes[Measurement.EVERY_ROW]
            rate = outcome.rows / outcome.seconds
            first = found[0][1] if found else rate
            cycles = outcome.clock_cycles / outcome.seconds
            found.append((simulator.value, rate, cycles, rate / first, outcome.mismatches))
    return ResultTable(
        "simulation",
        "Simulation of A1 through its OBI port, cocotb",
        (
            words("simulator", "simulator"),
            Column("inferences_per_second", "inferences/s", "{:,.0f}".format),
            Column("cycles_per_second", "clock cycles/s", "{:,.0f}".format),
            Column("ratio", "ratio", decimals(2)),
            Column("mismatches", "mismatches"),
        ),
        found,
    )


def main() -> None:
    """Print the three tables."""
    console = Console()
    model = random_network("A1")
    codes = np.random.default_rng(1).integers(-128, 128, (ROWS, 6))
    print_table(console, reference_table(model, codes))
    print_table(console, generation_table())
    print_table(console, simulation_table(model, codes, console))


if __name__ == "__main__":
    main()
