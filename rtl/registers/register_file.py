# SPDX-License-Identifier: Apache-2.0
"""The decoder of a register map, made from the compiled SystemRDL model."""

from functools import reduce
from operator import or_

from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.registers.register_bus import RegisterBus
from pulsewright.rtl.registers.register_map import Register, RegisterMap


class RegisterPort(wiring.Signature):
    """What the hardware sees of one register.

    value: the stored bits. hardware_value: drives the bits that the hardware owns.
    written, read: high in the cycle in which software writes or reads; `write_data` is then on the
    bus. wait, refuse: of a register that depends on jobs, what becomes of the access that is
    presented; refusing comes first. The answer follows in the same cycle.
    """

    def __init__(self) -> None:
        super().__init__(
            {
                "value": Out(32),
                "hardware_value": In(32),
                "written": Out(1),
                "read": Out(1),
                "wait": In(1),
                "refuse": In(1),
            }
        )


class RegisterFile(wiring.Component):
    """Decodes accesses to the registers of `register_map`.

    Latency 0: an access is answered in the cycle it is presented, unless its register's port says
    that it waits. Throughput one access a cycle.
    """

    def __init__(self, register_map: RegisterMap) -> None:
        self.register_map = register_map
        super().__init__(
            {
                "bus": In(RegisterBus(register_map.address_bits)),
                "ports": Out(RegisterPort()).array(len(register_map.registers)),
            }
        )

    def port(self, name: str) -> wiring.PureInterface:
        """The hardware's side of the register called `name`."""
        names = [register.name for register in self.register_map.registers]
        return self.ports[names.index(name)]

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = Module()
        bus = self.bus
        whole_word = bus.byte_enable.all()
        refused, waits = Signal(), Signal()
        written = bus.ready & bus.write & ~refused
        read = bus.ready & ~bus.write & ~refused
        read_data, known, forbidden, waiting = [], [], [], []
        for register, port in zip(self.register_map.registers, self.ports, strict=True):
            selected = bus.address == register.address
            known.append(selected)
            read_data.append(Mux(selected, self._read_value(register, port), 0))
            if register.depends_on_jobs:
                waiting.append(selected & port.wait)
                forbidden.append(selected & port.refuse)
            if not register.writable:
                forbidden.append(selected & bus.write)
            if register.write_strobe:
                m.d.comb += port.written.eq(written & selected)
            if register.read_strobe:
                m.d.comb += port.read.eq(read & selected)
            if register.storage:
                stored = Signal(32, name=f"stored_{register.address:x}", init=register.reset)
                m.d.comb += port.value.eq(stored & register.storage)
                with m.If(written & selected):
                    m.d.sync += stored.eq(bus.write_data & register.storage)
        m.d.comb += [
            refused.eq(~any_of(known) | (bus.write & ~whole_word) | any_of(forbidden)),
            waits.eq(any_of(waiting) & ~refused),
            bus.ready.eq(bus.valid & ~waits),
            bus.read_data.eq(Mux(refused, 0, reduce(or_, read_data))),
            bus.error.eq(refused),
        ]
        return m

    @staticmethod
    def _read_value(register: Register, port: wiring.PureInterface) -> Value:
        """Stored bits, bits of the hardware, and constants side by side."""
        constant = register.reset & register.readable
        constant &= ~(register.storage | register.from_hardware)
        value: Value = Const(constant, 32)
        if register.storage:
            value = value | (port.value & register.storage)
        if register.from_hardware:
            value = value | (port.hardware_value & register.from_hardware)
        return value


def any_of(conditions: list[Value]) -> Value:
    """True if one of the conditions holds."""
    return Cat(conditions).any()
