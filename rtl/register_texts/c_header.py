# SPDX-License-Identifier: Apache-2.0
"""C header of the registers, made from the same SystemRDL source as the decoder."""

from systemrdl.node import AddrmapNode

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.register_texts.register_view import map_view
from pulsewright.rtl.register_texts.system_rdl import addrmap_name, compiled_rdl, system_rdl
from pulsewright.rtl.register_texts.templates import render
from pulsewright.rtl.registers.register_map import compile_register_map


def register_header(model: IntegerMlp, name: str, folded: FoldedEngine | None = None) -> str:
    """C99 text for freestanding use: offsets, masks, and a struct `<name>_registers_t`.

    Every name in it begins with that of the coprocessor, so that one C file may include the headers
    of several. folded: see `compile_register_map`.

    Raises:
        PulsewrightError: the network does not fit the register map, or `name` is no identifier.
    """
    top = addrmap_name(name)
    register_map = compile_register_map(model, folded)
    return register_header_of(compiled_rdl(system_rdl(register_map, name), top))


def register_header_of(node: AddrmapNode) -> str:
    """The same of a map that is compiled already under its coprocessor's name."""
    return render("registers.h.j2", map=map_view(node))
