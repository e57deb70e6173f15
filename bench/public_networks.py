# SPDX-License-Identifier: Apache-2.0
"""Public quantised networks from file to simulated Verilog, bit for bit, and what they cost.

    python -m bench.public_networks FOLDER [interval]

FOLDER has the files of `NETWORKS`, each with rows and what public executors make of them (.npz).
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.hls_cpp.emulator import Emulator
from pulsewright.hls_model.importer import ImportChoices, import_model
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.schedule.axi_stream_timing import AxiStreamTiming
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers, with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.hls_model.schedule.windowed_job import windowed_cycles, windowed_interval
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.sim.engines.checked_engine import CheckedEngine
from pulsewright.sim.engines.run import EngineOutcome, write_engines
from pulsewright.sim.simulators import Simulator

DEFAULT_INTERVAL = 1000
# Verilator runs all rows; Icarus is a thousand times slower than it on these.
ICARUS_ROWS = 20
STALLED_ROWS = 10


class PublicNetwork(NamedTuple):
    """A file, its vectors, and how the executor's integers count.

    unit: steps of the file's integers for one of ours; a sum of -1 and 1 is even or odd throughout.
    """

    file: str
    vectors: str
    output: OutputKind
    unit: int = 1

    def read(self, folder: Path) -> tuple[ImportedModel, IntegerArray, IntegerArray]:
        """(the import, input codes by row, the integers of the executor by row)."""
        found = import_model(folder / self.file, ImportChoices(output=self.output))
        with np.load(folder / self.vectors) as arrays:
            given, expected = arrays["x"], arrays["output_integer"].astype(np.int64)
        rows = given.reshape(len(given), -1)
        integers = np.issubdtype(given.dtype, np.integer)
        codes = rows.astype(np.int64) if integers else found.input_codes.codes(rows)
        return found, codes, expected


NETWORKS = (
    PublicNetwork("ad01_int8.tflite", "ad01.npz", OutputKind.CODE),
    PublicNetwork("TFC_1W1A.onnx", "tfc_1w1a.npz", OutputKind.ACCUMULATOR, unit=2),
    PublicNetwork("TFC_2W2A.onnx", "tfc_2w2a.npz", OutputKind.ACCUMULATOR),
)


class Row(NamedTuple):
    """What was found of one network. executor, hls: rows that differ; outcomes: by simulator."""

    network: PublicNetwork
    found: ImportedModel
    folded: FoldedEngine
    rows: int
    executor: int
    hls: int
    outcomes: dict[Simulator, EngineOutcome]
    import_seconds: float
    verilog_seconds: float


def engine_of(model: IntegerMlp, interval: int) -> FoldedEngine:
    """Fewest multipliers for one row in `interval` cycles."""
    return with_requantisers(cheapest_folding(model.sizes, interval), model)


def measured(network: PublicNetwork, folder: Path, interval: int, build: Path) -> Row:
    """Read one file and run its rows on every way to hardware."""
    start = time.perf_counter()
    found, codes, expected = network.read(folder)
    import_seconds = time.perf_counter() - start
    model = found.model
    results = model.infer(codes)
    folded = engine_of(model, interval)
    emulator = Emulator.build("public_network", model, folded, build / "hls")
    start = time.perf_counter()
    written = write_engines([CheckedEngine(model, folded, codes, STALLED_ROWS)], build / "engine")
    verilog_seconds = time.perf_counter() - start
    rows = {Simulator.VERILATOR: len(codes), Simulator.ICARUS: ICARUS_ROWS}
    return Row(
        network,
        found,
        folded,
        len(codes),
        _different(results * network.unit, expected),
        _different(emulator.infer(codes), results),
        {simulator: written.run(simulator, count)[0] for simulator, count in rows.items()},
        import_seconds,
        verilog_seconds,
    )


def _different(ours: IntegerArray, others: IntegerArray) -> int:
    return int((ours != others).any(axis=1).sum())


def table_of(rows: list[Row]) -> ResultTable:
    """Mismatches of rows, and what each network takes."""
    return ResultTable(
        "public_networks",
        "Public networks",
        (
            words("network", "network"),
            words("sizes", "sizes"),
            words("multiplier_bits", "M bits"),
            Column("multipliers", "multipliers"),
            Column("ii", "II"),
            Column("latency", "latency"),
            Column("cycles_a_row", "cycles a row"),
            Column("windowed_cycles", "job in windows"),
            Column("windowed_interval", "row in windows"),
            Column("stream_cycles", "AXI4-Stream"),
            Column("stream_width", "TDATA bits"),
            words("executor", "executor"),
            words("hls_cpp", "HLS C++"),
            words("verilator", "Verilator"),
            words("icarus", "Icarus"),
            Column("import_seconds", "import s", decimals(1)),
            Column("verilog_seconds", "Verilog s", decimals(1)),
        ),
        [_cells(row) for row in rows],
        "executor to Icarus: mismatches of rows; cycles a row: as simulated, the bare engine; job "
        "in windows: behind a bus, alone; row in windows: behind others on a bus of an access a "
        "cycle; these and AXI4-Stream: formulas",
    )


def stream_of(model: IntegerMlp, folded: FoldedEngine) -> AxiStreamTiming:
    """The engine between AXI4-Streams of the narrowest width that keeps its interval."""
    in_beats = with_transfer(folded, model, VectorTransfer.BEATS)
    shape = chosen_shape(model, in_beats, AttachmentOptions(stream="axi_stream"))
    return AxiStreamTiming(in_beats, shape)


def _cells(row: Row) -> list[str | int | float | None]:
    requantisers = [layer.requantiser for layer in row.found.report.layers]
    bits = [str(one.multiplier_bits) for one in requantisers if one is not None]
    verilator = row.outcomes[Simulator.VERILATOR]
    stream = stream_of(row.found.model, row.folded)
    stepped = with_transfer(row.folded, row.found.model, VectorTransfer.STEPS)
    input_words = len(compile_register_map(row.found.model, row.folded).input_addresses)
    return [
        row.network.file,
        "-".join(map(str, row.found.model.sizes)),
        " ".join(bits),
        row.folded.multipliers,
        row.folded.initiation_interval,
        row.folded.latency,
        verilator.longest,
        windowed_cycles(stepped),
        windowed_interval(stepped, input_words),
        stream.initiation_interval,
        stream.shape.width,
        f"{row.executor} of {row.rows}",
        f"{row.hls} of {row.rows}",
        *(
            f"{outcome.mismatches + outcome.broken} of {outcome.results}"
            for outcome in (verilator, row.outcomes[Simulator.ICARUS])
        ),
        row.import_seconds,
        row.verilog_seconds,
    ]


def main(arguments: list[str]) -> int:
    """Print the table of the files in a folder."""
    if not 1 <= len(arguments) <= 2 or not all(one.isdigit() for one in arguments[1:]):
        print("bench.public_networks: give the folder, and an interval or none", file=sys.stderr)
        return 2
    folder, interval = Path(arguments[0]), int(arguments[1]) if arguments[1:] else DEFAULT_INTERVAL
    try:
        with tempfile.TemporaryDirectory() as build:
            rows = [
                measured(network, folder, interval, Path(build) / network.file)
                for network in NETWORKS
            ]
        print_table(Console(), table_of(rows))
    except (PulsewrightError, OSError) as error:
        print(f"bench.public_networks: {error}", file=sys.stderr)
        return 2
    wrong = any(
        row.executor or row.hls or not all(one.is_right for one in row.outcomes.values())
        for row in rows
    )
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
