# SPDX-License-Identifier: Apache-2.0
import onnx
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.dialect import MOST_FIELDS
from pulsewright.hls_model.qonnx.file import read_model
from pulsewright.hls_model.qonnx.wire_format import has_more_fields
from tests.hls_model.qonnx.graphs import small_model


def fields_of(message) -> int:
    """All fields that are set, by protobuf itself."""
    count = 0
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            count += 1 + (fields_of(one) if field.message_type else 0)
    return count


def test_the_fields_of_a_model_are_counted_as_protobuf_does() -> None:
    model = onnx.ModelProto(ir_version=8)
    model.graph.node.add(op_type="Quant", input=["a", "b"], output=["c"])
    model.graph.node.add().attribute.add(name="axis", i=-1, type=onnx.AttributeProto.INT)
    model.graph.initializer.add(dims=[2], data_type=1, raw_data=bytes(8))
    data, count = model.SerializeToString(), fields_of(model)
    assert count > 12
    assert not has_more_fields(data, onnx.ModelProto.DESCRIPTOR, count)
    assert has_more_fields(data, onnx.ModelProto.DESCRIPTOR, count - 1)


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("field", [b"\x0a\x00", b"\x2a\x00", b"\x6a\x00"])
def test_many_empty_messages_are_refused_before_they_are_made(tmp_path, field: bytes) -> None:
    """Of five million empty nodes in 10 MB, protobuf makes a gigabyte."""
    graph = field * MOST_FIELDS
    size = bytes([len(graph) & 127 | 128, len(graph) >> 7 & 127 | 128, len(graph) >> 14])
    (tmp_path / "model.onnx").write_bytes(b"\x3a" + size + graph)
    with pytest.raises(PulsewrightError, match="more than 300000 fields; export dense layers"):
        read_model(tmp_path / "model.onnx")


@pytest.mark.parametrize("data", [b"\x3a\x05\x0a", b"\x3b", b"\xff" * 20, b"\x09\x00", b"\x0a"])
def test_what_is_cut_short_is_no_message(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut short|wire type"):
        has_more_fields(data, onnx.ModelProto.DESCRIPTOR, 100)


def test_a_model_of_ours_is_far_from_the_limit() -> None:
    assert not has_more_fields(small_model().SerializeToString(), onnx.ModelProto.DESCRIPTOR, 1000)
