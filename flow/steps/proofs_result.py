# SPDX-License-Identifier: Apache-2.0
"""What was proven of a coprocessor."""

from pydantic import BaseModel, ConfigDict, JsonValue

from pulsewright.sim.formal.symbiyosys import Mode


class Proven(BaseModel):
    """part: a module. properties: which of them. depth: clock cycles, or that of the induction."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: str
    properties: str
    mode: Mode
    depth: int
    holds: bool
    seconds: float


class NetlistProven(BaseModel):
    """A netlist against the Verilog that it was mapped from.

    target: what it was mapped to. registers: bits that both have; renamed: of these, whose names
    the mapper lost; constant: bits that it found to be constant; lost: bits that it left out.
    bits: of registers, resets and outputs that were compared; tried: of these, those with all
    values and not by SAT. undecided, different: names of those left open, and of those that differ
    in some state, which need not be one that is ever reached.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: str
    registers: int
    renamed: int
    constant: int
    lost: int
    bits: int
    tried: int
    undecided: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether all is proven."""
        return not self.undecided and not self.different


class ProofsResult(BaseModel):
    """made_from: digests of the Verilog and the code. engine: the solver, and its version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    made_from: dict[str, JsonValue]
    engine: str
    proofs: tuple[Proven, ...]
    netlists: tuple[NetlistProven, ...] = ()
