# SPDX-License-Identifier: Apache-2.0
"""The data sheet of one coprocessor in Markdown."""

from collections.abc import Sequence
from typing import NamedTuple

from systemrdl.node import MemNode, RegfileNode, RegNode
from systemrdl.rdltypes.builtin_enums import AccessType

from pulsewright.hls_model.energy.figure import EnergyFigure
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.reloadable import bias_format, reloadable_formats
from pulsewright.hls_model.schedule.input_mapping import input_mapping
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.schedule.sequence import (
    curve_cycles,
    curve_interval,
    longest_job,
    longest_wait,
)
from pulsewright.hls_model.schedule.weight_window import weight_window
from pulsewright.hls_model.schedule.windowed_job import windowed_interval, windowed_wait
from pulsewright.rtl.buses.instruction_words import Operation, encode
from pulsewright.rtl.jobs.job_runner import can_increment
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.file_lists import PackagePaths
from pulsewright.rtl.package.templates import render
from pulsewright.rtl.top import CLOCK_PORTS, COPROCESSOR_PORTS

# Each instruction as it is written, what it does, and what rd gets.
INSTRUCTION_TEXTS = {
    Operation.INFER: (
        "pw.infer rd, rs1, rs2",
        "rs1 and rs2 are the input words; waits for the result",
        "RESULT[0]",
    ),
    Operation.STEP: (
        "pw.step rd, rs1",
        "the same inputs with another pulse number, whose code is rs1",
        "RESULT[0]",
    ),
    Operation.LOAD: ("pw.load rd, rs1", "reads the register at byte address rs1", "the word"),
    Operation.STORE: (
        "pw.store rd, rs1, rs2",
        "writes rs2 to the register at byte address rs1",
        "0, or 1 if refused",
    ),
    Operation.STATUS: (
        "pw.status rd",
        "counts refused instructions, at most 255, and begins anew",
        "the number",
    ),
}


_ACCESS = {AccessType.r: "R", AccessType.w: "W", AccessType.rw: "RW"}


class _RegisterRow(NamedTuple):
    """One line of the register table: an array is one line."""

    address: str
    name: str
    access: str
    reset: str
    title: str


def data_sheet(design: PackagedDesign, paths: PackagePaths, energy: Sequence[EnergyFigure]) -> str:
    """Ports, registers, interrupts, refusals, formats, folding, timing, jobs and energy."""
    model = design.model
    built = reloadable_formats(model) if design.folded.reloadable else model
    windows = design.register_map.data_windows
    sweep = pulse_sweep(model) if design.has_curves else None
    return render(
        "data_sheet.md.j2",
        design=design,
        paths=paths,
        model=model,
        folded=design.folded,
        ports={**CLOCK_PORTS, **COPROCESSOR_PORTS},
        registers=_register_rows(design),
        layers=list(zip(built.layers, design.folded.layers, strict=True)),
        bias_format=bias_format,
        sweep=sweep,
        increments=can_increment(built),
        line=design.folded.piecewise_linear,
        shared=design.folded.shared_multiplier,
        curve_interval=curve_interval(design.folded),
        curve_cycles=curve_cycles(design.folded, len(sweep.codes)) if sweep else None,
        longest_job=longest_job(design.folded, len(sweep.codes) if sweep else 0),
        longest_wait=longest_wait(design.folded, len(sweep.codes) if sweep else 0),
        data_windows=windows,
        windowed_wait=windowed_wait(design.stepped) if windows else None,
        windowed_interval=windowed_interval(design.stepped, windows.input_words)
        if windows
        else None,
        inference_cycles=design.inference_cycles,
        mapping_cycles=input_mapping(model.input_map).latency
        if design.register_map.maps_inputs
        else None,
        lane_bits=design.register_map.input_lane_bits,
        input_words=len(design.register_map.input_addresses),
        result_words=len(design.register_map.result_addresses),
        describe=_describe,
        windows=weight_window(design.folded).layers if design.folded.reloadable else (),
        energy=energy,
        instruction_texts=INSTRUCTION_TEXTS,
        instruction_words={one: encode(one, rd=1, rs1=2, rs2=3) for one in Operation},
    )


def _describe(number_format: FixedPoint) -> str:
    sign = "signed" if number_format.signed else "unsigned"
    return f"{number_format.width} bits {sign}, q stands for q * 2^{-number_format.frac}"


def _register_rows(design: PackagedDesign) -> list[_RegisterRow]:
    rows = []
    for node in design.register_map.node.descendants(unroll=False):
        if isinstance(node, RegNode):
            rows.append(_register_row(design, node))
        elif isinstance(node, MemNode):
            size = f"{node.get_property('mementries')} words"
            rows.append(
                _RegisterRow(
                    f"0x{node.absolute_address:03X}",
                    f"{node.inst_name}, {size}",
                    _ACCESS[node.get_property("sw")],
                    "",
                    node.get_property("name"),
                )
            )
    return rows


def _register_row(design: PackagedDesign, node: RegNode) -> _RegisterRow:
    fields = list(node.fields())
    readable = any(field.is_sw_readable for field in fields)
    writable = any(field.is_sw_writable for field in fields)
    values = [field.get_property("reset") for field in fields]
    resets = [value << f.low for value, f in zip(values, fields, strict=True) if type(value) is int]
    return _RegisterRow(
        # Of an array the first.
        address=f"0x{_first_address(node):03X}",
        name=node.get_rel_path(design.register_map.node, empty_array_suffix="[{dim:d}]"),
        access="R" * readable + "W" * writable,
        reset=f"0x{sum(resets):X}" if len(resets) == len(fields) else "",
        title=node.get_property("name"),
    )


def _first_address(node: RegNode) -> int:
    """Of a register, or of the first of its array or of its parent's array."""
    address: int = node.raw_address_offset
    parent = node.parent
    while isinstance(parent, RegfileNode):
        address += parent.raw_address_offset
        parent = parent.parent
    return address
