# SPDX-License-Identifier: Apache-2.0
"""The steps from the integer model to C++ for high-level synthesis: hls, and its comparison."""

import json

import numpy as np
from pydantic import BaseModel, ConfigDict

from pulsewright.flow.build_folder import source_digest
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.model import model_step
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_folder, write_text
from pulsewright.hls_model.files.checksums import CHECKSUMS, is_intact, with_checksums
from pulsewright.hls_model.hls_cpp.compiler import compiler_version, find_compiler, needed_compiler
from pulsewright.hls_model.hls_cpp.emulator import Emulator
from pulsewright.hls_model.hls_cpp.kernel_files import kernel_files
from pulsewright.hls_model.reference.fixed_point import IntegerArray

ROOMS = ("hls_model",)
BENCH_VECTORS = 256


class HlsResult(BaseModel):
    """What the emulator showed: rows of the data, those that differ from the reference."""

    model_config = ConfigDict(extra="forbid")

    rows: int
    mismatches: int
    compiler: str


def hls_step(workspace: Workspace, needed: bool = True) -> None:
    """Write `hls/`, and compare the kernel with the integer model on all rows of the data.

    needed: without a C++ compiler this ends with an error; else with a sentence, and there is no
    comparison.

    Raises:
        PulsewrightError: there is no compiler but one is needed, or it fails.
        VerificationError: a row differs from the reference.
    """
    compiler = needed_compiler() if needed else find_compiler()
    model_step(workspace)
    _write_kernel(workspace)
    if compiler is None:
        # An earlier comparison may be of another kernel.
        workspace.hls_summary.unlink(missing_ok=True)
        workspace.say(
            "hls       no C++ compiler was found, so the kernel is not compared with the "
            "reference; install the package g++"
        )
        return
    _compare(workspace, compiler)


def hls_result(workspace: Workspace) -> HlsResult | None:
    """What the emulator showed; None if it did not run."""
    if not workspace.hls_summary.exists():
        return None
    return load_result(workspace.hls_summary, HlsResult)


def _write_kernel(workspace: Workspace) -> None:
    recipe = workspace.recipe
    checksums = workspace.hls / CHECKSUMS
    if checksums.exists() and not is_intact(workspace.hls):
        checksums.unlink()

    def work() -> None:
        codes = _bench_codes(workspace)
        files = kernel_files(recipe.name, workspace.model, recipe.folded, codes)
        write_folder(workspace.hls, with_checksums(files))
        workspace.say(f"hls       kernel, test bench and {len(codes)} vectors: {workspace.hls}")

    workspace.folder.run_step("hls", _made_from(workspace), [checksums], work)


def _compare(workspace: Workspace, compiler: list[str]) -> None:
    recipe, summary = workspace.recipe, workspace.hls_summary

    def work() -> None:
        model = workspace.model
        codes = stimulus(workspace)
        emulator = Emulator.build(recipe.name, model, recipe.folded, summary.parent)
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
            rows=len(codes), mismatches=mismatches, compiler=compiler_version(*compiler)
        )
        for library in summary.parent.glob("*.so"):
            if library != emulator.shared_object:
                library.unlink(missing_ok=True)
        write_text(summary, json.dumps(result.model_dump(), indent=1))
        workspace.say(f"hls       {len(codes)} rows in the emulator, 0 mismatches")

    inputs = _made_from(workspace) | {"compiler": compiler}
    workspace.folder.run_step("hls_emulator", inputs, [summary], work)


def _made_from(workspace: Workspace) -> dict[str, object]:
    recipe = workspace.recipe
    return {
        "model": workspace.digest(workspace.model_file),
        "dataset": workspace.digest(workspace.dataset),
        "rows": None if recipe.model is None else [recipe.model.rows, recipe.seed],
        "folding": [folding.model_dump() for folding in recipe.folding],
        "engine": recipe.engine.model_dump(),
        "name": recipe.name,
        "code": source_digest(ROOMS),
    }


def _bench_codes(workspace: Workspace) -> IntegerArray:
    """Corners of the input format, then rows of the data evenly spread, in their order."""
    model = workspace.model
    codes = stimulus(workspace)
    ends = [model.input_format.minimum, model.input_format.maximum]
    corners = np.repeat(np.array(ends, dtype=np.int64)[:, None], model.sizes[0], axis=1)
    count = min(BENCH_VECTORS - len(corners), len(codes))
    spread = np.linspace(0, len(codes) - 1, count).astype(np.int64)
    return np.concatenate([corners, codes[spread]])
