# SPDX-License-Identifier: Apache-2.0
"""Wishbone B4 slave in front of the register bus."""

from collections.abc import Mapping
from typing import ClassVar

from amaranth import Cat, Const, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.attachments.held_request import is_misaligned
from pulsewright.rtl.buses.options import Addressing, Termination
from pulsewright.rtl.buses.wishbone import WISHBONE
from pulsewright.rtl.registers.register_map import ADDRESS_BITS

WORD_ADDRESS_SHIFT = 2


class WishboneSignature(wiring.Signature):
    """The signals of a 32-bit Wishbone port with byte selects as its master drives them.

    address_bits: of a byte address. addressing: "byte", `adr` is that address; "word", it is the
    address without the two lowest bits, ADR[31:2] of the standard.
    """

    PORT_COMMENTS: ClassVar[dict[str, str]] = {
        "cyc": "a bus cycle is in progress",
        "stb": "an access is presented",
        "we": "high for a write",
        "adr": "byte address",
        "sel": "byte selects; a write has all four",
        "dat_w": "word to be written",
        "dat_r": "word that was read, while ack is high",
        "ack": "the access is done in this cycle",
        "err": "the access was refused and changed nothing",
        "stall": "for pipelined masters: the access is not taken yet",
    }

    def __init__(self, address_bits: int = 32, addressing: Addressing = "byte") -> None:
        self.address_bits = address_bits
        self.addressing = addressing
        super().__init__(
            {
                "cyc": Out(1),
                "stb": Out(1),
                "we": Out(1),
                "adr": Out(address_bits - (WORD_ADDRESS_SHIFT if addressing == "word" else 0)),
                "sel": Out(4),
                "dat_w": Out(32),
                "dat_r": In(32),
                "ack": In(1),
                "err": In(1),
                "stall": In(1),
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WishboneSignature) and (self.address_bits, self.addressing) == (
            other.address_bits,
            other.addressing,
        )

    def __repr__(self) -> str:
        return f"WishboneSignature({self.address_bits}, {self.addressing!r})"


class WishboneSlave(Attachment):
    """Joins a Wishbone B4 port to the register bus.

    termination: "synchronous", ACK, ERR and DAT come from registers, so that no output follows an
    input within a cycle; "asynchronous", they follow STB in the same cycle. addressing: see
    `WishboneSignature`.

    | for a register that waits W cycles | synchronous | asynchronous |
    |---|---|---|
    | cycles from STB to ACK, that of STB included | 2 + W | 1 + W |
    | cycles from one STB to the next | 2 + W | 1 + W |

    ACK or ERR is high for one cycle. What a synchronous slave sees of STB in that cycle is the
    access that ends, and the next one starts in the cycle after it, even if STB never falls. An
    interconnect with a registered decoder, such as LiteX's, needs synchronous termination: it
    chooses DAT by the address of the cycle before.

    Pipelined masters use `stall` too (classic ones leave it open): the answer comes in the cycle in
    which it is low and the request is taken, so that at most one is outstanding, as B4 has it for a
    standard slave on a pipelined master. With synchronous termination it is high whenever ACK and
    ERR are low, without a request too.

    Rules of B4 that shape it: nothing reaches the registers without STB and CYC, no access is
    terminated that was not presented; ACK and ERR exclude each other. A refused access, misaligned
    addresses among them, ends with ERR.
    """

    SIGNATURE = WishboneSignature
    BUS = WISHBONE
    STANDARD_NAMES: ClassVar[dict[str, str]] = {"dat_w": "dat", "dat_r": "dat"}

    def __init__(
        self,
        address_bits: int = 32,
        register_bits: int = ADDRESS_BITS,
        addressing: Addressing = "byte",
        termination: Termination = "synchronous",
    ) -> None:
        self.addressing = addressing
        self.termination = termination
        super().__init__(register_bits, WishboneSignature(address_bits, addressing))

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        latency = (
            "ACK from a register, the cycle after STB unless the register waits; an access every "
            "2 cycles."
            if self.termination == "synchronous"
            else "ACK in the cycle of STB unless the register waits; one access a cycle."
        )
        return f"Wishbone B4 slave in front of the register bus.\n{latency}"

    @property
    def signal_comments(self) -> Mapping[str, str]:
        """See `Attachment`."""
        comments = super().signal_comments
        if self.addressing == "word":
            return {**comments, "adr": "word address: bits 31 to 2 of the byte address"}
        return comments

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        wishbone, bus = self.port, self.bus
        address = Signal(self.port.signature.address_bits)
        if self.addressing == "word":
            m.d.comb += address.eq(Cat(Const(0, WORD_ADDRESS_SHIFT), wishbone.adr))
        else:
            m.d.comb += address.eq(wishbone.adr)
        misaligned = is_misaligned(m, address)
        access = Signal()
        going = Signal()
        done = Signal()
        refused = Signal()
        answered_read = Signal(32)
        m.d.comb += [
            access.eq(wishbone.cyc & wishbone.stb),
            bus.valid.eq(going & ~misaligned),
            self.refused_at_port.eq(going & misaligned),
            bus.address.eq(address),
            bus.write.eq(wishbone.we),
            bus.byte_enable.eq(wishbone.sel),
            bus.write_data.eq(wishbone.dat_w),
            done.eq(going & (misaligned | bus.ready)),
            refused.eq(misaligned | bus.error),
        ]
        with m.If(done & ~refused & ~wishbone.we):
            m.d.comb += answered_read.eq(bus.read_data)
        if self.termination == "synchronous":
            terminated = Signal()
            m.d.sync += [wishbone.ack.eq(done & ~refused), wishbone.err.eq(done & refused)]
            with m.If(done):
                m.d.sync += wishbone.dat_r.eq(answered_read)
            m.d.comb += [
                terminated.eq(wishbone.ack | wishbone.err),
                going.eq(access & ~terminated),
                wishbone.stall.eq(~terminated),
                self.active.eq(access | terminated),
            ]
        else:
            m.d.comb += [
                going.eq(access),
                wishbone.ack.eq(done & ~refused),
                wishbone.err.eq(done & refused),
                wishbone.dat_r.eq(answered_read),
                wishbone.stall.eq(access & ~done),
                self.active.eq(access),
            ]
        return m
