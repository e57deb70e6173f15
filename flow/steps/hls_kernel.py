# SPDX-License-Identifier: Apache-2.0
"""The step from the integer model to C++ for high-level synthesis: the folder `hls/`."""

import numpy as np

from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_folder
from pulsewright.hls_model.files.checksums import with_checksums
from pulsewright.hls_model.hls_cpp.kernel_files import kernel_files
from pulsewright.hls_model.reference.fixed_point import IntegerArray

BENCH_VECTORS = 256


def write_kernel(workspace: Workspace) -> None:
    """Write `hls/`, whole or not at all."""
    codes = bench_codes(workspace)
    files = delivered_files(workspace, codes)
    write_folder(workspace.hls, with_checksums(files))
    workspace.say(f"hls       kernel, test bench and {len(codes)} vectors: {workspace.hls}")


def delivered_files(workspace: Workspace, codes: IntegerArray) -> dict[str, bytes]:
    """Files of the folder by their names, with these vectors (rows, inputs)."""
    recipe = workspace.recipe
    return kernel_files(recipe.name, workspace.model, workspace.folded, codes)


def bench_codes(workspace: Workspace) -> IntegerArray:
    """Corners of the input format, then rows of the data evenly spread, in their order."""
    model = workspace.model
    codes = stimulus(workspace)
    ends = [model.input_format.minimum, model.input_format.maximum]
    corners = np.repeat(np.array(ends, dtype=np.int64)[:, None], model.sizes[0], axis=1)
    count = min(BENCH_VECTORS - len(corners), len(codes))
    spread = np.linspace(0, len(codes) - 1, count).astype(np.int64)
    return np.concatenate([corners, codes[spread]])
