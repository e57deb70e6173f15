# SPDX-License-Identifier: Apache-2.0
"""How each bus is driven and watched in simulation, found by the bus's name."""

import importlib
import inspect
from dataclasses import dataclass
from typing import Any

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import known_bus
from pulsewright.sim.buses.drivers.bus_driver import BusDriver
from pulsewright.sim.buses.drivers.ports import attachment_ports
from pulsewright.sim.buses.rules.bus_rules import BusRules
from pulsewright.sim.buses.rules.watching import watch_port


@dataclass(frozen=True)
class SimulatedBus:
    """driver: a manager of the port. rules: what is checked in every clock cycle."""

    driver: type[BusDriver]
    rules: type[BusRules]


def simulated_bus(name: str) -> SimulatedBus:
    """The driver of `sim/buses/drivers/<name>.py` and the rules of `sim/buses/rules/<name>.py`.

    Raises:
        PulsewrightError: there is no such bus.
    """
    name = known_bus(name).name
    return SimulatedBus(
        _class_of(f"pulsewright.sim.buses.drivers.{name}", BusDriver),
        _class_of(f"pulsewright.sim.buses.rules.{name}", BusRules),
    )


def watch_rules(dut: Any, attachment: str, options: AttachmentOptions) -> BusRules:
    """Check the rules of the attachment's bus from now on; a broken one fails the test."""
    rules = simulated_bus(attachment).rules.of(options)
    watch_port(rules, dut.clk_i, dut.rst_ni, attachment_ports(dut, attachment))
    return rules


def _class_of(module_name: str, kind: type) -> Any:
    """The one class of that kind that the module defines."""
    module = importlib.import_module(module_name)
    (found,) = [
        one
        for _, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, kind) and one.__module__ == module_name
    ]
    return found
