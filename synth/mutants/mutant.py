# SPDX-License-Identifier: Apache-2.0
"""One planted fault: what Yosys changes, and where that stands in the Verilog."""

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Self

from pydantic import BaseModel, ConfigDict

from pulsewright.hls_model.errors import PulsewrightError


class Part(StrEnum):
    """Parts of a coprocessor, each of which has a score of its own."""

    ENGINE = "engine"
    REQUANTISER = "requantiser"
    WEIGHTS = "weight tables"
    JOBS = "jobs"
    REGISTERS = "registers"
    INPUT_MAP = "input map"
    ATTACHMENT = "attachment"
    JOINTS = "joints of these"


# By a module's name; the first that fits.
_PARTS = (
    (re.compile(r"_coprocessor_(engine\w*_(rom|memory|words)|weights)$"), Part.WEIGHTS),
    (re.compile(r"_coprocessor_engine(_|$)"), Part.ENGINE),
    (re.compile(r"_coprocessor_(registers|interrupts)(_|$)"), Part.REGISTERS),
    (re.compile(r"_coprocessor_(job_|inference_runner|result_fifo|sweep)"), Part.JOBS),
    (re.compile(r"_coprocessor_input_mapper(_|$)"), Part.INPUT_MAP),
    (re.compile(r"_attachment(_|$)"), Part.ATTACHMENT),
)
# What a requantiser's statements assign, in an engine's layer.
_REQUANTISED = re.compile(r"^(rounded|activation|scaled|requantised|negative|saturated)_")
_TARGET = re.compile(r"^\s*(?:assign\s+)?(?:if \(.*?\) |else (?:if \(.*?\) )?)*(\w+)\s*(?:<?=)[^=]")
_SOURCE = re.compile(r"^[^:]*:(\d+)\.")


class Mutant(BaseModel):
    """A fault.

    number: from 1, what selects it in simulation. mode: Yosys' name of the change: inv, const0,
    const1, and cnot0 or cnot1, which invert the bit where another one is 0 or 1. port, bit: of the
    cell. wire: that it drives, if it has a name. lines: of the Verilog file, from 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    part: Part
    mode: str
    module: str
    cell: str
    port: str
    bit: int
    control_bit: int | None = None
    wire: str | None = None
    lines: tuple[int, ...] = ()

    @classmethod
    def read(cls, command: str, number: int, verilog: Sequence[str]) -> Self:
        """Of a line that Yosys' `mutate -list` wrote. verilog: lines of the design.

        Raises:
            PulsewrightError: it is no such line.
        """
        words = command.split()
        found: dict[str, list[str]] = {}
        for name, value in pairwise(words[1:]):
            if name.startswith("-"):
                found.setdefault(name, []).append(value)
        try:
            sources = [_SOURCE.match(one) for one in found.get("-src", [])]
            lines = sorted({int(one[1]) for one in sources if one is not None})
            wire = found.get("-wire", [None])[0]
            module = found["-module"][0]
            control = found.get("-ctrlbit")
            return cls(
                number=number,
                part=part_of(module, wire, [verilog[line - 1] for line in lines]),
                mode=found["-mode"][0],
                module=module,
                cell=found["-cell"][0],
                port=found["-port"][0],
                bit=int(found["-portbit"][0]),
                control_bit=int(control[0]) if control else None,
                wire=wire,
                lines=tuple(lines),
            )
        except (KeyError, ValueError, IndexError) as error:
            raise PulsewrightError(f"Yosys lists a mutation as {command!r}") from error

    def command(self, selector: str = "", bits: int = 0) -> str:
        """What plants it. selector, bits: the input, and its width, that must have its number."""
        control = f"-ctrl {selector} {bits} {self.number} " if selector else ""
        where = f"-module {self.module} -cell {self.cell} -port {self.port} -portbit {self.bit}"
        other = "" if self.control_bit is None else f" -ctrlbit {self.control_bit}"
        return f"mutate -mode {self.mode} {control}{where}{other}"


def part_of(module: str, wire: str | None, statements: Sequence[str]) -> Part:
    """The part that a module belongs to; of a layer, by what the wire or the statements are."""
    part = next((part for pattern, part in _PARTS if pattern.search(module)), Part.JOINTS)
    if part is not Part.ENGINE:
        return part
    targets = [found[1] for found in map(_TARGET.match, statements) if found]
    named = [wire.rpartition(".")[2], *targets] if wire else targets
    return Part.REQUANTISER if any(map(_REQUANTISED.match, named)) else part
