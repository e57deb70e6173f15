# SPDX-License-Identifier: Apache-2.0
"""How each attachment is driven and watched in simulation, by the names that recipes call them."""

from dataclasses import dataclass
from typing import Any

from sim.bus_drivers.apb import ApbDriver
from sim.bus_drivers.axi_lite import AxiLiteDriver
from sim.bus_drivers.bus_driver import BusDriver
from sim.bus_drivers.hwpe_periph import HwpePeriphDriver
from sim.bus_drivers.obi import ObiDriver
from sim.bus_drivers.wishbone import WishboneDriver
from sim.bus_rules.apb import ApbRules
from sim.bus_rules.axi_lite import AxiLiteRules
from sim.bus_rules.bus_rules import BusRules, watch
from sim.bus_rules.hwpe_periph import HwpePeriphRules
from sim.bus_rules.obi import ObiRules
from sim.bus_rules.wishbone import WishboneRules


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
