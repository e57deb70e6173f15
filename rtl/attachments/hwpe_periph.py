# SPDX-License-Identifier: Apache-2.0
"""HWPE-Periph target (PULP's port of accelerators) in front of the register bus."""

from amaranth import Module, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.buses.hwpe_periph import HWPE_PERIPH
from pulsewright.rtl.registers.register_map import ADDRESS_BITS

# The protocol has no error signal: what a refused access answers, reads and writes alike.
REFUSED = 0xBADACCE5


class HwpePeriphSignature(wiring.Signature):
    """The signals of an HWPE-Periph port as its initiator drives them.

    address_bits: width of `add`. id_bits: width of `id` and `r_id`. wen: 1 reads, 0 writes.
    """

    def __init__(self, address_bits: int = 32, id_bits: int = 1) -> None:
        self.address_bits = address_bits
        self.id_bits = id_bits
        super().__init__(
            {
                "req": Out(1),
                "gnt": In(1),
                "add": Out(address_bits),
                "wen": Out(1),
                "be": Out(4),
                "data": Out(32),
                "id": Out(id_bits),
                "r_data": In(32),
                "r_valid": In(1),
                "r_id": In(id_bits),
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HwpePeriphSignature) and (self.address_bits, self.id_bits) == (
            other.address_bits,
            other.id_bits,
        )

    def __repr__(self) -> str:
        return f"HwpePeriphSignature({self.address_bits}, {self.id_bits})"


class HwpePeriphTarget(Attachment):
    """Joins an HWPE-Periph port to the register bus.

    `r_valid` is high for one cycle, the cycle after the grant, on writes as well as reads;
    throughput one access a cycle. `gnt` depends on registers alone. `r_id` mirrors `id`.

    A register may wait, which a target can see from the address only, and `gnt` may not depend on
    `req`. So the access is granted, `r_valid` comes the cycle after it is done, and `gnt` is low
    until then: one access is in flight at most, and the initiators of PULP, which wait for
    `r_valid` on reads and for `gnt` alone on writes, cannot take one answer for another.

    A refused access (misaligned addresses among them) answers 0xBADACCE5, since the protocol has no
    error signal; no accepted write does, it answers 0.
    """

    SIGNATURE = HwpePeriphSignature
    BUS = HWPE_PERIPH

    def __init__(
        self, address_bits: int = 32, id_bits: int = 1, register_bits: int = ADDRESS_BITS
    ) -> None:
        super().__init__(register_bits, HwpePeriphSignature(address_bits, id_bits))

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = Module()
        periph, bus = self.port, self.bus
        request_layout = data.StructLayout(
            {"add": len(periph.add), "wen": 1, "be": 4, "data": 32, "id": len(periph.id)}
        )
        incoming = Signal(request_layout)
        m.d.comb += [
            getattr(incoming, name).eq(getattr(periph, name)) for name in request_layout.members
        ]

        # An access that has to wait was granted already, so it is kept here meanwhile.
        waiting = Signal()
        kept = Signal(request_layout, reset_less=True)
        request = Signal(request_layout)
        granted = periph.req & periph.gnt
        with m.If(waiting):
            m.d.comb += request.eq(kept)
        with m.Else():
            m.d.comb += request.eq(incoming)
        misaligned = request.add[:2].any()
        done = Signal()
        m.d.comb += [
            bus.valid.eq((waiting | granted) & ~misaligned),
            bus.address.eq(request.add),
            bus.write.eq(~request.wen),
            bus.byte_enable.eq(request.be),
            bus.write_data.eq(request.data),
            done.eq((waiting | granted) & (misaligned | bus.ready)),
            periph.gnt.eq(~waiting),
            self.active.eq(periph.req | waiting | periph.r_valid),
        ]
        m.d.sync += [waiting.eq((waiting | granted) & ~done), periph.r_valid.eq(done)]
        with m.If(granted & ~done):
            m.d.sync += kept.eq(incoming)
        with m.If(done):
            m.d.sync += periph.r_id.eq(request.id)
            with m.If(misaligned | bus.error):
                m.d.sync += periph.r_data.eq(REFUSED)
            with m.Elif(request.wen):
                m.d.sync += periph.r_data.eq(bus.read_data)
            with m.Else():
                m.d.sync += periph.r_data.eq(0)
        return m
