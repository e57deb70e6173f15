# SPDX-License-Identifier: Apache-2.0
import onnx
import pytest
from onnx import helper

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.graph import checked_graph, label
from tests.hls_model.qonnx.graphs import small_model


def test_nodes_come_in_the_order_of_execution_and_dead_ones_are_left_out() -> None:
    proto = small_model().graph
    nodes = list(proto.node)
    del proto.node[:]
    proto.node.extend(reversed(nodes))
    proto.node.append(helper.make_node("Softmax", ["in"], ["dead"]))
    graph = checked_graph(proto)
    assert len(graph.nodes) == len(nodes)
    made = {"in", *graph.initializers}
    for node in graph.nodes:
        assert set(node.input) <= made
        made |= set(node.output)
    assert (graph.input_name, graph.input_dims, graph.batch) == ("in", (3,), 1)
    assert graph.readers["in"] == 1


def test_an_initializer_may_be_listed_as_an_input() -> None:
    proto = small_model().graph
    kind = onnx.TensorProto.FLOAT
    proto.input.append(helper.make_tensor_value_info(proto.initializer[0].name, kind, []))
    assert checked_graph(proto).input_name == "in"


def test_inputs_and_outputs_are_one_each() -> None:
    proto = small_model().graph
    proto.input.append(helper.make_tensor_value_info("more", onnx.TensorProto.FLOAT, [1, 3]))
    with pytest.raises(PulsewrightError, match=r"2 inputs \('in', 'more'\), one is read"):
        checked_graph(proto)
    del proto.input[:]
    with pytest.raises(PulsewrightError, match=r"0 inputs \(none\)"):
        checked_graph(proto)
    proto = small_model().graph
    proto.output.append(proto.output[0])
    with pytest.raises(PulsewrightError, match="2 outputs"):
        checked_graph(proto)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (None, "input 'in' has no shape"),
        ([3], "input 'in' has 1 dimensions; export it as"),
        ([1, "k"], "dimension 1 is 'k', only the batch may be open"),
        ([1, None], "dimension 1 is unknown"),
        ([1, 2**13, 2**13], "has 67108864 values in 3 dimensions, at most 65536 in 16"),
    ],
)
def test_shapes_that_are_missing_or_huge_are_refused(
    shape: list[int | str | None] | None, sentence: str
) -> None:
    proto = small_model().graph
    proto.input[0].CopyFrom(helper.make_tensor_value_info("in", onnx.TensorProto.FLOAT, shape))
    with pytest.raises(PulsewrightError, match=sentence):
        checked_graph(proto)


def test_an_input_of_integers_is_refused() -> None:
    proto = small_model().graph
    proto.input[0].type.tensor_type.elem_type = onnx.TensorProto.INT8
    with pytest.raises(PulsewrightError, match="input 'in' has the type INT8"):
        checked_graph(proto)
    proto.input[0].type.tensor_type.elem_type = 99
    with pytest.raises(PulsewrightError, match="input 'in' has the type 99"):
        checked_graph(proto)


def test_a_cycle_is_named() -> None:
    proto = small_model().graph
    relu = next(node for node in proto.node if node.op_type == "Relu")
    relu.input[0] = proto.node[-1].output[0]
    with pytest.raises(PulsewrightError, match=r"node '\w+' \(\w+\) is part of a cycle"):
        checked_graph(proto)


def test_a_node_of_the_cycle_is_named_and_none_behind_it() -> None:
    proto = small_model().graph
    places = [i for i, node in enumerate(proto.node) if node.op_type == "Relu"]
    relu = proto.node[places[0]]
    relu.input[0] = relu.output[0]
    with pytest.raises(PulsewrightError, match=rf"'{relu.name or relu.output[0]}' \(Relu\)"):
        checked_graph(proto)


def test_a_tensor_that_nothing_or_too_much_makes_is_named() -> None:
    proto = small_model().graph
    proto.node[-1].input[0] = "nowhere"
    with pytest.raises(PulsewrightError, match=r"\(Add\) reads tensor 'nowhere', which nothing"):
        checked_graph(proto)
    proto = small_model().graph
    proto.node[-1].output[0] = proto.node[0].output[0]
    with pytest.raises(PulsewrightError, match=r"\(Add\) makes tensor 'Quant_0_out'"):
        checked_graph(proto)


@pytest.mark.parametrize("location", ["weights.bin", "../../etc/passwd"])
def test_data_outside_the_file_are_never_opened(location: str) -> None:
    proto = small_model().graph
    tensor = proto.initializer[3]
    tensor.data_location = onnx.TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", location
    with pytest.raises(PulsewrightError, match="initializer 'const3' lies outside the file"):
        checked_graph(proto)


def test_huge_and_sparse_initializers_are_refused() -> None:
    proto = small_model().graph
    proto.initializer[0].dims[:] = [2**13, 2**13]
    with pytest.raises(PulsewrightError, match=r"'const0' has the shape \[8192, 8192\]"):
        checked_graph(proto)
    proto = small_model().graph
    proto.sparse_initializer.add().values.name = "thin"
    with pytest.raises(PulsewrightError, match="initializer 'thin' is sparse"):
        checked_graph(proto)


def test_a_node_without_a_name_is_called_after_its_output() -> None:
    assert label(helper.make_node("Relu", ["a"], ["b"])) == "node 'b' (Relu)"
    assert label(helper.make_node("Relu", ["a"], ["b"], name="n")) == "node 'n' (Relu)"
