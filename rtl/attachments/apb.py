# SPDX-License-Identifier: Apache-2.0
"""APB4 completer in front of the register bus."""

from typing import ClassVar

from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.attachments.held_request import is_misaligned
from pulsewright.rtl.buses.apb import APB
from pulsewright.rtl.registers.register_map import ADDRESS_BITS


class ApbSignature(wiring.Signature):
    """The signals of an APB4 port as its requester drives them.

    address_bits: width of `paddr`.
    """

    PORT_COMMENTS: ClassVar[dict[str, str]] = {
        "psel": "a transfer is presented",
        "penable": "its second phase, ACCESS",
        "paddr": "byte address",
        "pprot": "protection, not looked at",
        "pwrite": "high for a write",
        "pwdata": "word to be written",
        "pstrb": "byte strobes; a write has all four",
        "pready": "the transfer ends in this cycle",
        "prdata": "word that was read",
        "pslverr": "the access was refused and changed nothing",
    }

    def __init__(self, address_bits: int = 32) -> None:
        self.address_bits = address_bits
        super().__init__(
            {
                "psel": Out(1),
                "penable": Out(1),
                "paddr": Out(address_bits),
                "pprot": Out(3),
                "pwrite": Out(1),
                "pwdata": Out(32),
                "pstrb": Out(4),
                "pready": In(1),
                "prdata": In(32),
                "pslverr": In(1),
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ApbSignature) and self.address_bits == other.address_bits

    def __repr__(self) -> str:
        return f"ApbSignature({self.address_bits})"


class ApbCompleter(Attachment):
    """Joins an APB4 port to the register bus.

    A transfer takes two cycles, SETUP and ACCESS, and as many more as the register waits. It has no
    registers of its own: the requester holds the transfer until PREADY. A misaligned address is
    answered with PSLVERR, as is what the registers refuse. PPROT is not looked at, nor address bits
    above the register bus, which are the interconnect's business.

    Rules of APB4 (ARM IHI 0024) that shape it: nothing reaches the registers in SETUP, PREADY and
    PSLVERR mean something in ACCESS only (elsewhere both are low), PSTRB is low in reads.
    """

    SIGNATURE = ApbSignature
    BUS = APB

    def __init__(self, address_bits: int = 32, register_bits: int = ADDRESS_BITS) -> None:
        super().__init__(register_bits, ApbSignature(address_bits))

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "APB4 completer in front of the register bus.\n"
            "A transfer takes 2 cycles and as many more as the register waits."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        apb, bus = self.port, self.bus
        misaligned = is_misaligned(m, apb.paddr)
        access = Signal()
        m.d.comb += [
            access.eq(apb.psel & apb.penable),
            bus.valid.eq(access & ~misaligned),
            self.refused_at_port.eq(access & misaligned),
            bus.address.eq(apb.paddr),
            bus.write.eq(apb.pwrite),
            bus.byte_enable.eq(Mux(apb.pwrite, apb.pstrb, WHOLE_WORD)),
            bus.write_data.eq(apb.pwdata),
            apb.pready.eq(access & (misaligned | bus.ready)),
            apb.pslverr.eq(apb.pready & (misaligned | bus.error)),
            self.active.eq(apb.psel),
        ]
        with m.If(apb.pready & ~apb.pslverr & ~apb.pwrite):
            m.d.comb += apb.prdata.eq(bus.read_data)
        return m
