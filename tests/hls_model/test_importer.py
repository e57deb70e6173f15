# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import onnx
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.input_format import parse_input_format
from pulsewright.hls_model.importer import ImportChoices, import_model
from pulsewright.hls_model.reference.network_output import OutputKind
from tests.hls_model.qonnx.graphs import small_builder, small_model
from tests.hls_model.tflite.files import chain


def test_the_ending_chooses_the_reader(tmp_path: Path) -> None:
    tflite_file, onnx_file = tmp_path / "one.tflite", tmp_path / "two.onnx"
    tflite_file.write_bytes(chain((4, 3, 2), 1))
    onnx.save(small_model(), onnx_file)
    assert import_model(tflite_file).report.source == "TFLite"
    found = import_model(onnx_file)
    assert (found.report.source, found.model.name) == ("ONNX", "two")
    assert import_model(onnx_file, name="other").model.name == "other"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"ends in '\.pt'; name a file of the kind .*tflite"):
        import_model(tmp_path / "net.pt")


def test_an_output_quantiser_may_have_to_stay(tmp_path: Path) -> None:
    builder, tensor = small_builder()
    tensor = builder.node("MatMul", [tensor, builder.weights([[2], [-3]], 0.5)])
    onnx_file = tmp_path / "two.onnx"
    onnx.save(builder.proto(builder.quant(tensor, 2.0, 4)), onnx_file)
    tflite_file = tmp_path / "one.tflite"
    tflite_file.write_bytes(chain((4, 3, 2), 1))
    for path in (onnx_file, tflite_file):
        assert import_model(path).report.output_quantiser is not None
        with pytest.raises(PulsewrightError, match=r'quantises the output.*output = "code"'):
            import_model(path, ImportChoices(keep_output_quantiser=True))
        kept = ImportChoices(output=OutputKind.CODE, keep_output_quantiser=True)
        assert import_model(path, kept).report.output_quantiser is None


def test_tflite_takes_no_format_of_the_input(tmp_path: Path) -> None:
    path = tmp_path / "one.tflite"
    path.write_bytes(chain((4, 3, 2), 1))
    with pytest.raises(PulsewrightError, match=r"leave the format s8\.0 out"):
        import_model(path, ImportChoices(input_format=parse_input_format("s8.0")))
