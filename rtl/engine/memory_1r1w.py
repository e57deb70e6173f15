# SPDX-License-Identifier: Apache-2.0
"""The memories of a coprocessor: two modules, which a user replaces by SRAM macros."""

from typing import ClassVar

from amaranth import Instance, Module
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.memory_text import EITHER_PORT, TWO_PORTS, MemoryModule
from pulsewright.rtl.verilog_platform import VerilogPlatform


class Memory1R1W(wiring.Component):
    """`depth` words of `lanes` lanes of `lane_bits` bits: a synchronous read, a write by lanes.

    depth: two or more; addresses past the last word are never given.

    Attributes:
        write_enable: a bit a lane; its lane of `write_data` is stored.
        write_address, write_data: sampled when a bit of `write_enable` is high.
        read_enable: the word at `read_address` stands in `read_data` from the next cycle on.
        read_address: sampled when `read_enable` is high.
        read_data: the word that was read last, held until the next read.

    Latency 1, throughput one read or one write a cycle: what a read gives at an edge that writes is
    undefined, so that a macro with one port for both may take its place.
    """

    MODULE: ClassVar[MemoryModule] = EITHER_PORT

    def __init__(self, depth: int, lanes: int, lane_bits: int) -> None:
        self.depth, self.lanes, self.lane_bits = depth, lanes, lane_bits
        super().__init__(
            {
                "write_enable": In(lanes),
                "write_address": In(range(depth)),
                "write_data": In(lanes * lane_bits),
                "read_enable": In(1),
                "read_address": In(range(depth)),
                "read_data": Out(lanes * lane_bits),
            }
        )

    def elaborate(self, platform: object) -> Module | Instance:
        """The module of the Verilog text; a memory of Amaranth's for everyone else."""
        if isinstance(platform, VerilogPlatform):
            return platform.memory(self.MODULE, self, self.depth, self.lanes)
        m = Module()
        width = self.lanes * self.lane_bits
        m.submodules.words = words = Memory(shape=width, depth=self.depth, init=[])
        writer, reader = words.write_port(granularity=self.lane_bits), words.read_port()
        m.d.comb += [
            writer.en.eq(self.write_enable),
            writer.addr.eq(self.write_address),
            writer.data.eq(self.write_data),
            reader.en.eq(self.read_enable),
            reader.addr.eq(self.read_address),
            self.read_data.eq(reader.data),
        ]
        return m


class TwoPortMemory(Memory1R1W):
    """The same for reads and writes at once: one read and one write a cycle, of different words.

    What a read gives of the word that is written at its edge is undefined.
    """

    MODULE: ClassVar[MemoryModule] = TWO_PORTS
