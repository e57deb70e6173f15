# SPDX-License-Identifier: Apache-2.0
"""Wishbone B4 slave in front of the register bus."""

from typing import ClassVar

from amaranth import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.attachments.held_request import is_misaligned
from pulsewright.rtl.buses.wishbone import WISHBONE
from pulsewright.rtl.registers.register_map import ADDRESS_BITS


class WishboneSignature(wiring.Signature):
    """The signals of a 32-bit Wishbone port with byte selects as its master drives them.

    address_bits: width of `adr`, a byte address (a master with ADR[n:2] adds two zeros).
    """

    PORT_COMMENTS: ClassVar[dict[str, str]] = {
        "cyc": "a bus cycle is in progress",
        "stb": "an access is presented",
        "we": "high for a write",
        "adr": "byte address",
        "sel": "byte selects; a write has all four",
        "dat_w": "word to be written",
        "dat_r": "word that was read",
        "ack": "the access is done in this cycle",
        "err": "the access was refused and changed nothing",
        "stall": "for pipelined masters: the access is not taken yet",
    }

    def __init__(self, address_bits: int = 32) -> None:
        self.address_bits = address_bits
        super().__init__(
            {
                "cyc": Out(1),
                "stb": Out(1),
                "we": Out(1),
                "adr": Out(address_bits),
                "sel": Out(4),
                "dat_w": Out(32),
                "dat_r": In(32),
                "ack": In(1),
                "err": In(1),
                "stall": In(1),
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WishboneSignature) and self.address_bits == other.address_bits

    def __repr__(self) -> str:
        return f"WishboneSignature({self.address_bits})"


class WishboneSlave(Attachment):
    """Joins a Wishbone B4 port to the register bus.

    Classic standard cycles: ACK or ERR terminates a cycle in the clock cycle in which STB rises
    (asynchronous termination), unless the register waits; throughput one access a cycle, no
    registers of its own. A refused access, misaligned addresses among them, ends with ERR.

    Pipelined masters use `stall` too (classic ones leave it open): it is high while an access
    waits, and the answer comes in the cycle in which the request is taken, so that at most one is
    outstanding, as B4 has it for a standard slave on a pipelined master.

    Rules of B4 that shape it: nothing reaches the registers, and no termination is given, without
    STB and CYC; ACK and ERR exclude each other.
    """

    SIGNATURE = WishboneSignature
    BUS = WISHBONE
    STANDARD_NAMES: ClassVar[dict[str, str]] = {"dat_w": "dat", "dat_r": "dat"}

    def __init__(self, address_bits: int = 32, register_bits: int = ADDRESS_BITS) -> None:
        super().__init__(register_bits, WishboneSignature(address_bits))

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Wishbone B4 slave in front of the register bus.\n"
            "Latency 0 cycles from the request to its end unless the register waits; one "
            "access a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        wishbone, bus = self.port, self.bus
        misaligned = is_misaligned(m, wishbone.adr)
        access = Signal()
        done = Signal()
        refused = Signal()
        m.d.comb += [
            access.eq(wishbone.cyc & wishbone.stb),
            bus.valid.eq(access & ~misaligned),
            bus.address.eq(wishbone.adr),
            bus.write.eq(wishbone.we),
            bus.byte_enable.eq(wishbone.sel),
            bus.write_data.eq(wishbone.dat_w),
            done.eq(access & (misaligned | bus.ready)),
            refused.eq(misaligned | bus.error),
            wishbone.ack.eq(done & ~refused),
            wishbone.err.eq(done & refused),
            wishbone.stall.eq(access & ~done),
            self.active.eq(access),
        ]
        with m.If(wishbone.ack & ~wishbone.we):
            m.d.comb += wishbone.dat_r.eq(bus.read_data)
        return m
