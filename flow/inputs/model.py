# SPDX-License-Identifier: Apache-2.0
"""A finished model, in the file formats that there are."""

from dataclasses import dataclass
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.report import ImportReport
from pulsewright.hls_model.importer import (
    DEFAULT_CHOICES,
    ImportChoices,
    import_model,
)
from pulsewright.hls_model.network_files import PACKAGES
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp


@dataclass(frozen=True)
class FinishedModel:
    """report: what the import found; None of a model of ours."""

    model: IntegerMlp
    report: ImportReport | None


def load_model(path: Path, choices: ImportChoices = DEFAULT_CHOICES) -> FinishedModel:
    """Read an ONNX or a TFLite file, or a model.json of ours.

    Raises:
        PulsewrightError: the ending tells none of them, the reader of that format refuses the file,
            the package that reads it is not installed, or `choices` are made for a model of ours.
    """
    if path.suffix in PACKAGES:
        imported = import_model(path, choices)
        return FinishedModel(imported.model, imported.report)
    if path.suffix == ".json":
        if choices != DEFAULT_CHOICES:
            raise PulsewrightError(
                f"model {path} is one of ours and says its input and output itself; leave input, "
                "output and output_quantiser out"
            )
        return FinishedModel(IntegerMlp.load(path), None)
    raise PulsewrightError(
        f"model {path} is neither .onnx nor .tflite nor .json (a model of ours); "
        "name a file of one of these kinds"
    )
