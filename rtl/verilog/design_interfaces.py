# SPDX-License-Identifier: Apache-2.0
"""What the text of each module of a design says beside its logic."""

from collections.abc import Iterator

from amaranth.hdl import Fragment

from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.verilog.interface import ModuleInterface


def design_interfaces(design: Fragment, name: str) -> dict[str, ModuleInterface]:
    """Comment and order of the ports of every module of `design`, by the module's name."""
    return dict(_interfaces(design, name))


def _interfaces(fragment: Fragment, name: str) -> Iterator[tuple[str, ModuleInterface]]:
    for origin in fragment.origins or ():
        if isinstance(origin, ModuleComponent):
            ports = tuple(
                "__".join(map(str, path)) for path, _, _ in origin.signature.flatten(origin)
            )
            yield name, ModuleInterface(origin.comment, ports, origin.port_comments)
    for child, child_name, _ in fragment.subfragments:
        yield from _interfaces(child, f"{name}_{child_name}")
