# SPDX-License-Identifier: Apache-2.0
"""The registers of the simulated memristive devices, in Python."""

from pulsewright.sim.soc.memristor_curves import IDENTITY, Memristors


class MemristorModel:
    """What `memristor.sv` answers: (word, error) of a load, error of a store."""

    def __init__(self, devices: Memristors) -> None:
        self.devices = devices
        self.reset()

    def reset(self) -> None:
        self.device = 0
        self.fresh()

    def fresh(self) -> None:
        self.candidate, self.position, self.moved = 0, 0, False
        self.applied = self.reads = 0

    def load(self, offset: int) -> tuple[int, bool]:
        of = self.devices
        constants = {0x00: IDENTITY, 0x04: of.devices, 0x08: of.candidates, 0x0C: of.pulses}
        constants |= {0x10: of.frac, 0x14: self.device, 0x24: self.applied, 0x28: self.reads}
        if offset in constants:
            return constants[offset], False
        if offset == 0x20:
            self.reads += 1
            current = int(of.reads[self.device, self.candidate, self.position])
            return current & 0xFFFF_FFFF, False
        candidate, number = divmod(offset - 0x100, 0x20)
        if offset >= 0x100 and offset % 4 == 0 and candidate < of.candidates and number < 20:
            value = int(of.parameters[self.device, candidate, number // 4])
            return value & 0xFFFF_FFFF, False
        return 0, True

    def store(self, offset: int, word: int) -> bool:
        of = self.devices
        if offset == 0x14 and word < of.devices:
            self.device = word
            self.fresh()
        elif offset == 0x18:
            self.fresh()
        elif offset == 0x1C and word >> 16 < of.candidates:
            self.pulse(word >> 16, word & 0xFFFF)
        else:
            return True
        return False

    def pulse(self, candidate: int, count: int) -> None:
        if count == 0:
            return
        states = self.devices.states[self.device]
        if candidate != self.candidate:
            present = states[self.candidate, self.position]
            self.position = int((states[candidate] < present).sum()) if self.moved else 0
        self.position = min(self.position + count, self.devices.pulses - 1)
        self.candidate, self.moved = candidate, True
        self.applied += count
