# SPDX-License-Identifier: Apache-2.0
"""The ports of an attachment in a simulation, by the names that they have in its signature."""

from types import SimpleNamespace
from typing import Any

from pulsewright.rtl.attachments.registry import attachment_class


def attachment_ports(dut: Any, attachment: str) -> dict[str, Any]:
    """Handle of each signal of the port."""
    names = attachment_class(attachment).verilog_ports()
    return {name: getattr(dut, verilog) for name, verilog in names.items()}


def library_entity(dut: Any, attachment: str, prefix: str, without: str = "") -> Any:
    """What bus libraries take for the device: its port without the suffixes of the directions.

    prefix: of the names there. without: a signal that the library shall not find.
    """
    ports = attachment_ports(dut, attachment)
    signals = {f"{prefix}_{name}": port for name, port in ports.items() if name != without}
    return SimpleNamespace(_name=dut._name, _log=dut._log, **signals)
