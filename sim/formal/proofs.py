# SPDX-License-Identifier: Apache-2.0
"""All proofs that there are of one coprocessor."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.registers.register_map import RegisterMap
from pulsewright.sim.formal.multiplier_proof import multiplier_proofs
from pulsewright.sim.formal.part_proof import (
    PartProof,
    part_proofs,
    prove_part,
    requantiser_proofs,
)
from pulsewright.sim.formal.port_proof import PROVEN_BUSES, prove
from pulsewright.sim.formal.progress_proof import progress_bound, prove_progress
from pulsewright.sim.formal.register_proof import register_proofs
from pulsewright.sim.formal.symbiyosys import Mode, Verdict

PORT_DEPTHS = {Mode.PROVE: 12, Mode.BMC: 40, Mode.COVER: 20}


class Proof(NamedTuple):
    """part: a module, or the lane of one. properties: their name. run: does it in a folder.

    mode, depth: those that are tried; the verdict has those in which it was shown.
    """

    part: str
    properties: str
    mode: Mode
    depth: int
    run: Callable[[Path], Verdict]


def coprocessor_proofs(
    model: IntegerMlp,
    folded: FoldedEngine,
    bus: str,
    options: AttachmentOptions,
    register_map: RegisterMap,
    verilog: str,
    top: str,
) -> list[Proof]:
    """Of the coprocessor `top` whose text is `verilog`, as it was made for `bus` and `options`.

    folded, register_map: of the same coprocessor.
    """
    proofs = []
    if bus in PROVEN_BUSES:
        for mode, depth in PORT_DEPTHS.items():
            run = partial(prove, verilog, top, bus, options, mode, depth)
            proofs.append(Proof(f"port, {bus}", "port", mode, depth, run))
    parts = [
        *register_proofs(verilog, register_map),
        *part_proofs(verilog),
        *requantiser_proofs(verilog, model),
        *multiplier_proofs(verilog, model, folded),
    ]
    for part in parts:
        run = partial(prove_part, verilog, part)
        proofs.append(Proof(_name(part, top), part.properties, part.mode, part.depth, run))
    engine = f"{top}_coprocessor_engine"
    bound = progress_bound(verilog, engine, folded)
    if bound is not None:
        progress = partial(prove_progress, verilog, engine, bound)
        proofs.append(Proof("engine", "progress", Mode.PROVE, bound + 3, progress))
    return proofs


def _name(part: PartProof, top: str) -> str:
    name = part.module.removeprefix(f"{top}_").removeprefix("coprocessor_")
    lane = part.parameters.get("LANE")
    return name if lane is None else f"{name}, lane {lane}"
