# SPDX-License-Identifier: Apache-2.0
"""A design simulated beside its integer model."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from pulsewright.flow.api.design import Design
from pulsewright.flow.steps.bench_runs import ENGINE, benches, simulation_result
from pulsewright.flow.steps.cycle_check import check_cycles
from pulsewright.flow.steps.packages import GENERATOR, TEST_BENCHES
from pulsewright.flow.steps.results import SimulationResult
from pulsewright.flow.steps.stimulus import drawn_codes
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.python_packages import check_packages
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.sim.simulators import Simulator


@dataclass(frozen=True)
class Simulation:
    """What a simulator showed.

    rows: inferences through the bus. mismatches: results of any test that differ from the integer
    model. ii, latency: clock cycles, measured on the streams of the bare engine. tests, failures:
    test benches that ran and that failed. cycles_per_inference: through the bus. stream_ii,
    stream_latency: measured on the AXI4-Streams, if the design has them. busy: clock cycles in
    which each unit of the bare engine worked, of the first vectors.
    """

    simulator: str
    rows: int
    mismatches: int
    first_mismatch: str | None
    ii: int
    latency: int
    tests: int
    failures: int
    cycles_per_inference: float
    stream_ii: int | None = None
    stream_latency: int | None = None
    busy: Mapping[str, list[int]] = field(default_factory=dict)

    @property
    def is_exact(self) -> bool:
        """True if no row differs and no test failed."""
        return self.mismatches == 0 and self.failures == 0


def simulate(
    design: Design,
    simulator: str = "icarus",
    codes: IntegerArray | None = None,
    *,
    rows: int = 64,
    seed: int = 0,
    folder: str | PathLike[str] | None = None,
) -> Simulation:
    """Generate the Verilog of `design` and run it on "icarus" or "verilator".

    codes: (rows, inputs) integers of the model's input format, such as
    `model.input_map.codes(values)`; else `rows` of them are drawn by `seed`, the format's ends
    first. folder: keeps Verilog, logs and results; else they are removed.

    Raises:
        PulsewrightError: the simulator is unknown or missing, so is cocotb or Amaranth, the codes
            do not fit the model, or the design does not build.
        VerificationError: the test benches ended without a result, or II, latency or a curve's
            cycles of an exact design are not those of the formulas.
    """
    known = _known_simulator(simulator)
    if codes is None:
        if rows < 2:
            raise PulsewrightError(f"rows = {rows}; give 2 or more")
        codes = drawn_codes(design.model, rows, seed)
    # Tells what does not fit before anything is built.
    design.model.infer(codes)
    check_packages((*GENERATOR, *TEST_BENCHES))
    with _kept_or_temporary(folder) as place:
        result = _simulate(design, known, codes, place)
    if not result.mismatches and not result.failures:
        check_cycles(known, result, design.model, design.engine, options=design.options)
    fields = result.model_dump(exclude={"curve_cycles", "read_cycles"})
    return Simulation(simulator=known.value, **fields)


def _known_simulator(name: str) -> Simulator:
    try:
        return Simulator(name)
    except ValueError as error:
        names = " or ".join(repr(one.value) for one in Simulator)
        raise PulsewrightError(f"unknown simulator {name!r}; choose {names}") from error


@contextmanager
def _kept_or_temporary(folder: str | PathLike[str] | None) -> Iterator[Path]:
    if folder is not None:
        yield Path(folder)
        return
    with tempfile.TemporaryDirectory(prefix="pulsewright_") as temporary:
        yield Path(temporary)


def _simulate(
    design: Design, simulator: Simulator, codes: IntegerArray, folder: Path
) -> SimulationResult:
    from pulsewright.rtl.top import StreamTop
    from pulsewright.rtl.tops import stream_top
    from pulsewright.rtl.verilog.writer import to_verilog
    from pulsewright.sim.bench_files import BenchInputs
    from pulsewright.sim.runner import VerilogModule, run_bench

    model, engine, bus = design.model, design.engine, design.bus
    runs = {}
    for what, chosen in benches(bus, design.options.stream).items():
        name = f"{design.name}_{what}"
        if what == ENGINE:
            top_text = to_verilog(StreamTop(model, engine), name)
        elif what == design.options.stream:
            top_text = to_verilog(stream_top(model, engine, design.options), name)
        else:
            top_text = design.verilog_named(name)
        verilog = folder / f"{name}.v"
        write_text(verilog, top_text)
        runs[what] = run_bench(
            simulator=simulator,
            top=VerilogModule(verilog, name),
            bench=chosen,
            folder=folder / what,
            inputs=BenchInputs(model, engine, codes, bus, design.options),
        )
    return simulation_result(runs, bus, simulator, folder.resolve(), design.options.stream)
