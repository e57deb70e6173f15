# SPDX-License-Identifier: Apache-2.0
"""A finished model, in the file formats that there are."""

from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.python_packages import check_packages
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp


def load_model(path: Path, drop_output_quantiser: bool = False) -> IntegerMlp:
    """Read a QONNX file, or a model.json of ours.

    drop_output_quantiser: see `pulsewright.hls_model.qonnx.importer.import_qonnx`.

    Raises:
        PulsewrightError: the ending tells neither, the reader of that format refuses the file, or
            it is a QONNX file and onnx is not installed.
    """
    if path.suffix == ".onnx":
        check_packages(["onnx"])
        from pulsewright.hls_model.qonnx.importer import import_qonnx

        return import_qonnx(path, drop_output_quantiser=drop_output_quantiser)
    if path.suffix == ".json":
        return IntegerMlp.load(path)
    raise PulsewrightError(
        f"model {path} is neither .onnx (QONNX) nor .json (a model of ours); "
        "name a file of one of these kinds"
    )
