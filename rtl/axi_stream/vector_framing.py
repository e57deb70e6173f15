# SPDX-License-Identifier: Apache-2.0
"""Checks that every vector has as many transfers as it should, by TLAST."""

from amaranth import Module, Mux, Signal
from amaranth.lib import data, stream
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.axi_stream.lane_widths import narrowed
from pulsewright.rtl.engine.step_counter import StepCounter
from pulsewright.rtl.module_component import ModuleComponent


def axi_stream_transfer(width: int) -> data.StructLayout:
    """What a transfer carries: `data`, `keep` of each byte of it, and whether it is the last."""
    return data.StructLayout({"data": width, "keep": width // 8, "last": 1})


class VectorFraming(ModuleComponent):
    """Hands on vectors of exactly `transfers` transfers, and says of each whether it is right.

    Of every lane of a transfer it hands on the bits of the number alone.

    A vector whose TLAST comes too early is filled up with zeros; of one whose TLAST comes too late
    the rest is taken and left out. So what stands behind always gets whole vectors; it has to drop
    the results of those that were wrong. A byte of the vector that TKEEP calls null makes it wrong
    as well.

    keep: of each transfer the bytes that belong to the vector, a number of bits as TKEEP has them.
    lane_bits, number_bits: of the lanes in a transfer, and of the number in each.

    Latency 0 cycles, a transfer a cycle; a vector that is too short takes the cycles of a whole
    one, one that is too long those of its own transfers.

    Attributes:
        source: transfers as they come.
        vector: `transfers` beats a vector.
        ends: the verdict on a vector falls in this cycle, before its last beat is taken or with it.
        right: that verdict.
        ready: a verdict may fall; nothing is taken otherwise.
    """

    def __init__(self, width: int, keep: tuple[int, ...], lane_bits: int, number_bits: int) -> None:
        self.keep = keep
        self.transfers = len(keep)
        self.lane_bits = lane_bits
        self.number_bits = number_bits
        super().__init__(
            {
                "source": In(stream.Signature(axi_stream_transfer(width))),
                "vector": Out(stream.Signature(width // lane_bits * number_bits)),
                "ends": Out(1),
                "right": Out(1),
                "ready": In(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"Checks that every vector has {self.transfers} transfers, fills up what is too short "
            "and leaves out what is too long.\n"
            "Latency 0 cycles, a transfer a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        transfer = StepCounter("transfer", self.transfers)
        filling = Signal()
        skipping = Signal()
        null_byte = Signal()
        null_before = Signal()
        taken = Signal()
        handed_on = Signal()
        source = self.source.payload
        m.d.comb += [
            self.vector.payload.eq(
                Mux(filling, 0, narrowed(source.data, self.lane_bits, self.number_bits))
            ),
            self.vector.valid.eq(filling | (self.source.valid & self.ready & ~skipping)),
            handed_on.eq(self.vector.valid & self.vector.ready),
            self.source.ready.eq(Mux(skipping, 1, ~filling & self.ready & self.vector.ready)),
            taken.eq(self.source.valid & self.source.ready),
            null_byte.eq((~source.keep & self._expected(m, transfer)).any()),
            self.ends.eq(taken & ~skipping & (transfer.last | source.last)),
            self.right.eq(transfer.last & source.last & ~null_byte & ~null_before),
        ]
        transfer.advance(m, handed_on)
        with m.If(self.ends):
            m.d.sync += [
                filling.eq(~transfer.last),
                skipping.eq(~source.last),
                null_before.eq(0),
            ]
        with m.Elif(taken):
            m.d.sync += null_before.eq(null_before | (null_byte & ~skipping))
            with m.If(source.last):
                m.d.sync += skipping.eq(0)
        with m.If(filling & handed_on & transfer.last):
            m.d.sync += filling.eq(0)
        return m

    def _expected(self, m: Module, transfer: StepCounter) -> Signal:
        """The bytes of this transfer that belong to the vector: all, but for those of the last."""
        expected = Signal(len(self.source.payload.keep))
        whole = (1 << len(expected)) - 1
        m.d.comb += expected.eq(Mux(transfer.last, self.keep[-1], whole))
        return expected
