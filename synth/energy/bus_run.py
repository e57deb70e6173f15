# SPDX-License-Identifier: Apache-2.0
"""Energy of a coprocessor of gates whose bus asks for one inference after the other."""

from pathlib import Path

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.narrow_input_map import narrow_features
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import INSTRUCTIONS, checked_options
from pulsewright.rtl.package.design import PackagedDesign, Port
from pulsewright.rtl.package.packing import pack_codes
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.rtl.registers.room import fits_registers
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.energy.bus_bench import WARM_ROWS, bus_bench
from pulsewright.synth.energy.gate_run import EnergyRun, run_gates


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
    mask = (1 << WORD_BITS) - 1
    if design.register_map.maps_inputs:
        units = _units_of(design.model, codes)
        codes = design.model.input_map.codes_of_units(units)
        rows = [_stores_of_units(design, row.tolist()) for row in units]
    else:
        rows = [
            list(zip(design.register_map.input_addresses, pack_codes(design, row), strict=True))
            for row in codes
        ]
    bench = bus_bench(design, rows)
    expected = [int(one) & mask for row in design.model.infer(codes) for one in row]
    return run_gates(netlist, bench, counted, expected, is_bus=True, folder=folder)


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
