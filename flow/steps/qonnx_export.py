# SPDX-License-Identifier: Apache-2.0
"""The step that writes the integer model as a QONNX file."""

from pulsewright.flow.workspace import Workspace


def export_model(workspace: Workspace) -> None:
    """Write `<name>.onnx`.

    Raises:
        PulsewrightError: no floating-point type computes the model exactly.
    """
    from pulsewright.hls_model.qonnx.exporter import export_qonnx

    export_qonnx(workspace.model, workspace.qonnx_file)
    workspace.say(f"qonnx     {workspace.qonnx_file}")
