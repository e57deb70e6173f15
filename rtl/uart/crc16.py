# SPDX-License-Identifier: Apache-2.0
"""The check of the frames: CRC-16 of the polynomial 0x1021, from 0xFFFF on (CRC-16/IBM-3740)."""

from amaranth import Cat, Module, Mux, Signal, Value
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.module_component import ModuleComponent

CRC_BITS = 16
POLYNOMIAL = 0x1021
START = 0xFFFF


class Crc16(ModuleComponent):
    """CRC of the bytes since `restart`, the highest bit of each first.

    Attributes:
        restart: begin again, with `data` as the first one if `valid` is high as well.
        valid: `data` belongs to what is checked.
        data: it.
        crc: of all bytes up to the cycle before; 0 behind bytes and their CRC, high byte first.

    Latency 1 cycle; a byte a cycle.
    """

    def __init__(self) -> None:
        super().__init__(
            {"restart": In(1), "valid": In(1), "data": In(8), "crc": Out(CRC_BITS, init=START)}
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return "CRC-16/IBM-3740 of the bytes since a restart. Latency 1 cycle; a byte a cycle."

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        before = Signal(CRC_BITS)
        m.d.comb += before.eq(Mux(self.restart, START, self.crc))
        with m.If(self.valid):
            m.d.sync += self.crc.eq(_with_byte(before, self.data))
        with m.Elif(self.restart):
            m.d.sync += self.crc.eq(START)
        return m


def _with_byte(crc: Value, byte: Value) -> Value:
    """`crc` behind one more byte: each bit of the result is a sum of bits of both."""
    # Numbers of the bits of Cat(crc, byte) in each sum.
    sums: list[set[int]] = [{place} for place in range(CRC_BITS)]
    for place in reversed(range(len(byte))):
        carried = sums[-1] ^ {CRC_BITS + place}
        sums = [set(), *sums[:-1]]
        sums = [one ^ carried if POLYNOMIAL >> place & 1 else one for place, one in enumerate(sums)]
    both = Cat(crc, byte)
    return Cat(Cat(both[place] for place in sorted(one)).xor() for one in sums)
