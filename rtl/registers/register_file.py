# SPDX-License-Identifier: Apache-2.0
"""The decoder of a register map, made from the compiled SystemRDL model."""

import re

from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.register import Register
from pulsewright.rtl.registers.register_bus import RegisterBus
from pulsewright.rtl.registers.register_map import RegisterMap


class RegisterPort(wiring.Signature):
    """What the hardware sees of one register.

    value_bits: of `value`, from the lowest; those above the last stored bit would be 0.

    Attributes:
        value: the stored bits.
        hardware_value: drives the bits that the hardware owns.
        written: software writes in this cycle; `write_data` is on the bus.
        read: software reads in this cycle.
        wait: the access that is presented waits; of a register that depends on jobs.
        refuse: it is refused, which comes first. The answer follows in the same cycle.
    """

    def __init__(self, value_bits: int = 32) -> None:
        self.value_bits = value_bits
        super().__init__(
            {
                "value": Out(value_bits),
                "hardware_value": In(32),
                "written": Out(1),
                "read": Out(1),
                "wait": In(1),
                "refuse": In(1),
            }
        )


class RegisterFile(ModuleComponent):
    """Decodes accesses to the registers of `register_map`.

    Latency 0: an access is answered in the cycle it is presented, unless its register's port says
    that it waits. Throughput one access a cycle.

    Attributes:
        bus: the accesses.
        <register>: a `RegisterPort` for each register, see `port`.
    """

    def __init__(self, register_map: RegisterMap) -> None:
        self.register_map = register_map
        super().__init__(
            {
                "bus": In(RegisterBus(register_map.address_bits)),
                **{
                    port_name(register.name): Out(RegisterPort(register.storage.bit_length()))
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
        refused = Signal()
        waits = Signal()
        must_wait = Signal()
        written = Signal()
        read = Signal()
        m.d.comb += [
            written.eq(bus.ready & bus.write & ~refused),
            read.eq(bus.ready & ~bus.write & ~refused),
        ]
        read_data: list[Value] = []
        known: list[Value] = []
        forbidden: list[Value] = []
        waiting: list[Value] = []
        for register in self.register_map.registers:
            name, port = port_name(register.name), self.port(register.name)
            selected = Signal(name=f"selects_{name}")
            m.d.comb += selected.eq(bus.address == register.address)
            known.append(selected)
            shown = self._shown(register, port)
            if shown is not None:
                read_data.append(Mux(selected, shown, 0))
            if register.depends_on_jobs:
                waiting.append(selected & port.wait)
                forbidden.append(selected & port.refuse)
            if not register.writable:
                forbidden.append(selected & bus.write)
            self._tell_hardware(m, register, written & selected, read & selected)
        shown_data = Signal(32)
        is_known = Signal()
        is_forbidden = Signal()
        m.d.comb += [
            is_known.eq(any_of(known)),
            is_forbidden.eq(any_of(forbidden)),
            refused.eq(~is_known | is_forbidden | (bus.write & ~bus.byte_enable.all())),
            must_wait.eq(any_of(waiting)),
            waits.eq(must_wait & ~refused),
            bus.ready.eq(bus.valid & ~waits),
            shown_data.eq(joined(read_data)),
            bus.read_data.eq(Mux(refused, 0, shown_data)),
            bus.error.eq(refused),
        ]
        return m

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


def any_of(conditions: list[Value]) -> Value:
    """True if one of the conditions holds."""
    return Cat(conditions).any()
