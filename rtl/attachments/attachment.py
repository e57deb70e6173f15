# SPDX-License-Identifier: Apache-2.0
"""What every memory-mapped attachment has: a port of its protocol in front of the register bus."""

from collections.abc import Mapping
from typing import ClassVar

from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.buses.bus import Bus
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.register_bus import RegisterBus
from pulsewright.rtl.registers.register_map import ADDRESS_BITS


class Attachment(ModuleComponent):
    """Joins a port of a bus protocol to the register bus.

    Attributes:
        port: of the protocol, as its manager drives it.
        bus: the register bus.
        refused_at_port: an access to a misaligned address is refused in this cycle, without being
            presented on the register bus.
        active: a request is presented, kept or not answered yet. It follows the request in the same
            cycle, so that an outer clock gate opens in time; while it is low no register changes.

    SIGNATURE: of the port. BUS: its description. STANDARD_NAMES: the standard's
    name of each member that is called otherwise here.
    """

    SIGNATURE: ClassVar[type[wiring.Signature]]
    BUS: ClassVar[Bus]
    STANDARD_NAMES: ClassVar[dict[str, str]] = {}

    def __init__(
        self, register_bits: int = ADDRESS_BITS, signature: wiring.Signature | None = None
    ) -> None:
        super().__init__(
            {
                "port": In(signature or self.SIGNATURE()),
                "bus": Out(RegisterBus(register_bits)),
                "refused_at_port": Out(1),
                "active": Out(1),
            }
        )

    @property
    def signal_comments(self) -> Mapping[str, str]:
        """One line on each signal of the port, by its name in the signature."""
        comments: Mapping[str, str] = self.SIGNATURE.PORT_COMMENTS
        return comments

    @classmethod
    def verilog_ports(cls) -> dict[str, str]:
        """Name in Verilog of each member of the port, with the direction as suffix."""
        return {
            name: f"{cls.BUS.prefix}_{cls.STANDARD_NAMES.get(name, name)}"
            f"_{'i' if member.flow is Out else 'o'}"
            for name, member in cls.SIGNATURE().members.items()
        }
