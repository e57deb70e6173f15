# SPDX-License-Identifier: Apache-2.0
"""AXI4-Lite subordinate in front of the register bus."""

from typing import ClassVar

from amaranth import Cat, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.attachments.held_request import is_misaligned
from pulsewright.rtl.buses.axi_lite import AXI_LITE
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.register_map import ADDRESS_BITS

OKAY = 0b00
SLVERR = 0b10


class AxiLiteSignature(wiring.Signature):
    """The signals of a 32-bit AXI4-Lite port as its manager drives them.

    address_bits: width of `awaddr` and `araddr`.
    """

    PORT_COMMENTS: ClassVar[dict[str, str]] = {
        "awvalid": "a write address is presented",
        "awready": "it is taken in this cycle",
        "awaddr": "byte address",
        "awprot": "protection, not looked at",
        "wvalid": "write data are presented",
        "wready": "they are taken in this cycle",
        "wdata": "word to be written",
        "wstrb": "byte strobes; a write has all four",
        "bvalid": "the response of a write is presented",
        "bready": "it is taken in this cycle",
        "bresp": "0 OKAY, 2 SLVERR if the write was refused and changed nothing",
        "arvalid": "a read address is presented",
        "arready": "it is taken in this cycle",
        "araddr": "byte address",
        "arprot": "protection, not looked at",
        "rvalid": "the response of a read is presented",
        "rready": "it is taken in this cycle",
        "rdata": "word that was read",
        "rresp": "0 OKAY, 2 SLVERR if the read was refused",
    }

    def __init__(self, address_bits: int = 32) -> None:
        self.address_bits = address_bits
        super().__init__(
            {
                "awvalid": Out(1),
                "awready": In(1),
                "awaddr": Out(address_bits),
                "awprot": Out(3),
                "wvalid": Out(1),
                "wready": In(1),
                "wdata": Out(32),
                "wstrb": Out(4),
                "bvalid": In(1),
                "bready": Out(1),
                "bresp": In(2),
                "arvalid": Out(1),
                "arready": In(1),
                "araddr": Out(address_bits),
                "arprot": Out(3),
                "rvalid": In(1),
                "rready": Out(1),
                "rdata": In(32),
                "rresp": In(2),
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AxiLiteSignature) and self.address_bits == other.address_bits

    def __repr__(self) -> str:
        return f"AxiLiteSignature({self.address_bits})"


class SkidBuffer(ModuleComponent):
    """Room for one request beside the one that passes, so that `ready` comes from a register.

    Attributes:
        valid: the manager presents a request.
        ready: it is taken in this cycle; low while one is kept.
        payload: the request on the port.
        offered: there is a request to be carried out, in the cycle in which it arrives.
        request: the one that is offered.
        taken: it is done.
    """

    def __init__(self, layout: data.StructLayout) -> None:
        super().__init__(
            {
                "valid": In(1),
                "ready": Out(1),
                "payload": In(layout),
                "offered": Out(1),
                "request": Out(layout),
                "taken": In(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Room for one request beside the one that passes, so that ready comes from a "
            "register.\n"
            "Latency 0 cycles, one request a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        full = Signal()
        kept = Signal.like(self.payload, name="kept", reset_less=True)
        m.d.comb += [self.ready.eq(~full), self.offered.eq(full | self.valid)]
        m.d.sync += full.eq(self.offered & ~self.taken)
        with m.If(full):
            m.d.comb += self.request.eq(kept)
        with m.Else():
            m.d.comb += self.request.eq(self.payload)
            with m.If(self.valid & ~self.taken):
                m.d.sync += kept.eq(self.payload)
        return m


class AxiLiteSubordinate(Attachment):
    """Joins an AXI4-Lite port to the register bus.

    BVALID the cycle after both AW and W are there, RVALID the cycle after AR, unless the register
    waits or the other direction has its turn: reads and writes that contend take turns. Throughput
    one access a cycle. Refused accesses, misaligned addresses among them, answer SLVERR. AWPROT
    and ARPROT are not looked at, nor address bits above the register bus.

    Rules of AXI4 (ARM IHI 0022) that shape it: no combinational path from an input to an output
    (A3.1.1); AW and W come in either order; BVALID waits for both and neither it nor RVALID waits
    for its ready or is retracted. A read that waits holds up the writes behind it, for as long as
    the register bus lets it.
    """

    SIGNATURE = AxiLiteSignature
    BUS = AXI_LITE

    def __init__(self, address_bits: int = 32, register_bits: int = ADDRESS_BITS) -> None:
        super().__init__(register_bits, AxiLiteSignature(address_bits))

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "AXI4-Lite subordinate in front of the register bus.\n"
            "Latency 1 cycle from the request to its response unless the register waits; one "
            "access a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        axi, bus = self.port, self.bus
        aw, w, ar = self._request_buffers(m)

        # An access starts only if its response has somewhere to go, and stays until it is done.
        can_write = Signal()
        can_read = Signal()
        writing = Signal()
        write_is_next = Signal(init=1)
        held = Signal()
        held_write = Signal()
        m.d.comb += [
            can_write.eq(aw.offered & w.offered & (~axi.bvalid | axi.bready)),
            can_read.eq(ar.offered & (~axi.rvalid | axi.rready)),
            writing.eq(Mux(held, held_write, can_write & (write_is_next | ~can_read))),
        ]
        address = Signal.like(axi.awaddr, name="address")
        going = Signal()
        misaligned = is_misaligned(m, address)
        done = Signal()
        refused = Signal()
        m.d.comb += [
            going.eq(can_write | can_read),
            address.eq(Mux(writing, aw.request.addr, ar.request.addr)),
            bus.valid.eq(going & ~misaligned),
            self.refused_at_port.eq(going & misaligned),
            bus.address.eq(address),
            bus.write.eq(writing),
            bus.byte_enable.eq(Mux(writing, w.request.strb, WHOLE_WORD)),
            bus.write_data.eq(w.request.data),
            done.eq(going & (misaligned | bus.ready)),
            refused.eq(misaligned | bus.error),
            aw.taken.eq(done & writing),
            w.taken.eq(done & writing),
            ar.taken.eq(done & ~writing),
            self.active.eq(aw.offered | w.offered | ar.offered | axi.bvalid | axi.rvalid),
        ]
        m.d.sync += held.eq(going & ~done)
        with m.If(going):
            m.d.sync += held_write.eq(writing)
        with m.If(done):
            m.d.sync += write_is_next.eq(~writing)

        self._respond(m, axi.bvalid, axi.bready, done & writing, [(axi.bresp, Cat(0, refused))])
        read_data = Mux(refused, 0, bus.read_data)
        response = [(axi.rresp, Cat(0, refused)), (axi.rdata, read_data)]
        self._respond(m, axi.rvalid, axi.rready, done & ~writing, response)
        return m

    def _request_buffers(self, m: Module) -> tuple[SkidBuffer, SkidBuffer, SkidBuffer]:
        """Of the write addresses, the write data and the read addresses."""
        return (
            self._buffer(m, "aw", "addr"),
            self._buffer(m, "w", "data", "strb"),
            self._buffer(m, "ar", "addr"),
        )

    def _buffer(self, m: Module, channel: str, *fields: str) -> SkidBuffer:
        """The buffer of a request channel, joined to the port."""
        signals = {field: getattr(self.port, channel + field) for field in fields}
        buffer = SkidBuffer(data.StructLayout({name: len(s) for name, s in signals.items()}))
        m.submodules[f"{channel}_buffer"] = buffer
        m.d.comb += [
            buffer.valid.eq(getattr(self.port, f"{channel}valid")),
            getattr(self.port, f"{channel}ready").eq(buffer.ready),
            *(getattr(buffer.payload, name).eq(signal) for name, signal in signals.items()),
        ]
        return buffer

    @staticmethod
    def _respond(
        m: Module, valid: Value, ready: Value, given: Value, fields: list[tuple[Value, Value]]
    ) -> None:
        """A response register: loaded when an answer is given, kept until it is taken."""
        m.d.sync += valid.eq(given | (valid & ~ready))
        with m.If(given):
            m.d.sync += [register.eq(value) for register, value in fields]
