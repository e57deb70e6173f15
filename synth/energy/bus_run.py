# SPDX-License-Identifier: Apache-2.0
"""Energy of a coprocessor of gates whose bus asks for one job after the other."""

from pathlib import Path

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.narrow_input_map import narrow_features
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import INSTRUCTIONS, checked_options
from pulsewright.rtl.jobs.job_request import JobKind
from pulsewright.rtl.package.design import PackagedDesign, Port
from pulsewright.rtl.package.packing import pack_codes
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.rtl.registers.room import fits_registers
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.energy.bus_bench import Job, bus_bench
from pulsewright.synth.energy.gate_run import EnergyRun, run_gates

WARM_ROWS, WARM_CURVES = 2, 1


def design_of_gates(
    netlist: Netlist,
    name: str,
    bus: str,
    options: AttachmentOptions,
    model: IntegerMlp,
    folded: FoldedEngine,
) -> PackagedDesign:
    """What the registers and the bus of a mapped coprocessor are.

    name: of the coprocessor. options: of the bus.

    Raises:
        PulsewrightError: there is no such bus, or it cannot have these options.
    """
    chosen = checked_options(bus, options)
    bounded_wait = chosen.max_wait is not None
    registers = compile_register_map(
        model,
        folded,
        bounded_wait=bounded_wait,
        infer_only=chosen.infer_only,
        fifo_depth=chosen.fifo_depth,
        maps_inputs=chosen.maps_inputs,
    )
    ports = tuple(
        Port(port, is_input=direction == "input", width=len(nets))
        for port, (direction, nets) in netlist.ports.items()
    )
    return PackagedDesign(
        name, bus, chosen, model, folded, registers, ports, registers.address_bits
    )


def can_run(model: IntegerMlp, bus: str) -> bool:
    """Whether there is a bus, and inputs and results are among its registers."""
    fits = fits_registers(model.sizes[0], model.outputs, model.input_format.width)
    return fits and bus not in INSTRUCTIONS


def run_coprocessor(
    netlist: Netlist, design: PackagedDesign, codes: IntegerArray, folder: Path
) -> EnergyRun:
    """Ask for rows of input codes (rows, inputs) through the bus; files stay in `folder`.

    An inference is the stores of its words, of which the last starts it, and the loads of its
    results. Reloadable weights are loaded before the first rows, which are asked for but not
    counted. Where the input map is in hardware, integers of units are stored, the least ones of
    the codes.

    Raises:
        PulsewrightError: Icarus is missing, there are too few rows, or it gave no results.
        ToolError: Icarus refuses the netlist.
    """
    counted = len(codes) - WARM_ROWS
    if counted < 1:
        raise PulsewrightError(f"{len(codes)} rows are too few; give at least 3 rows")
    if design.register_map.maps_inputs:
        units = _units_of(design.model, codes)
        codes = design.model.input_map.codes_of_units(units)
        stores = [_stores_of_units(design, row.tolist()) for row in units]
    else:
        stores = [_stores_of_codes(design, row) for row in codes]
    jobs = [Job(one, design.register_map.result_addresses) for one in stores]
    bench = bus_bench(design, jobs, WARM_ROWS)
    expected = _words(design.model.infer(codes))
    return run_gates(netlist, bench, counted, expected, is_bus=True, folder=folder)


def makes_curves(design: PackagedDesign) -> bool:
    """Whether curve jobs are there, over pulse numbers of the model, and no wait is bounded."""
    has_pulses = pulse_sweep(design.model) is not None
    return design.has_curves and has_pulses and design.options.max_wait is None


def run_curves(
    netlist: Netlist, design: PackagedDesign, codes: IntegerArray, folder: Path
) -> EnergyRun:
    """Ask for curves over all pulse numbers, one for each row of input codes (rows, inputs).

    A curve is the stores of its words and the loads of its results from the FIFO. The first one is
    asked for but not counted. What comes back is of a curve where `run_coprocessor` has it of an
    inference. Files stay in `folder`.

    Raises:
        PulsewrightError: Icarus is missing, there is no pulse number, or it gave no results.
        ToolError: Icarus refuses the netlist.
    """
    sweep = pulse_sweep(design.model)
    if sweep is None or len(codes) <= WARM_CURVES:
        raise PulsewrightError("a curve needs an input of pulse numbers, and two rows or more")
    registers = design.register_map
    described = [
        (registers["JOB"].address, int(JobKind.CURVE)),
        (registers["N0"].address, sweep.minimum),
        (registers["N1"].address, sweep.maximum),
    ]
    curves = np.repeat(codes[:, None, :], len(sweep.codes), axis=1)
    curves[:, :, sweep.input_index] = sweep.codes
    results = design.model.infer(curves.reshape(-1, codes.shape[1]))
    loads = [registers["RESULT_FIFO"].address] * len(sweep.codes) * design.model.outputs
    jobs = [Job(_stores_of_codes(design, row), loads) for row in codes]
    bench = bus_bench(design, jobs, WARM_CURVES, described)
    counted = len(codes) - WARM_CURVES
    return run_gates(netlist, bench, counted, _words(results), is_bus=True, folder=folder)


def _words(results: IntegerArray) -> list[int]:
    """Results (vectors, outputs) as they are loaded."""
    mask = (1 << WORD_BITS) - 1
    return [int(one) & mask for one in results.ravel()]


def _stores_of_codes(design: PackagedDesign, row: IntegerArray) -> list[tuple[int, int]]:
    """Of each input word; the last one starts the job."""
    return list(zip(design.register_map.input_addresses, pack_codes(design, row), strict=True))


def _units_of(model: IntegerMlp, codes: IntegerArray) -> IntegerArray:
    """Integers of units (rows, inputs) with these codes, or those nearest that there are."""
    features = narrow_features(model.input_map)
    rows = [
        [feature.physical(code) for feature, code in zip(features, row, strict=True)]
        for row in codes.tolist()
    ]
    return np.array(rows, dtype=np.int64)


def _stores_of_units(design: PackagedDesign, row: list[int]) -> list[tuple[int, int]]:
    """Of each input its word; the last one starts the inference."""
    names = ["PHYSICAL"] * (len(row) - 1) + ["PHYSICAL_START"]
    mask = (1 << WORD_BITS) - 1
    return [
        (design.register_map[f"{name}[{i}]"].address, value & mask)
        for i, (name, value) in enumerate(zip(names, row, strict=True))
    ]
