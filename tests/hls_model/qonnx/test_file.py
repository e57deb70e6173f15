# SPDX-License-Identifier: Apache-2.0
import contextlib
from pathlib import Path

import onnx
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.dialect import LARGEST_FILE, MOST_NODES, NEWEST_OPSET
from pulsewright.hls_model.qonnx.file import check_model, read_model
from pulsewright.hls_model.qonnx.importer import import_qonnx, model_from_proto
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.hls_model.qonnx.graphs import small_model


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    proto = small_model()
    assert read_model(written(tmp_path, proto.SerializeToString())) == proto


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "the file is empty"),
        (b"not onnx at all", "the file is not ONNX"),
        (b'{"format_version": 2}', "the file is not ONNX"),
        (small_model().SerializeToString()[:-7], "the file is not ONNX, or only a part of it"),
    ],
)
def test_what_is_not_onnx_is_refused(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(PulsewrightError, match=sentence):
        read_model(written(tmp_path, data))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="cannot read it: No such file"):
        read_model(tmp_path / "none.onnx")
    with pytest.raises(PulsewrightError, match="cannot read it: Is a directory"):
        read_model(tmp_path)
    with pytest.raises(PulsewrightError, match="cannot read it: It is a pipe or a device"):
        read_model(Path("/dev/zero"))


def test_huge_files_and_graphs_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, b"")
    with path.open("r+b") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(PulsewrightError, match="It has 67108865 bytes, at most 67108864 are read"):
        read_model(path)
    proto = small_model()
    node = onnx.helper.make_node("Identity", ["a"], ["b"])
    proto.graph.node.extend([node] * MOST_NODES)
    with pytest.raises(PulsewrightError, match="10008 nodes, at most 10000 are read"):
        check_model(proto)


@pytest.mark.parametrize(
    ("domain", "version", "sentence"),
    [
        ("", NEWEST_OPSET + 1, "opset 29, opsets 7 to 28 are read"),
        ("", 6, "opset 6, opsets 7 to 28 are read"),
        ("qonnx.custom_op.general", 3, r"version 3 of qonnx\.custom_op\.general, versions to 2"),
    ],
)
def test_opsets_that_are_not_known_are_refused(domain: str, version: int, sentence: str) -> None:
    proto = small_model()
    for opset in proto.opset_import:
        if opset.domain == domain:
            opset.version = version
    with pytest.raises(PulsewrightError, match=sentence):
        check_model(proto)


def test_a_model_without_nodes_opset_or_with_functions_is_refused() -> None:
    with pytest.raises(PulsewrightError, match="holds no ONNX graph"):
        check_model(onnx.ModelProto(ir_version=8))
    proto = small_model()
    del proto.opset_import[:]
    with pytest.raises(PulsewrightError, match="names no ONNX opset"):
        check_model(proto)
    proto = small_model()
    proto.functions.add().name = "Gelu"
    with pytest.raises(PulsewrightError, match="defines the function 'Gelu'"):
        check_model(proto)


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    data = small_model().SerializeToString().replace(b"Relu_3_out", b"Relu\xff3_out")
    proto = read_model(written(tmp_path, data))
    with pytest.raises(PulsewrightError, match=r"the name b'Relu\\xff3_out' is no UTF-8"):
        check_model(proto)


SMALL = small_model().SerializeToString()


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_file_is_a_model_or_one_sentence(data: st.DataObject) -> None:
    """Never another exception: bytes changed, cut out or put in."""
    content = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        how = data.draw(st.sampled_from(["change", "cut", "insert"]))
        if how == "change":
            content[place] = data.draw(st.integers(0, 255))
        elif how == "cut":
            del content[place : place + data.draw(st.integers(1, 9))]
        else:
            content[place:place] = data.draw(st.binary(min_size=1, max_size=4))
    proto = onnx.ModelProto()
    try:
        proto.ParseFromString(bytes(content))
    except DecodeError:
        return
    with contextlib.suppress(PulsewrightError):
        assert isinstance(model_from_proto(proto), IntegerMlp)


def test_the_importer_reads_files(tmp_path: Path) -> None:
    assert import_qonnx(written(tmp_path, SMALL)).name == "model"
