# SPDX-License-Identifier: Apache-2.0
"""What was proven of a coprocessor."""

from pydantic import BaseModel, ConfigDict, JsonValue

from pulsewright.sim.formal.symbiyosys import Mode
from pulsewright.synth.equivalence.netlist_proof import Equivalence


class Proven(BaseModel):
    """part: a module. properties: which of them. depth: clock cycles, or that of the induction."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: str
    properties: str
    mode: Mode
    depth: int
    holds: bool
    seconds: float


class NetlistProven(Equivalence):
    """A netlist against the Verilog that it was mapped from. target: what it was mapped to."""

    target: str


class ProofsResult(BaseModel):
    """made_from: digests of the Verilog and the code. engine: the solver, and its version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    made_from: dict[str, JsonValue]
    engine: str
    proofs: tuple[Proven, ...]
    netlists: tuple[NetlistProven, ...] = ()
