# SPDX-License-Identifier: Apache-2.0
"""Tables of constants: weights, biases and whatever else is looked up by a counter."""

from collections.abc import Iterable, Sequence

from amaranth import Instance, Module, Shape, Signal, Value
from amaranth.hdl import Const
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.verilog_platform import VerilogPlatform


class ConstantRom(wiring.Component):
    """word = words[index], combinational, as logic: no memory and nothing to initialise.

    words: at least two, unsigned, at most `width` bits.

    Attributes:
        index: number of a word; one past the last gives any word.
        word: that word.

    Latency 0.
    """

    def __init__(self, words: Sequence[int], width: int) -> None:
        self.words = words
        super().__init__({"index": In(range(len(words))), "word": Out(width)})

    def elaborate(self, platform: object) -> Module | Instance:
        """A table in the Verilog text; a switch for everyone else, such as the simulator."""
        if isinstance(platform, VerilogPlatform):
            return platform.rom(self.index, self.word, self.words)
        m = Module()
        with m.Switch(self.index):
            for number, word in enumerate(self.words):
                with m.Case(number):
                    m.d.comb += self.word.eq(word)
        return m


def constant_rom(
    m: Module, name: str, index: Value, words: Sequence[int], shape: Shape | int | range
) -> Value:
    """The word numbered `index`, from a table that becomes the submodule `name` of `m`.

    words: integers of `shape`. One word alone needs no table. Latency 0.
    """
    shape = Shape.cast(shape)
    if len(words) == 1:
        return Const(words[0], shape)
    rom = ConstantRom([word & ((1 << shape.width) - 1) for word in words], shape.width)
    m.submodules[name] = rom
    word = Signal(shape, name=f"{name}_word")
    m.d.comb += [rom.index.eq(index), word.eq(rom.word)]
    return word


def registered_rom(
    m: Module,
    platform: object,
    name: str,
    index: Value,
    load: Value,
    words: Sequence[int],
    width: int,
    register: str,
) -> Signal:
    """A register of `width` bits called `register` that takes words[index] when `load` is high.

    The table becomes the submodule `name` of `m`; in Verilog a large one has the register inside,
    as block RAM has. Latency 1.
    """
    if isinstance(platform, VerilogPlatform) and platform.tables.has_register(len(words), width):
        word = Signal(width, name=register)
        m.submodules[name] = platform.registered_rom(index, load, word, words)
        return word
    return data_register(m, load, constant_rom(m, name, index, words, width), register)


def packed(lanes: Iterable[int], width: int) -> int:
    """Integers of `width` bits side by side in one word, the first in the lowest bits."""
    mask = (1 << width) - 1
    return sum((int(lane) & mask) << (i * width) for i, lane in enumerate(lanes))
