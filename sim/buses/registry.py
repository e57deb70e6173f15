# SPDX-License-Identifier: Apache-2.0
"""How each attachment is driven and watched in simulation, by the names that recipes call them."""

from dataclasses import dataclass
from typing import Any

from pulsewright.sim.buses.drivers.apb import ApbDriver
from pulsewright.sim.buses.drivers.axi_lite import AxiLiteDriver
from pulsewright.sim.buses.drivers.bus_driver import BusDriver
from pulsewright.sim.buses.drivers.hwpe_periph import HwpePeriphDriver
from pulsewright.sim.buses.drivers.obi import ObiDriver
from pulsewright.sim.buses.drivers.wishbone import WishboneDriver
from pulsewright.sim.buses.rules.apb import ApbRules
from pulsewright.sim.buses.rules.axi_lite import AxiLiteRules
from pulsewright.sim.buses.rules.bus_rules import BusRules, watch
from pulsewright.sim.buses.rules.hwpe_periph import HwpePeriphRules
from pulsewright.sim.buses.rules.obi import ObiRules
from pulsewright.sim.buses.rules.wishbone import WishboneRules


@dataclass(frozen=True)
class SimulatedBus:
    """driver: a manager of the port. rules: what is checked in every clock cycle."""

    driver: type[BusDriver]
    rules: type[BusRules]


BUSES = {
    "obi": SimulatedBus(ObiDriver, ObiRules),
    "apb": SimulatedBus(ApbDriver, ApbRules),
    "hwpe_periph": SimulatedBus(HwpePeriphDriver, HwpePeriphRules),
    "axi_lite": SimulatedBus(AxiLiteDriver, AxiLiteRules),
    "wishbone": SimulatedBus(WishboneDriver, WishboneRules),
}


def watch_rules(dut: Any, attachment: str) -> BusRules:
    """Check the rules of the attachment's bus from now on; a broken one fails the test."""
    rules = BUSES[attachment].rules()
    watch(dut, attachment, rules)
    return rules
