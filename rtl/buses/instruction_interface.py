# SPDX-License-Identifier: Apache-2.0
"""What a description of an instruction interface says: its names, and one instruction as data."""

from dataclasses import dataclass, field

from pulsewright.rtl.buses.bus import IdWidth, Phase
from pulsewright.rtl.buses.wrapper import Wrapper


@dataclass(frozen=True)
class Execution:
    """An instruction that is accepted and goes on. data: the output with the value for rd."""

    phases: tuple[Phase, ...]
    data: str


@dataclass(frozen=True)
class InstructionInterface:
    """The port of a core through which it hands instructions to a coprocessor.

    name: in recipes, and of the module in `rtl/attachments`. title: the standard's name and
    version. component: class of the attachment in its module. prefix: of its ports in Verilog.
    execution: how a core hands over an instruction. accepted: in Verilog, whether the coprocessor
    takes what is handed over as its own. operand_ports: of CV-X-IF, what the names of the ports
    with values of source registers begin with; None of others. idle: inputs that are driven with
    something else than 0 from the start. id_width: None if instructions have no identifiers.
    wrappers: of the package, for cores that expect other ports.
    """

    name: str
    title: str
    component: str
    prefix: str
    execution: Execution
    accepted: str
    operand_ports: str | None = None
    idle: dict[str, int] = field(default_factory=dict)
    id_width: IdWidth | None = None
    wrappers: tuple[Wrapper, ...] = ()
