# SPDX-License-Identifier: Apache-2.0
"""The gate of a coprocessor's clock: one module, which a user replaces by a cell."""

from amaranth import Instance, Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.verilog_platform import VerilogPlatform


class ClockGate(wiring.Component):
    """Passes a clock on while it is enabled.

    Attributes:
        clock: its rising edge counts.
        enable: the next rising edge is passed on; looked at while the clock is low.
        gated: the clock, low while it is stopped.

    Amaranth's own simulator knows no latches: there the clock always runs, as it may.
    """

    def __init__(self) -> None:
        super().__init__({"clock": In(1), "enable": In(1), "gated": Out(1)})

    def elaborate(self, platform: object) -> Module | Instance:
        """The module of the Verilog text; a wire for everyone else."""
        if isinstance(platform, VerilogPlatform):
            return platform.clock_gate(self.clock, self.enable, self.gated)
        m = Module()
        m.d.comb += self.gated.eq(self.clock)
        return m
