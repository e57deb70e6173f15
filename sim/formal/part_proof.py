# SPDX-License-Identifier: Apache-2.0
"""Proofs of single modules of a coprocessor, cut out of its Verilog as it is shipped."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.formal.module_text import (
    harness,
    instance,
    modules_of,
    ports_of,
    watched_ports,
)
from pulsewright.sim.formal.port_proof import property_text
from pulsewright.sim.formal.symbiyosys import Mode, Verdict, run_symbiyosys

_ACTIVATION = re.compile(r"^  reg \[\d+:0\] activation_(\d+);$", re.MULTILINE)
# As properties have them.
ROUNDINGS = {Rounding.HALF_EVEN: 0, Rounding.HALF_UP: 1, Rounding.FLOOR: 2}
_FULL = re.compile(r"assign ready = level != \d+'h([0-9a-f]+);")
# A register that only the engine with one multiplier has.
_SHARED_MULTIPLIER = "  reg multiplied_ends_pass;"
# Ports of a stream by what their names end with.
_STREAMS = ("results__", "result__")


class PartProof(NamedTuple):
    """properties: file in `properties/parts`. parameters, connections: of its module.

    connections: of ports that have other names in the design. mode, depth: as SymbiYosys takes
    them. unproven: cells that are replaced by any value, which can only make the proof harder.
    inside: the properties are statements of the part's own module, and their parameters texts.
    statements: the properties themselves, if they are of no file.
    """

    module: str
    properties: str
    mode: Mode
    depth: int
    parameters: Mapping[str, int]
    connections: Mapping[str, str]
    unproven: str = ""
    inside: bool = False
    statements: str = ""


def part_proofs(verilog: str) -> Iterator[PartProof]:
    """Of the modules that are in the text: interrupts, job queue, FIFO, and streams of the engine.

    Each by induction, with a cover that its assumptions leave room.
    """
    for module, text in modules_of(verilog).items():
        ports = {port.name: port for port in ports_of(text)}
        if module.endswith("_coprocessor_job_queue"):
            for mode, cycles in ((Mode.PROVE, 2), (Mode.COVER, 10)):
                yield PartProof(module, "job_queue", mode, cycles, {}, {})
        if module.endswith("_coprocessor_interrupts"):
            # A port that its surroundings hold at one level is not there.
            has_fifo = "fifo_not_empty" in ports
            none = {} if has_fifo else {"fifo_not_empty": "1'b0"}
            for mode, cycles in ((Mode.PROVE, 2), (Mode.COVER, 10)):
                parameters = {"FIFO": int(has_fifo)}
                yield PartProof(module, "interrupts", mode, cycles, parameters, none)
        if module.endswith("_coprocessor_result_fifo"):
            (full,) = _FULL.findall(text)
            depth = int(full, 16)
            for mode, cycles in ((Mode.PROVE, 2), (Mode.COVER, depth + 4)):
                parameters = {"DEPTH": depth}
                yield PartProof(module, "result_fifo", mode, cycles, parameters, {}, inside=True)
        if _SHARED_MULTIPLIER in text:
            yield PartProof(
                module, "shared_multiplier", Mode.PROVE, 2, {}, {}, "t:$mul", inside=True
            )
            continue
        for stream in _STREAMS:
            # A stream that is always taken has nothing that waits.
            offered = {f"{stream}valid", f"{stream}ready"}
            if "_coprocessor_engine" in module and offered <= ports.keys():
                payload = ports[f"{stream}payload"]
                joined = {
                    "valid": f"{stream}valid",
                    "ready": f"{stream}ready",
                    "payload": payload.name,
                    "restart": "restart" if "restart" in ports else "1'b0",
                }
                width = {"WIDTH": payload.width}
                yield PartProof(module, "stream", Mode.PROVE, 2, width, joined, "t:$mul")


def requantiser_proofs(verilog: str, model: IntegerMlp) -> Iterator[PartProof]:
    """Of every lane of the layers whose requantiser is a shift: its definition, for any sum.

    A layer of one step, whose lanes have no accumulators, has none; nor has one with multipliers.
    """
    modules = modules_of(verilog)
    for number, layer in enumerate(model.layers, start=1):
        name = next((one for one in modules if one.endswith(f"_engine_layer{number}")), None)
        shifts = layer.output_format is not None and layer.requantiser is None and layer.shift > 0
        if name is None or not layer.relu or not shifts or layer.channel_shifts:
            continue
        lanes = [int(one) for one in _ACTIVATION.findall(modules[name])]
        for lane in lanes:
            if f" accumulator_{lane};" in modules[name]:
                parameters = {
                    "LANE": lane,
                    "SHIFT": layer.shift,
                    "ROUNDING": ROUNDINGS[layer.rounding],
                    "TOP": layer.result_format.maximum,
                }
                yield PartProof(
                    name, "requantiser", Mode.PROVE, 2, parameters, {}, "t:$mul", inside=True
                )


def prove_part(verilog: str, part: PartProof, folder: Path) -> Verdict:
    """Check the properties of `part` of the coprocessor `verilog`, in `folder`.

    Raises:
        PulsewrightError: a program is missing, or there is no verdict.
    """
    sources = {"design.sv": _watched_design(verilog, part), "harness.sv": _harness(verilog, part)}
    if not part.inside:
        sources["properties.sv"] = property_text(f"parts/{part.properties}")
    commands = [f"read_verilog -formal -sv {' '.join(sources)}"]
    commands += ["hierarchy -top harness", "proc", "memory_map"]
    if part.unproven:
        commands += ["flatten", f"cutpoint {part.unproven}"]
    return run_symbiyosys(sources, commands, part.mode, part.depth, folder)


def _harness(verilog: str, part: PartProof) -> str:
    module = modules_of(verilog)[part.module]
    if part.inside:
        return harness(module, part.module, "rst", "")
    watched = watched_ports(property_text(f"parts/{part.properties}"))
    joined = {name: part.connections.get(name, name) for name in watched}
    properties = instance("part_properties", dict(part.parameters), joined)
    return harness(module, part.module, "rst", properties)


def _watched_design(verilog: str, part: PartProof) -> str:
    """The design, with the properties in the part's module if they are its own statements."""
    if not part.inside:
        return verilog
    properties = part.statements or property_text(f"parts/{part.properties}")
    for name, value in part.parameters.items():
        properties = properties.replace(f"PARAMETER_{name}", str(value))
    module = modules_of(verilog)[part.module]
    return verilog.replace(module, f"{module}\n{properties}", 1)
