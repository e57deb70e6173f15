# SPDX-License-Identifier: Apache-2.0
"""What a description of an instruction interface says: the names of a core's coprocessor port."""

from dataclasses import dataclass

from pulsewright.rtl.buses.bus import IdWidth


@dataclass(frozen=True)
class InstructionInterface:
    """The port of a core through which it hands instructions to a coprocessor.

    name: in recipes, and of the module in `rtl/attachments`. title: the standard's name and
    version. component: class of the attachment in its module. prefix: of its ports in Verilog.
    id_width: None if instructions have no identifiers.
    """

    name: str
    title: str
    component: str
    prefix: str
    id_width: IdWidth | None = None
