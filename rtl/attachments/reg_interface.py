# SPDX-License-Identifier: Apache-2.0
"""Subordinate of PULP's register interface in front of the register bus."""

from typing import ClassVar

from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.attachments.held_request import is_misaligned
from pulsewright.rtl.buses.reg_interface import REG_INTERFACE
from pulsewright.rtl.registers.register_map import ADDRESS_BITS


class RegInterfaceSignature(wiring.Signature):
    """The signals of a 32-bit register interface as its manager drives them.

    address_bits: width of `addr`.
    """

    PORT_COMMENTS: ClassVar[dict[str, str]] = {
        "valid": "an access is presented, with the fields down to wstrb",
        "addr": "byte address",
        "write": "high for a write",
        "wdata": "word to be written",
        "wstrb": "byte strobes; a write has all four",
        "ready": "the access ends in this cycle",
        "rdata": "word that was read",
        "error": "the access was refused and changed nothing",
    }

    def __init__(self, address_bits: int = 32) -> None:
        self.address_bits = address_bits
        super().__init__(
            {
                "valid": Out(1),
                "addr": Out(address_bits),
                "write": Out(1),
                "wdata": Out(32),
                "wstrb": Out(4),
                "ready": In(1),
                "rdata": In(32),
                "error": In(1),
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RegInterfaceSignature) and self.address_bits == other.address_bits

    def __repr__(self) -> str:
        return f"RegInterfaceSignature({self.address_bits})"


class RegInterfaceSubordinate(Attachment):
    """Joins a register interface to the register bus.

    An access ends in the cycle in which `valid` rises, unless the register waits; throughput one
    access a cycle. It has no registers of its own: the manager holds the access until `ready`. A
    misaligned address is answered with `error`, as is what the registers refuse. `wstrb` is not
    looked at in reads, nor are address bits above the register bus.

    Rules of the interface (pulp-platform/register_interface) that shape it: an access is presented
    until the cycle in which `valid` and `ready` are both high; `rdata` and `error` mean something
    in that cycle only. Elsewhere `ready` and `error` are low.
    """

    SIGNATURE = RegInterfaceSignature
    BUS = REG_INTERFACE

    def __init__(self, address_bits: int = 32, register_bits: int = ADDRESS_BITS) -> None:
        super().__init__(register_bits, RegInterfaceSignature(address_bits))

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Subordinate of PULP's register interface in front of the register bus.\n"
            "Latency 0 cycles from the request to its end unless the register waits; one "
            "access a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        reg, bus = self.port, self.bus
        misaligned = is_misaligned(m, reg.addr)
        refused = Signal()
        m.d.comb += [
            bus.valid.eq(reg.valid & ~misaligned),
            self.refused_at_port.eq(reg.valid & misaligned),
            bus.address.eq(reg.addr),
            bus.write.eq(reg.write),
            bus.byte_enable.eq(Mux(reg.write, reg.wstrb, WHOLE_WORD)),
            bus.write_data.eq(reg.wdata),
            refused.eq(misaligned | bus.error),
            reg.ready.eq(reg.valid & (misaligned | bus.ready)),
            reg.error.eq(reg.ready & refused),
            self.active.eq(reg.valid),
        ]
        with m.If(reg.ready & ~refused & ~reg.write):
            m.d.comb += reg.rdata.eq(bus.read_data)
        return m
