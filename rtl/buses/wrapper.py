# SPDX-License-Identifier: Apache-2.0
"""What a description of a wrapper says: a module around the coprocessor for a family of SoCs."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wrapper:
    """A module of the package with the ports that a family of SoCs expects.

    name: its file and module are called `<coprocessor>_<name>`, its targets of FuseSoC and Bender
    by the name itself. template: in `rtl/package/templates`, without `.j2`; its end is that of the
    file. title: whose ports it has. room: bytes of address space that the SoC has for it, if that
    is fixed; a larger coprocessor has no such wrapper. words: what the template is told besides
    the design.
    """

    name: str
    template: str
    title: str
    room: int | None = None
    words: dict[str, str] = field(default_factory=dict)

    @property
    def ending(self) -> str:
        """Of the file: "sv" or "v"."""
        return self.template.rpartition(".")[2]
