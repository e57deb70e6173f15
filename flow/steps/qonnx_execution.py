# SPDX-License-Identifier: Apache-2.0
"""The step in which the qonnx package executes the QONNX file."""

import json
from importlib.util import find_spec

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.steps.results import QonnxResult
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text


def not_executable(workspace: Workspace) -> str | None:
    """Why the qonnx package does not execute the model here, as a sentence; None if it does."""
    if find_spec("qonnx") is None:
        return "qonnx     not executed: the qonnx package is not installed"
    from pulsewright.hls_model.qonnx.execution import is_executable

    if is_executable(workspace.model):
        return None
    return (
        "qonnx     not executed: the qonnx package computes Quant nodes in float32, and this "
        "model's sums may need more than its 24 bits"
    )


def execute_model(workspace: Workspace) -> None:
    """Execute the QONNX file on all rows, and compare with the integer model.

    Raises:
        VerificationError: the qonnx package computes something else on a row.
    """
    from pulsewright.hls_model.qonnx.execution import executed

    model, codes = workspace.model, stimulus(workspace)
    wrong = int((executed(model, codes) != model.infer(codes)).any(axis=1).sum())
    if wrong:
        # An earlier success must not stand beside this failure.
        workspace.qonnx_result_file.unlink(missing_ok=True)
        raise VerificationError(
            f"the qonnx package and the integer model differ on {wrong} of {len(codes)} rows "
            f"of {workspace.qonnx_file}"
        )
    result = QonnxResult(digest=model.digest, rows=len(codes), mismatches=wrong)
    write_text(workspace.qonnx_result_file, json.dumps(result.model_dump(), indent=1))
    workspace.say(f"qonnx     executed by the qonnx package: {len(codes)} rows, 0 mismatches")
