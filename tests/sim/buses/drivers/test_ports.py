# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace
from typing import Any

import pytest

from pulsewright.rtl.attachments.registry import attachment_class
from pulsewright.rtl.buses.registry import BUSES
from pulsewright.sim.buses.drivers.ports import attachment_ports, library_entity


def device(attachment: str) -> Any:
    """Each port holds its own name in Verilog."""
    names = attachment_class(attachment).verilog_ports().values()
    return SimpleNamespace(_name="dut", _log="log", **{name: name for name in names})


@pytest.mark.parametrize("attachment", BUSES)
def test_every_signal_of_the_signature_is_found(attachment: str) -> None:
    ports = attachment_ports(device(attachment), attachment)
    assert ports == attachment_class(attachment).verilog_ports()


def test_a_library_sees_the_port_without_suffixes() -> None:
    entity = library_entity(device("wishbone"), "wishbone", "wb", without="stall")
    assert entity.wb_dat_w == "wb_dat_i"
    assert entity.wb_dat_r == "wb_dat_o"
    assert not hasattr(entity, "wb_stall")
    assert (entity._name, entity._log) == ("dut", "log")
