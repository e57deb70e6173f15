# SPDX-License-Identifier: Apache-2.0
"""What a module's text says beside its logic: the order of its ports, and its comments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CLOCK_AND_RESET = ("clk_i", "rst_ni", "clk", "rst")


@dataclass(frozen=True)
class ModuleInterface:
    """comment: what the module does. ports: their order, without clock and reset, which come first.

    port_comments: one line by the name of a port.
    """

    comment: str = ""
    ports: tuple[str, ...] = ()
    port_comments: Mapping[str, str] = field(default_factory=dict)

    def ordered(self, names: Iterable[str]) -> list[str]:
        """`names` with clock and reset first, then in the order of `ports`, others behind."""
        order = {name: i for i, name in enumerate((*CLOCK_AND_RESET, *self.ports))}
        return sorted(names, key=lambda name: order.get(name, len(order)))
