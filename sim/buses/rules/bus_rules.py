# SPDX-License-Identifier: Apache-2.0
"""What the rules of every bus have in common, and how they are bound to a simulation."""

from abc import ABC, abstractmethod
from types import SimpleNamespace
from typing import Any, Self

import cocotb
from cocotb.triggers import ReadOnly, RisingEdge

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.sim.buses.drivers.ports import attachment_ports


class BusRules(ABC):
    """Sees the signals of a port in every clock cycle; a broken rule is an AssertionError.

    A signal's value is an integer, or None while it has unknown bits.
    requests, responses: how many there were.
    """

    def __init__(self) -> None:
        self.requests = 0
        self.responses = 0

    @classmethod
    def of(cls, options: AttachmentOptions) -> Self:
        """The rules of a port with these options."""
        return cls()

    @abstractmethod
    def reset(self, port: SimpleNamespace) -> None:
        """A cycle in reset."""

    @abstractmethod
    def cycle(self, port: SimpleNamespace) -> None:
        """A cycle out of reset."""


def known(*values: int | None) -> tuple[int, ...]:
    """The values, none of which may have unknown bits."""
    assert None not in values, "unknown bits where they matter"
    return tuple(value for value in values if value is not None)


def watch(dut: Any, attachment: str, rules: BusRules) -> None:
    """Bind `rules` to the port of a running simulation, from the cycle that has just begun.

    A broken rule fails the test.
    """
    ports = attachment_ports(dut, attachment)

    def value(handle: Any) -> int | None:
        return int(handle.value) if handle.value.is_resolvable else None

    async def every_cycle() -> None:
        while True:
            await ReadOnly()
            port = SimpleNamespace(**{name: value(handle) for name, handle in ports.items()})
            if dut.rst_ni.value:
                rules.cycle(port)
            else:
                rules.reset(port)
            await RisingEdge(dut.clk_i)

    cocotb.start_soon(every_cycle())
