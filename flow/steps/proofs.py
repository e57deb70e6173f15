# SPDX-License-Identifier: Apache-2.0
"""The step that proves what holds of a coprocessor in every state, for every sequence."""

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from pydantic import JsonValue

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.progress import progress_bar, tracked
from pulsewright.flow.results_file import left_result
from pulsewright.flow.steps.netlist_proofs import prove_netlists
from pulsewright.flow.steps.proofs_result import ProofsResult, Proven
from pulsewright.flow.steps.step import FRAME
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.sim.formal.symbiyosys import ENGINE, check_programs
from pulsewright.synth.equivalence.mapped_netlist import Mapper


def proofs_folder(workspace: Workspace) -> Path:
    """Where each proof has a folder with its harness, script and log."""
    return workspace.folder / "proofs"


def proofs_file(workspace: Workspace) -> Path:
    """Where the result is kept."""
    return proofs_folder(workspace) / "proofs.json"


def check_proofs(workspace: Workspace) -> None:
    """See that it can be done here.

    Raises:
        PulsewrightError: SymbiYosys is missing, or the Verilog reads files.
    """
    if workspace.recipe.engine.weight_files:
        raise PulsewrightError(
            "weight_files = true: proofs are of Verilog that stands alone; leave it out for "
            "pulsewright prove"
        )
    check_programs()


def prove_coprocessor(
    workspace: Workspace, mappers: Mapping[str, Mapper] = MappingProxyType({})
) -> ProofsResult:
    """All proofs, one after the other.

    mappers: by target, what maps to the netlists that are proven as well.

    Raises:
        PulsewrightError: SymbiYosys gives no verdict on one, or a netlist cannot be proven.
    """
    from pulsewright.rtl.buses.registry import INSTRUCTIONS, known_attachment
    from pulsewright.rtl.registers.register_map import compile_register_map
    from pulsewright.sim.formal.proofs import coprocessor_proofs

    file, verilog = proofs_file(workspace), workspace.verilog(workspace.bus)
    file.unlink(missing_ok=True)
    bus, options = workspace.bus, workspace.bus_options
    registers = compile_register_map(
        workspace.model,
        workspace.folded,
        autotrigger_reset=known_attachment(bus) in INSTRUCTIONS,
        bounded_wait=options.max_wait is not None,
        infer_only=options.infer_only,
        fifo_depth=options.fifo_depth,
        maps_inputs=options.maps_inputs,
    )
    proofs = coprocessor_proofs(
        workspace.model,
        workspace.folded,
        bus,
        options,
        registers,
        verilog.read_text(encoding="utf-8"),
        verilog.stem,
    )
    workspace.say(f"proofs    {workspace.recipe.name}: {len(proofs)} of the coprocessor's Verilog")
    proven = []
    with progress_bar(workspace.console, "proofs", "proofs") as show:
        for number, one in enumerate(tracked(proofs, show), start=1):
            folder = proofs_folder(workspace) / f"{number:02}_{one.properties}_{one.mode.value}"
            verdict = one.run(folder)
            proven.append(
                Proven(
                    part=one.part,
                    properties=one.properties,
                    mode=verdict.mode,
                    depth=verdict.depth,
                    holds=verdict.holds,
                    seconds=round(verdict.seconds, 1),
                )
            )
    result = ProofsResult(
        made_from=proofs_origin(workspace),
        engine=f"{ENGINE} {version('z3-solver')}",
        proofs=tuple(proven),
        netlists=prove_netlists(workspace, verilog, mappers, proofs_folder(workspace)),
    )
    write_text(file, json.dumps(result.model_dump(mode="json"), indent=1))
    return result


def shown_proofs(workspace: Workspace) -> ProofsResult | None:
    """What was proven; None if it is not of this Verilog and this code."""
    found = left_result(proofs_file(workspace), ProofsResult)
    if found is None or not workspace.verilog(workspace.bus).exists():
        return None
    return found if found.made_from == proofs_origin(workspace) else None


def proofs_origin(workspace: Workspace) -> dict[str, JsonValue]:
    """What the result is made from: digests of the Verilog and of the code."""
    return {
        "verilog": file_digest(workspace.verilog(workspace.bus)),
        "code": code_digest((__name__, "pulsewright.sim.formal.proofs"), FRAME),
    }
