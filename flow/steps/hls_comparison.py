# SPDX-License-Identifier: Apache-2.0
"""The step that compares the C++ kernel, as an emulator, with the integer model."""

import json

import numpy as np

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.steps.results import HlsResult
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.hls_cpp.compiler import compiler_version, find_compiler, needed_compiler
from pulsewright.hls_model.hls_cpp.emulator import Emulator


def check_compiler(workspace: Workspace) -> None:
    """Refuse a compiler that was chosen and is not there.

    Raises:
        PulsewrightError: CXX names no program.
    """
    find_compiler()


def no_compiler(workspace: Workspace) -> str | None:
    """Why the kernel cannot be compiled here, as a sentence; None if it can."""
    if find_compiler() is not None:
        return None
    return (
        "hls       no C++ compiler was found, so the kernel is not compared with the "
        "reference; install the package g++"
    )


def compare_kernel(workspace: Workspace) -> None:
    """Compare the kernel with the integer model on all rows of the data.

    Raises:
        PulsewrightError: the compiler fails.
        VerificationError: a row differs from the reference.
    """
    recipe, summary, model = workspace.recipe, workspace.hls_summary, workspace.model
    codes = stimulus(workspace)
    emulator = Emulator.build(recipe.name, model, workspace.folded, summary.parent)
    differs = (emulator.infer(codes) != model.infer(codes)).any(axis=1)
    mismatches = int(differs.sum())
    if mismatches:
        # An earlier success must not stand beside this failure.
        summary.unlink(missing_ok=True)
        raise VerificationError(
            f"the C++ kernel differs from the reference on {mismatches} of {len(codes)} rows, "
            f"first on row {int(np.argmax(differs))}, see {workspace.hls}"
        )
    result = HlsResult(
        rows=len(codes), mismatches=mismatches, compiler=compiler_version(*needed_compiler())
    )
    for library in summary.parent.glob("*.so"):
        if library != emulator.shared_object:
            library.unlink(missing_ok=True)
    write_text(summary, json.dumps(result.model_dump(), indent=1))
    workspace.say(f"hls       {len(codes)} rows in the emulator, 0 mismatches")
