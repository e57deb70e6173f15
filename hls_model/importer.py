# SPDX-License-Identifier: Apache-2.0
"""Files of other people's networks, by their endings, as integers that compute the same."""

from dataclasses import dataclass
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.exact.input_format import InputFormat
from pulsewright.hls_model.network_files import PACKAGES
from pulsewright.hls_model.python_packages import check_packages
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.shortened import shortened


@dataclass(frozen=True)
class ImportChoices:
    """What a file does not say, and what is left to choose.

    output: what the network hands on. input_format: codes of the input, where the file does not
    quantise it. keep_output_quantiser: refuse to hand on accumulators of a file that quantises its
    output, instead of a remark.
    """

    output: OutputKind = OutputKind.ACCUMULATOR
    input_format: InputFormat | None = None
    keep_output_quantiser: bool = False


DEFAULT_CHOICES = ImportChoices()


def import_model(
    path: Path, choices: ImportChoices = DEFAULT_CHOICES, name: str | None = None
) -> ImportedModel:
    """Read an ONNX (.onnx) or TFLite (.tflite) file of quantised dense layers.

    name: of the model; by default that of the file, or of our metadata in it.

    Raises:
        PulsewrightError: the ending is another, the package that reads it is not installed, or the
            file says something that no integers of the law compute; the sentence names it.
    """
    if path.suffix not in PACKAGES:
        raise PulsewrightError(
            f"model {path} ends in {shortened(path.suffix)}; name a file of the kind "
            f"{' or '.join(PACKAGES)}"
        )
    check_packages([PACKAGES[path.suffix]])
    imported = _imported(path, choices, name)
    if choices.keep_output_quantiser and imported.report.output_quantiser is not None:
        raise PulsewrightError(
            f"model {path}: {imported.report.output_quantiser} quantises the output, and the "
            "accumulator before it is handed on; export the model without that quantiser, keep it "
            'by output = "code", or have it dropped: output_quantiser = "drop" in [model]'
        )
    return imported


def _imported(path: Path, choices: ImportChoices, name: str | None) -> ImportedModel:
    if path.suffix == ".tflite":
        if choices.input_format is not None:
            raise PulsewrightError(
                f"model {path}: TFLite files quantise their input; leave the format "
                f"{choices.input_format} out"
            )
        from pulsewright.hls_model.tflite.importer import import_tflite

        return import_tflite(path, name, choices.output)
    from pulsewright.hls_model.quantised_onnx.importer import import_quantised_onnx

    return import_quantised_onnx(path, name, choices.output, choices.input_format)
