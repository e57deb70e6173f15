# SPDX-License-Identifier: Apache-2.0
"""The memory map of the coprocessor as IP-XACT."""

from systemrdl.node import AddrmapNode

from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.templates import render
from pulsewright.rtl.register_texts.register_view import map_view
from pulsewright.rtl.registers.register_map import ADDRESS_BITS


def ip_xact(design: PackagedDesign, node: AddrmapNode) -> str:
    """IEEE 1685-2014 component of the coprocessor: its registers, and its weights if reloadable.

    node: the compiled map of the coprocessor's own SystemRDL. Registers and memory are blocks side
    by side, since IP-XACT has no memory among registers. The block of the registers has all the
    address space that they take.
    """
    return render(
        "ip_xact.xml.j2", design=design, map=map_view(node), registers_bytes=1 << ADDRESS_BITS
    )
