# SPDX-License-Identifier: Apache-2.0
"""The integer model as a QONNX file, and the qonnx package's own execution of it."""

import json
from importlib.util import find_spec

from pydantic import BaseModel, ConfigDict

from pulsewright.flow.build_folder import source_digest
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.model import model_step
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.versions import installed_version
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text


class QonnxResult(BaseModel):
    """digest: of the model that was compared, on so many rows."""

    model_config = ConfigDict(extra="forbid")

    digest: str
    rows: int
    mismatches: int


def qonnx_step(workspace: Workspace) -> None:
    """Write `<name>.onnx` and, where the qonnx package is installed, execute it on all rows.

    Raises:
        VerificationError: the qonnx package computes something else on a row.
        PulsewrightError: no floating-point type computes the model exactly.
    """
    model_step(workspace)
    result_file = workspace.qonnx_result_file
    inputs: dict[str, object] = {
        "model": workspace.digest(workspace.model_file),
        "code": source_digest(["hls_model"]),
    }

    def export() -> None:
        from pulsewright.hls_model.qonnx.exporter import export_qonnx

        export_qonnx(workspace.model, workspace.qonnx_file)
        workspace.say(f"qonnx     {workspace.qonnx_file}")

    workspace.folder.run_step("qonnx", inputs, [workspace.qonnx_file], export)
    from pulsewright.hls_model.qonnx.execution import is_executable

    if find_spec("qonnx") is None:
        workspace.say("qonnx     not executed: the qonnx package is not installed")
        return
    if not is_executable(workspace.model):
        workspace.say(
            "qonnx     not executed: the qonnx package computes Quant nodes in float32, and this "
            "model's sums may need more than its 24 bits"
        )
        return

    def execute() -> None:
        from pulsewright.hls_model.qonnx.execution import executed

        model, codes = workspace.model, stimulus(workspace)
        wrong = int((executed(model, codes) != model.infer(codes)).any(axis=1).sum())
        if wrong:
            raise VerificationError(
                f"the qonnx package and the integer model differ on {wrong} of {len(codes)} rows "
                f"of {workspace.qonnx_file}"
            )
        result = QonnxResult(digest=model.digest, rows=len(codes), mismatches=wrong)
        write_text(result_file, json.dumps(result.model_dump(), indent=1))
        workspace.say(f"qonnx     executed by the qonnx package: {len(codes)} rows, 0 mismatches")

    rows = {
        "dataset": workspace.digest(workspace.dataset),
        "drawn": None if workspace.recipe.model is None else workspace.recipe.model.rows,
        "seed": workspace.recipe.seed,
        "package": installed_version("qonnx"),
    }
    workspace.folder.run_step("qonnx_executed", inputs | rows, [result_file], execute)


def qonnx_result(workspace: Workspace) -> QonnxResult | None:
    """What the last execution showed, if it was of the present model."""
    try:
        result = load_result(workspace.qonnx_result_file, QonnxResult)
    except PulsewrightError:
        return None
    return result if result.digest == workspace.model.digest else None
