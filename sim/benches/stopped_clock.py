# SPDX-License-Identifier: Apache-2.0
"""Outputs of registers stay where no clock is asked for, as they would if it stood still."""

from collections.abc import Sequence
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from pulsewright.sim.buses.drivers.ports import attachment_ports

# Of each attachment the answers that come from registers.
ANSWERS = {"obi": ("rvalid",), "hwpe_periph": ("r_valid",), "axi_lite": ("bvalid", "rvalid")}


def watch_stopped_clock(dut: Any, attachment: str) -> None:
    """Look at every clock edge from now on."""
    ports = attachment_ports(dut, attachment)
    answers = [ports[name] for name in ANSWERS.get(attachment, ())]
    cocotb.start_soon(_watch(dut, (dut.irq_o, dut.event_o, *answers)))


async def _watch(dut: Any, outputs: Sequence[Any]) -> None:
    held = None
    while True:
        await RisingEdge(dut.clk_i)
        now = [str(one.value) for one in outputs]
        if held is not None and dut.rst_ni.value:
            names = [one._name for one in outputs]
            assert now == held, f"{names} are {now}, {held} before: no clock was asked for"
        held = None if dut.clock_enable_o.value or not dut.rst_ni.value else now
