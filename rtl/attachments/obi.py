# SPDX-License-Identifier: Apache-2.0
"""OBI 1.x subordinate in front of the register bus."""

from typing import ClassVar

from amaranth import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.attachments.held_request import HeldRequest, answer_register, is_misaligned
from pulsewright.rtl.buses.obi import OBI
from pulsewright.rtl.registers.register_map import ADDRESS_BITS


class ObiSignature(wiring.Signature):
    """The signals of an OBI port as its manager drives them.

    address_bits: width of `addr`. id_bits: width of `aid` and `rid`.
    """

    PORT_COMMENTS: ClassVar[dict[str, str]] = {
        "req": "a request is presented, with the fields down to aid",
        "gnt": "it is taken in this cycle",
        "addr": "byte address",
        "we": "high for a write",
        "be": "byte enables; a write has all four",
        "wdata": "word to be written",
        "aid": "identifier of the request",
        "rvalid": "a response is presented, with the fields down to rid",
        "rready": "it is taken in this cycle",
        "rdata": "word that was read",
        "err": "the access was refused and changed nothing",
        "rid": "identifier of the request that is answered",
    }

    def __init__(self, address_bits: int = 32, id_bits: int = 1) -> None:
        self.address_bits = address_bits
        self.id_bits = id_bits
        super().__init__(
            {
                "req": Out(1),
                "gnt": In(1),
                "addr": Out(address_bits),
                "we": Out(1),
                "be": Out(4),
                "wdata": Out(32),
                "aid": Out(id_bits),
                "rvalid": In(1),
                "rready": Out(1),
                "rdata": In(32),
                "err": In(1),
                "rid": In(id_bits),
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObiSignature) and (self.address_bits, self.id_bits) == (
            other.address_bits,
            other.id_bits,
        )

    def __repr__(self) -> str:
        return f"ObiSignature({self.address_bits}, {self.id_bits})"


class ObiSubordinate(Attachment):
    """Joins an OBI port to the register bus.

    Response the cycle after the grant unless the register waits; throughput one access a cycle.
    A misaligned address is answered with `err`. Address bits above the register bus are the
    interconnect's business and are not looked at.

    Rules of OBI 1.6 that shape it: `gnt` and `rvalid` depend on registers alone (R-21.3, R-22);
    `rvalid` is low in reset, never waits for `rready` and is never retracted; responses keep the
    order of the requests and `rid` mirrors `aid`. So a request is kept that was granted before it
    was known that its register waits, or that the response before it waits for `rready`.
    """

    SIGNATURE = ObiSignature
    BUS = OBI

    def __init__(
        self, address_bits: int = 32, id_bits: int = 1, register_bits: int = ADDRESS_BITS
    ) -> None:
        super().__init__(register_bits, ObiSignature(address_bits, id_bits))

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "OBI 1.6 subordinate in front of the register bus.\n"
            "Latency 1 cycle from the grant to the response unless the register waits; one "
            "access a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        obi, bus = self.port, self.bus
        room = Signal()
        fields = {
            "addr": obi.addr[: len(bus.address)],
            "we": obi.we,
            "be": obi.be,
            "wdata": obi.wdata,
            "aid": obi.aid,
        }
        request = HeldRequest(m, obi, fields, room)
        misaligned = is_misaligned(m, request["addr"])
        refused = Signal()
        m.d.comb += [
            bus.valid.eq(request.going & ~misaligned),
            self.refused_at_port.eq(request.going & misaligned),
            bus.address.eq(request["addr"]),
            bus.write.eq(request["we"]),
            bus.byte_enable.eq(request["be"]),
            bus.write_data.eq(request["wdata"]),
            refused.eq(misaligned | bus.error),
            request.done.eq(request.going & (misaligned | bus.ready)),
            room.eq(~obi.rvalid | obi.rready),
            obi.gnt.eq(~request.waiting),
            self.active.eq(obi.req | request.waiting | obi.rvalid),
        ]
        m.d.sync += obi.rvalid.eq(request.done | ~room)
        with m.If(request.done):
            m.d.sync += [obi.err.eq(refused), obi.rid.eq(request["aid"])]
        empty = refused | request["we"]
        m.d.comb += obi.rdata.eq(answer_register(m, bus.read_data, request.done, empty))
        return m
