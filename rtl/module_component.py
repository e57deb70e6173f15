# SPDX-License-Identifier: Apache-2.0
"""What components do so that their modules can be read in Verilog."""

from collections.abc import Mapping

from amaranth import Cat, Module, Signal, Value
from amaranth.lib import wiring


class ModuleComponent(wiring.Component):
    """A component that says above its module what it does."""

    @property
    def comment(self) -> str:
        """What the module does, with its latency in cycles: one sentence a line."""
        raise NotImplementedError

    @property
    def port_comments(self) -> Mapping[str, str]:
        """One line on a port, by its name; submodules have none, their docstrings say it."""
        return {}

    def module(self) -> Module:
        """A module to build the logic in, with the ports' names kept.

        Amaranth calls signals that are equal by the name of the one that it meets first. So it
        meets the ports in a statement in front of all others, which assigns no bit.
        """
        m = Module()
        ports = [Value.cast(value) for _, _, value in self.signature.flatten(self)]
        m.d.comb += Signal(0, name="").eq(Cat(ports))
        return m
