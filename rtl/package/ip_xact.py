# SPDX-License-Identifier: Apache-2.0
"""The memory map of the coprocessor as IP-XACT."""

from systemrdl.node import AddrmapNode

from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.templates import render
from pulsewright.rtl.register_texts.register_view import map_view


def ip_xact(design: PackagedDesign, node: AddrmapNode) -> str:
    """IEEE 1685-2014 component of the coprocessor: its registers, and its weights if reloadable.

    node: the compiled map of the coprocessor's own SystemRDL. Registers and memory are blocks side
    by side, since IP-XACT has no memory among registers.
    """
    view = map_view(node)
    memories = view.memories if design.folded.reloadable else ()
    return render("ip_xact.xml.j2", design=design, map=view, memories=memories)
