# SPDX-License-Identifier: Apache-2.0
"""OBI 1.x subordinate in front of the register bus."""

from amaranth import Module, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.buses.obi import OBI
from pulsewright.rtl.registers.register_map import ADDRESS_BITS

RESPONSE_SLOTS = 2


class ObiSignature(wiring.Signature):
    """The signals of an OBI port as its manager drives them.

    address_bits: width of `addr`. id_bits: width of `aid` and `rid`.
    """

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
    order of the requests and `rid` mirrors `aid`. So there is room for two responses: one that
    waits for `rready` and one for the access granted before that was known.
    """

    SIGNATURE = ObiSignature
    BUS = OBI

    def __init__(
        self, address_bits: int = 32, id_bits: int = 1, register_bits: int = ADDRESS_BITS
    ) -> None:
        super().__init__(register_bits, ObiSignature(address_bits, id_bits))

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = Module()
        obi, bus = self.port, self.bus
        request_layout = data.StructLayout(
            {
                "addr": len(obi.addr),
                "we": 1,
                "be": 4,
                "wdata": 32,
                "aid": len(obi.aid),
            }
        )
        incoming = Signal(request_layout)
        m.d.comb += [
            getattr(incoming, name).eq(getattr(obi, name)) for name in request_layout.members
        ]

        # An access that has to wait was granted already, so it is kept here meanwhile.
        waiting = Signal()
        kept = Signal(request_layout, reset_less=True)
        request = Signal(request_layout)
        granted = obi.req & obi.gnt
        with m.If(waiting):
            m.d.comb += request.eq(kept)
        with m.Else():
            m.d.comb += request.eq(incoming)
        misaligned = request.addr[:2].any()
        done = Signal()
        error = Signal()
        m.d.comb += [
            bus.valid.eq((waiting | granted) & ~misaligned),
            bus.address.eq(request.addr),
            bus.write.eq(request.we),
            bus.byte_enable.eq(request.be),
            bus.write_data.eq(request.wdata),
            error.eq(misaligned | bus.error),
            done.eq((waiting | granted) & (misaligned | bus.ready)),
        ]
        m.d.sync += waiting.eq((waiting | granted) & ~done)
        with m.If(granted & ~done):
            m.d.sync += kept.eq(incoming)

        response_layout = data.StructLayout({"rdata": 32, "err": 1, "rid": len(obi.rid)})
        slots = [Signal(response_layout, name=f"response{i}") for i in range(RESPONSE_SLOTS)]
        occupied = Signal(range(RESPONSE_SLOTS + 1))
        answer = Signal(response_layout)
        popped = obi.rvalid & obi.rready
        m.d.comb += [
            answer.err.eq(error),
            answer.rid.eq(request.aid),
            obi.gnt.eq((occupied < RESPONSE_SLOTS) & ~waiting),
            obi.rvalid.eq(occupied != 0),
            obi.rdata.eq(slots[0].rdata),
            obi.err.eq(slots[0].err),
            obi.rid.eq(slots[0].rid),
            self.active.eq(obi.req | waiting | obi.rvalid),
        ]
        with m.If(~error & ~request.we):
            m.d.comb += answer.rdata.eq(bus.read_data)
        m.d.sync += occupied.eq(occupied + done - popped)
        with m.If(popped):
            m.d.sync += slots[0].eq(slots[1])
        with m.If(done):
            with m.If(occupied - popped == 0):
                m.d.sync += slots[0].eq(answer)
            with m.Else():
                m.d.sync += slots[1].eq(answer)
        return m
