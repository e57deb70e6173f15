# SPDX-License-Identifier: Apache-2.0
"""Read data are 0, or stay, where no read is answered, as far as an attachment promises it."""

from collections.abc import Callable, Mapping
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from pulsewright.sim.buses.drivers.ports import attachment_ports

Ports = Mapping[str, Any]


def _apb(port: Ports) -> bool:
    ends = port["psel"].value and port["penable"].value and port["pready"].value
    return bool(ends) and not port["pwrite"].value


def _reg_interface(port: Ports) -> bool:
    return bool(port["valid"].value and port["ready"].value) and not port["write"].value


def _wishbone(port: Ports) -> bool:
    """Data stay behind a read, whose termination alone says that they are data."""
    return not (port["err"].value or (port["ack"].value and port["we"].value))


MAY_HAVE_DATA: dict[str, tuple[str, Callable[[Ports], bool]]] = {
    "apb": ("prdata", _apb),
    "reg_interface": ("rdata", _reg_interface),
    "wishbone": ("dat_r", _wishbone),
}


# The output that is high in the first cycle of each new value, and those that it tells of.
SETTLED = {"hwpe_periph": ("r_valid", ("r_data", "r_id"))}


def watch_quiet_data(dut: Any, attachment: str) -> None:
    """Look at every clock edge from now on, where the attachment promises something."""
    if attachment in MAY_HAVE_DATA:
        name, may_have_data = MAY_HAVE_DATA[attachment]
        cocotb.start_soon(_watch(dut, attachment_ports(dut, attachment), name, may_have_data))
    if attachment in SETTLED:
        first, names = SETTLED[attachment]
        cocotb.start_soon(_watch_settled(dut, attachment_ports(dut, attachment), first, names))


async def _watch_settled(dut: Any, ports: Ports, first: str, names: tuple[str, ...]) -> None:
    before = None
    while True:
        await RisingEdge(dut.clk_i)
        now = [str(ports[name].value) for name in names]
        if before is not None and dut.rst_ni.value and not ports[first].value:
            assert now == before, f"{names} are {now} without {first}, {before} before"
        before = now if dut.rst_ni.value else None


async def _watch(dut: Any, ports: Ports, name: str, may_have_data: Callable[[Ports], bool]) -> None:
    while True:
        await RisingEdge(dut.clk_i)
        if dut.rst_ni.value and not may_have_data(ports):
            data = ports[name].value
            assert data == 0, f"{name} is {data} where no read is answered"
