# SPDX-License-Identifier: Apache-2.0
"""HWPE-Periph target (PULP's port of accelerators) in front of the register bus."""

from typing import ClassVar

from amaranth import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.attachments.held_request import HeldRequest, is_misaligned
from pulsewright.rtl.buses.hwpe_periph import HWPE_PERIPH
from pulsewright.rtl.registers.register_map import ADDRESS_BITS

# The protocol has no error signal: what a refused access answers, reads and writes alike.
REFUSED = 0xBADACCE5


class HwpePeriphSignature(wiring.Signature):
    """The signals of an HWPE-Periph port as its initiator drives them.

    address_bits: width of `add`. id_bits: width of `id` and `r_id`. wen: 1 reads, 0 writes.
    """

    PORT_COMMENTS: ClassVar[dict[str, str]] = {
        "req": "a request is presented, with the fields down to id",
        "gnt": "it is taken in this cycle",
        "add": "byte address",
        "wen": "low for a write",
        "be": "byte enables; a write has all four",
        "data": "word to be written",
        "id": "identifier of the request",
        "r_data": "word that was read, or 0xBADACCE5 if the access was refused",
        "r_valid": "a response is presented, for one cycle",
        "r_id": "identifier of the request that is answered",
    }

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

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "HWPE-Periph target in front of the register bus.\n"
            "Latency 1 cycle from the grant to the response unless the register waits; one "
            "access a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        periph, bus = self.port, self.bus
        fields = {
            "add": periph.add[: len(bus.address)],
            "wen": periph.wen,
            "be": periph.be,
            "data": periph.data,
            "id": periph.id,
        }
        request = HeldRequest(m, periph, fields)
        misaligned = is_misaligned(m, request["add"])
        m.d.comb += [
            bus.valid.eq(request.going & ~misaligned),
            self.refused_at_port.eq(request.going & misaligned),
            bus.address.eq(request["add"]),
            bus.write.eq(~request["wen"]),
            bus.byte_enable.eq(request["be"]),
            bus.write_data.eq(request["data"]),
            request.done.eq(request.going & (misaligned | bus.ready)),
            periph.gnt.eq(~request.waiting),
            self.active.eq(periph.req | request.waiting | periph.r_valid),
        ]
        m.d.sync += periph.r_valid.eq(request.done)
        with m.If(request.done):
            m.d.sync += periph.r_id.eq(request["id"])
            with m.If(misaligned | bus.error):
                m.d.sync += periph.r_data.eq(REFUSED)
            with m.Elif(request["wen"]):
                m.d.sync += periph.r_data.eq(bus.read_data)
            with m.Else():
                m.d.sync += periph.r_data.eq(0)
        return m
