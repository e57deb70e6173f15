# SPDX-License-Identifier: Apache-2.0
"""The decoder of a register map, made from the compiled SystemRDL model."""

import re
from typing import NamedTuple

from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.words import WORD_BYTES
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.register import Register
from pulsewright.rtl.registers.register_bus import RegisterBus
from pulsewright.rtl.registers.register_map import RegisterMap

# Of a byte address: its bits within a word, and those of a word within a block of 16.
_WORD_SHIFT = 2
_BLOCK_BITS = 4
_BLOCK_MASK = (1 << _BLOCK_BITS) - 1


class _Block(NamedTuple):
    """Registers of 16 words in a row.

    name: of nets that tell of it. chosen: the address is in it. words: of each, whether its place
    in a block is addressed.
    """

    name: str
    chosen: Value
    words: list[Value]
    registers: list[Register]


class RegisterPort(wiring.Signature):
    """What the hardware sees of one register.

    value_bits: of `value`, from the lowest; those above the last stored bit would be 0.
    hardware_stores: the hardware may store as well.

    Attributes:
        value: the stored bits.
        stores: of each byte, whether that of `hardware_value` is stored, unless software writes.
        hardware_value: drives the bits that the hardware owns.
        written: software writes in this cycle; `write_data` is on the bus.
        read: software reads in this cycle.
        selected: the address is its own, valid or not; of a register that depends on jobs.
    """

    def __init__(self, value_bits: int = 32, hardware_stores: bool = False) -> None:
        self.value_bits = value_bits
        self.hardware_stores = hardware_stores
        super().__init__(
            {
                **({"stores": In(1).array(WORD_BYTES)} if hardware_stores else {}),
                "value": Out(value_bits),
                "hardware_value": In(32),
                "written": Out(1),
                "read": Out(1),
                "selected": Out(1),
            }
        )


