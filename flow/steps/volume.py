# SPDX-License-Identifier: Apache-2.0
"""The step that drives many drawn vectors through the engine, beside the C++ kernel."""

import json
from functools import partial
from pathlib import Path

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.results_file import left_result, load_result
from pulsewright.flow.steps import settings
from pulsewright.flow.steps.results import VolumeShown
from pulsewright.flow.steps.step import Step
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.hls_cpp.compiler import compiler_version, needed_compiler
from pulsewright.sim.simulators import Simulator, check_installed, simulator_environment
from pulsewright.sim.volume.program import build_volume, run_volume


def volume_file(workspace: Workspace) -> Path:
    """Where the result is kept."""
    return workspace.folder / "volume.json"


def check_volume(workspace: Workspace) -> None:
    """See that it can be done here.

    Raises:
        PulsewrightError: Verilator or a compiler is missing, or the engine takes no vectors.
    """
    if workspace.recipe.engine.piecewise_linear:
        raise PulsewrightError(
            f'engine.curve = "piecewise_linear" in {workspace.recipe.name!r}, whose engine takes '
            "jobs and no stream of vectors; use pulsewright sim"
        )
    needed_compiler()
    with simulator_environment(Simulator.VERILATOR):
        check_installed(Simulator.VERILATOR)


def volume_step(vectors: int, seed: int) -> Step:
    """The step that drives so many vectors, drawn by that seed."""
    return Step(
        "volume",
        shows="0 mismatches of the engine with the C++ kernel on drawn vectors",
        outputs=lambda w: [volume_file(w)],
        work=partial(_drive, vectors=vectors, seed=seed),
        code=lambda w: [_drive.__module__],
        inputs=lambda w: [w.model_file, w.verilog("engine")],
        settings=lambda w: {**settings.engine(w), "vectors": vectors, "seed": seed},
        check=check_volume,
    )


def volume_result(workspace: Workspace, vectors: int, seed: int) -> VolumeShown:
    """Drive and compare unless it is done; what it showed.

    Raises:
        PulsewrightError: the program cannot be built, or ends without a result.
        VerificationError: a result of the engine differs from the kernel's, or none comes.
    """
    volume_step(vectors, seed).take(workspace)
    return load_result(volume_file(workspace), VolumeShown)


def shown_volume(workspace: Workspace) -> VolumeShown | None:
    """What was driven, whatever its number and seed; None if it is not of this build."""
    found = left_result(volume_file(workspace), VolumeShown)
    if found is None or not volume_step(found.vectors, found.seed).is_current(workspace):
        return None
    return found


def _drive(workspace: Workspace, vectors: int, seed: int) -> None:
    target = volume_file(workspace)
    # An earlier success must not stand beside a failure.
    target.unlink(missing_ok=True)
    verilog = workspace.verilog("engine")
    workspace.say(f"volume    {workspace.recipe.name}: building the engine and its kernel")
    program = build_volume(
        workspace.model,
        workspace.folded,
        verilog.read_text(encoding="utf-8"),
        verilog.stem,
        workspace.folder / "volume",
    )
    with progress_bar(workspace.console, "engine beside kernel", "vectors") as show:
        found = run_volume(program, vectors, seed, lambda done: show(done, vectors))
    again = f"seed {seed} repeats it"
    if found.mismatches:
        kind = f"the kernel has {list(found.expected)}" if found.expected else "nobody asked for it"
        raise VerificationError(
            f"{found.mismatches} of {found.vectors} results of the engine differ from the "
            f"kernel's; the first, of codes {list(found.codes)}, is {list(found.found)} and "
            f"{kind}; {again}"
        )
    if found.stuck:
        raise VerificationError(
            f"after {found.vectors} results none came for a million cycles; {again}"
        )
    shown = VolumeShown(
        vectors=found.vectors,
        seed=seed,
        cycles=found.cycles,
        stalled_cycles=found.stalled_cycles,
        compiler=compiler_version(*needed_compiler()),
    )
    write_text(target, json.dumps(shown.model_dump(), indent=1) + "\n")
    workspace.say(f"volume    {found.vectors} vectors, 0 mismatches, {found.cycles} cycles")
