# SPDX-License-Identifier: Apache-2.0
"""What a description of a bus says: its names, and one access as data.

An access is a sequence of phases. A phase raises some inputs of the coprocessor and lasts until its
handshakes are done; a handshake is done at the clock edge at which one of its outputs is high (and
the input that takes its answer, if there is one), and then lowers its own inputs again. All inputs
change after a clock edge, all outputs are looked at on one, so that the same table serves a
simulator of Verilog and Amaranth's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.wrapper import Wrapper


class Source(StrEnum):
    """What a port is driven with, if not with a constant."""

    ADDRESS = "address"
    WORD_ADDRESS = "address >> 2"
    DATA = "data"
    BYTE_ENABLE = "byte_enable"
    IDENTIFIER = "identifier"
    INSTRUCTION = "instruction"
    RS1 = "rs1"
    RS2 = "rs2"
    # Side by side in one port.
    OPERANDS = "{rs2, rs1}"


@dataclass(frozen=True)
class Handshake:
    """Done at the clock edge at which one of `outputs` is high; `lowers` are then driven with 0.

    frees: inputs that may change from then on. taken_by: the input that takes the answer, 1 when
    idle; while it is 0 the answer stays as it is.
    """

    outputs: tuple[str, ...]
    lowers: tuple[str, ...] = ()
    frees: tuple[str, ...] = ()
    taken_by: str | None = None


@dataclass(frozen=True)
class Phase:
    """Drives inputs from its first cycle on; without a handshake it takes one cycle."""

    drives: dict[str, int | Source] = field(default_factory=dict)
    handshakes: tuple[Handshake, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """An access was refused if `output` & `mask` == `value` at the last edge of its last phase."""

    output: str
    mask: int
    value: int


@dataclass(frozen=True)
class Access:
    """A read or a write. data: the output with the word that was read."""

    phases: tuple[Phase, ...]
    refusal: Refusal
    data: str | None = None


@dataclass(frozen=True)
class IdWidth:
    """Bits of the identifiers that a request carries and its answer mirrors.

    lowest, highest: what the standard allows, both included. default: without a choice. answer: the
    output that mirrors it.
    """

    lowest: int
    highest: int
    default: int
    answer: str


@dataclass(frozen=True)
class Bus:
    """A memory-mapped bus, and how a manager reads and writes on it.

    name: in recipes, and of the modules in `rtl/attachments` and `sim/buses`. title: the standard's
    name. component: class of the attachment in its module. prefix: of its ports in Verilog. idle:
    inputs that are driven with something else than 0 from the start. quiet: outputs that are 0
    unless a condition on the ports holds, in Verilog. settled: of outputs the one that is high in
    the first cycle of each new value. id_width: None if requests have no identifiers. wrappers: of
    the package, for SoCs that expect other ports. choices: of each further option what it may be,
    the default first, with a line for the data sheet.
    """

    name: str
    title: str
    component: str
    prefix: str
    read: Access
    write: Access
    idle: dict[str, int] = field(default_factory=dict)
    quiet: dict[str, str] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    id_width: IdWidth | None = None
    wrappers: tuple[Wrapper, ...] = ()
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def chosen(self, options: AttachmentOptions) -> Self:
        """The same with `options`, which are checked and complete."""
        if options.addressing != "word":
            return self
        return replace(
            self, read=_with_word_address(self.read), write=_with_word_address(self.write)
        )


def _with_word_address(access: Access) -> Access:
    phases = []
    for phase in access.phases:
        drives: dict[str, int | Source] = {
            port: Source.WORD_ADDRESS if level is Source.ADDRESS else level
            for port, level in phase.drives.items()
        }
        phases.append(replace(phase, drives=drives))
    return replace(access, phases=tuple(phases))
