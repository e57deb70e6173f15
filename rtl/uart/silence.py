# SPDX-License-Identifier: Apache-2.0
"""Tells when a serial line has been silent long enough to begin again."""

from amaranth import Module, Signal
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.module_component import ModuleComponent

SILENCE_CYCLES_WIDTH = 24


class SilenceTimer(ModuleComponent):
    """Counts the cycles since the line was low.

    Attributes:
        line: a serial line, high when nothing is sent.
        silence_cycles: how many make a silence, more than a byte has; does not change.
        silent: the line has been high for that long, or since reset.
    """

    def __init__(self) -> None:
        super().__init__(
            {"line": In(1), "silence_cycles": In(SILENCE_CYCLES_WIDTH), "silent": Out(1)}
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return "Tells when a serial line has been silent for silence_cycles cycles."

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        cycles_left = Signal(SILENCE_CYCLES_WIDTH)
        m.d.comb += self.silent.eq(cycles_left == 0)
        with m.If(~self.line):
            m.d.sync += cycles_left.eq(self.silence_cycles)
        with m.Elif(~self.silent):
            m.d.sync += cycles_left.eq(cycles_left - 1)
        return m
