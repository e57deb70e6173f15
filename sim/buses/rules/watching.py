# SPDX-License-Identifier: Apache-2.0
"""Binds the rules of a bus to signals of a running simulation, of any design."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import cocotb
from cocotb.triggers import ReadOnly, RisingEdge

from pulsewright.sim.buses.rules.bus_rules import BusRules


def watch_port(
    rules: BusRules, clock: Any, reset_n: Any, port: Mapping[str, Any]
) -> "cocotb.task.Task[None]":
    """Show `rules` the signals of a port before every rising edge of the clock.

    clock, reset_n: handles; the reset is low while it is active.
    port: a handle, or an integer where the design has no such signal, by the names that `rules`
    ask for; each class of rules lists them.

    A broken rule ends the task that is returned with its AssertionError, and so fails the test.
    """
    fixed = {name: one for name, one in port.items() if isinstance(one, int)}
    handles = {name: one for name, one in port.items() if name not in fixed}

    def value(handle: Any) -> int | None:
        return int(handle.value) if handle.value.is_resolvable else None

    async def every_cycle() -> None:
        while True:
            await ReadOnly()
            seen = {name: value(handle) for name, handle in handles.items()}
            cycle = SimpleNamespace(**fixed, **seen)
            if value(reset_n):
                rules.cycle(cycle)
            else:
                rules.reset(cycle)
            await RisingEdge(clock)

    return cocotb.start_soon(every_cycle())