class RegisterFile(ModuleComponent):
    """Decodes accesses to the registers of `register_map`.

    Latency 0: an access is answered in the cycle it is presented, unless it waits. Throughput one
    access a cycle.

    Attributes:
        bus: the accesses. What is read of an access that is refused means nothing.
        wait: the access that is presented waits; only of a register that depends on jobs.
        refuse: it is refused, which comes first; of these as well.
        <register>: a `RegisterPort` for each register, see `port`.
    """

    def __init__(self, register_map: RegisterMap) -> None:
        self.register_map = register_map
        super().__init__(
            {
                "bus": In(RegisterBus(register_map.address_bits)),
                "wait": In(1),
                "refuse": In(1),
                **{
                    port_name(register.name): Out(
                        RegisterPort(register.storage.bit_length(), register.hardware_stores)
                    )
                    for register in register_map.registers
                },
            }
        )

    def port(self, name: str) -> wiring.PureInterface:
        """The hardware's side of the register called `name`."""
        port: wiring.PureInterface = getattr(self, port_name(name))
        return port

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "The registers: decodes accesses, keeps what software writes, shows what the "
            "hardware drives.\n"
            "Latency 0 cycles, one access a cycle, unless a register has to wait for a job."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        bus = self.bus
        refused, whole_word, stores, reads, free = (
            Signal(name=name) for name in ("refused", "whole_word", "stores", "reads", "free")
        )
        m.d.comb += [
            whole_word.eq(bus.byte_enable.all()),
            stores.eq(bus.valid & bus.write & whole_word),
            reads.eq(bus.valid & ~bus.write),
            free.eq(~self.wait & ~self.refuse),
        ]
        read_data: list[Value] = []
        known: list[Value] = []
        read_only: list[Value] = []
        for block in self._blocks(m):
            known.append(_named(m, f"known_{block.name}", block.chosen & any_of(block.words)))
            fixed = [w for w, r in zip(block.words, block.registers, strict=True) if not r.writable]
            only_read = block.chosen & any_of(fixed)
            read_only.append(_named(m, f"read_only_{block.name}", only_read))
            data = _named(m, f"data_{block.name}", self._block_data(block))
            read_data.append(Mux(block.chosen, data, 0))
            for word, register in zip(block.words, block.registers, strict=True):
                selected = Signal(name=f"selects_{port_name(register.name)}")
                m.d.comb += selected.eq(block.chosen & word)
                done = selected
                if register.depends_on_jobs:
                    m.d.comb += self.port(register.name).selected.eq(selected)
                    done = selected & free
                self._tell_hardware(m, register, stores & done, reads & done)
        m.d.comb += [
            refused.eq(
                ~any_of(known) | self.refuse | (bus.write & (any_of(read_only) | ~whole_word))
            ),
            bus.ready.eq(bus.valid & (refused | ~self.wait)),
            bus.read_data.eq(joined(read_data)),
            bus.error.eq(refused),
        ]
        return m

    def _blocks(self, m: Module) -> "list[_Block]":
        """The registers by the upper bits of their addresses, so that decoders are shared."""
        address, shift = self.bus.address, _WORD_SHIFT + _BLOCK_BITS
        number = address[_WORD_SHIFT:shift]
        aligned = _named(m, "word_aligned", address[:_WORD_SHIFT] == 0)
        words = {}
        blocks: dict[int, _Block] = {}
        for register in self.register_map.registers:
            upper, place = register.address >> shift, register.address >> _WORD_SHIFT & _BLOCK_MASK
            if place not in words:
                words[place] = _named(m, f"is_word_{place}", number == place)
            if upper not in blocks:
                name = f"in_block_{upper}"
                chosen = _named(m, name, (address[shift:] == upper) & aligned)
                blocks[upper] = _Block(name, chosen, [], [])
            blocks[upper].words.append(words[place])
            blocks[upper].registers.append(register)
        return list(blocks.values())

    def _block_data(self, block: "_Block") -> Value:
        """What a read of the word that is chosen within a block gives."""
        constant: list[Value] = []
        driven: list[Value] = []
        for word, register in zip(block.words, block.registers, strict=True):
            shown = self._shown(register, self.port(register.name))
            if shown is not None:
                kept = constant if isinstance(shown, Const) else driven
                kept.append(Mux(word, shown, 0))
        # Constants by themselves: they are functions of the address alone.
        return joined([joined(words) for words in (driven, constant) if words] or [Const(0, 32)])

    def _tell_hardware(self, m: Module, register: Register, written: Value, read: Value) -> None:
        """What the port of a register says of accesses, and of what software wrote."""
        port = self.port(register.name)
        if register.write_strobe:
            m.d.comb += port.written.eq(written)
        if register.read_strobe:
            m.d.comb += port.read.eq(read)
        if register.storage:
            stored = self._stored(m, register, port_name(register.name), written)
            m.d.comb += port.value.eq(stored)

    def _stored(self, m: Module, register: Register, name: str, written: Value) -> Value:
        """What software wrote last, in registers of the bits that are kept."""
        bits = register.storage.bit_length()
        stored = Signal(bits, name=f"{name}_stored", init=register.reset & register.storage)
        with m.If(written):
            m.d.sync += stored.eq(self.bus.write_data & register.storage)
        if register.hardware_stores:
            port = self.port(register.name)
            for i in range(WORD_BYTES):
                with m.If(~written & port.stores[i]):
                    m.d.sync += stored.word_select(i, 8).eq(port.hardware_value.word_select(i, 8))
        return stored & register.storage

    @staticmethod
    def _shown(register: Register, port: wiring.PureInterface) -> Value | None:
        """Stored bits, bits of the hardware, and constants side by side; None if all are 0."""
        constant = register.reset & register.readable
        constant &= ~(register.storage | register.from_hardware)
        if not register.storage | register.from_hardware:
            return Const(constant, 32) if constant else None
        value: Value = Const(constant, 32)
        if register.storage:
            value = value | (port.value & register.storage)
        if register.from_hardware:
            value = value | (port.hardware_value & register.from_hardware)
        return value


def port_name(register: str) -> str:
    """The member of a register: RESULT[0] is result_0, LAYER[1].SHAPE layer_1_shape."""
    return re.sub(r"\W+", "_", register).rstrip("_").lower()


def joined(words: list[Value]) -> Value:
    """The OR of all words, as a tree of them."""
    if len(words) == 1:
        return words[0]
    half = len(words) // 2
    return joined(words[:half]) | joined(words[half:])


def _named(m: Module, name: str, value: Value) -> Signal:
    """The same, under a name of its own in the Verilog."""
    signal = Signal(len(value), name=name)
    m.d.comb += signal.eq(value)
    return signal


def any_of(conditions: list[Value]) -> Value:
    """True if one of the conditions holds."""
    return Cat(conditions).any()
