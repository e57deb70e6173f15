# SPDX-License-Identifier: Apache-2.0
import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.constants import Constant, constant_of, folded
from pulsewright.hls_model.qonnx.importer import model_from_proto
from tests.hls_model.qonnx.graphs import GraphBuilder, small_model

VALUES = np.array([[0.5, -1.25, 3.0], [1.0, 0.75, -0.5]])


def quantised() -> Constant:
    node = helper.make_node("Quant", list("xszb"), ["y"], domain="qonnx.custom_op.general")
    scale = np.array([[0.5], [0.25]])
    parameters = [Constant(np.asarray(value)) for value in (scale, 0.0, 3.0)]
    return folded(node, [Constant(VALUES), *parameters])


def test_a_quantiser_rounds_and_saturates() -> None:
    constant = quantised()
    # Three bits, narrow: -3..3 steps of 0.5 and of 0.25.
    assert constant.values.tolist() == [[0.5, -1.0, 1.5], [0.75, 0.75, -0.5]]
    assert constant.quantiser is not None
    assert constant.quantiser.fracs.tolist() == [[1, 1, 1], [2, 2, 2]]


def test_scales_move_with_the_values() -> None:
    turned = folded(helper.make_node("Transpose", ["x"], ["y"]), [quantised()])
    assert turned.values.tolist() == quantised().values.T.tolist()
    assert turned.quantiser is not None
    assert turned.quantiser.fracs.tolist() == [[1, 2]] * 3
    flat = folded(helper.make_node("Flatten", ["x"], ["y"], axis=0), [quantised()])
    assert flat.quantiser is not None
    assert flat.quantiser.fracs.tolist() == [[1, 1, 1, 2, 2, 2]]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_refused(value: float) -> None:
    proto = small_model()
    weights = np.array([[1, -2], [3, value], [-5, 6]], dtype=np.float32)
    proto.graph.initializer[3].CopyFrom(numpy_helper.from_array(weights, "const3"))
    with pytest.raises(PulsewrightError, match=r"initializer 'const3' holds -?(nan|inf)"):
        model_from_proto(proto)


def test_data_that_do_not_fit_their_shape_are_refused() -> None:
    proto = small_model()
    proto.graph.initializer[3].dims[:] = [5, 5]
    with pytest.raises(PulsewrightError, match=r"'const3' is not a tensor of numbers, or"):
        model_from_proto(proto)
    with pytest.raises(PulsewrightError, match="T is not a tensor of numbers"):
        constant_of(helper.make_tensor("t", onnx.TensorProto.STRING, [1], [b"x"]), "T")


def test_a_constant_node_may_not_point_outside_the_file() -> None:
    proto = small_model()
    tensor = proto.graph.initializer.pop()
    tensor.data_location = onnx.TensorProto.EXTERNAL
    proto.graph.node.append(helper.make_node("Constant", [], [tensor.name], value=tensor, name="C"))
    with pytest.raises(PulsewrightError, match=r"node 'C' \(Constant\): its value lies outside"):
        model_from_proto(proto)


@pytest.mark.parametrize(
    ("attribute", "sentence"),
    [
        ({"value_string": "x"}, "it holds no tensor of numbers"),
        ({}, "it holds no tensor of numbers"),
    ],
)
def test_a_constant_node_without_numbers_is_refused(
    attribute: dict[str, str], sentence: str
) -> None:
    with pytest.raises(PulsewrightError, match=sentence):
        folded(helper.make_node("Constant", [], ["y"], **attribute), [])


def test_other_operators_on_constants_are_refused() -> None:
    builder = GraphBuilder()
    weights = builder.node("Sqrt", [builder.constant(np.ones((3, 1)))])
    output = builder.node("MatMul", [builder.quant("in"), weights])
    with pytest.raises(PulsewrightError, match=r"'Sqrt_0' \(Sqrt\): operator Sqrt is not supp"):
        model_from_proto(builder.proto(output))


def test_a_permutation_that_is_none_is_refused() -> None:
    node = helper.make_node("Transpose", ["x"], ["y"], perm=[0, 0])
    with pytest.raises(PulsewrightError, match=r"perm \[0, 0\] of a tensor of 2 dimensions"):
        folded(node, [quantised()])


def test_weights_that_were_never_quantised_are_refused() -> None:
    builder = GraphBuilder()
    weights = builder.constant(np.full((3, 1), 0.1))
    output = builder.node("MatMul", [builder.quant("in"), weights])
    with pytest.raises(PulsewrightError, match=r"\(MatMul\): its weights are not quantised"):
        model_from_proto(builder.proto(output))


def test_scales_that_differ_along_the_inputs_are_refused() -> None:
    builder = GraphBuilder()
    scale = np.array([[1.0], [0.5], [0.25]])
    weights = builder.quant(builder.constant(np.ones((3, 1))), scale)
    output = builder.node("MatMul", [builder.quant("in"), weights])
    with pytest.raises(PulsewrightError, match="its scales differ along the inputs"):
        model_from_proto(builder.proto(output))


def test_scales_that_do_not_fit_the_weights_are_refused() -> None:
    builder = GraphBuilder()
    weights = builder.quant(builder.constant(np.ones((3, 1))), [1.0, 0.5])
    output = builder.node("MatMul", [builder.quant("in"), weights])
    with pytest.raises(PulsewrightError, match=r"scales of shape \[2\] do not fit"):
        model_from_proto(builder.proto(output))


def test_a_scale_that_is_computed_from_the_input_is_refused() -> None:
    builder = GraphBuilder((1, 1))
    tensor = builder.quant("in")
    other = builder.node(
        "Quant",
        [builder.constant([[1.0]]), tensor, builder.constant(0.0), builder.constant(8.0)],
        "qonnx.custom_op.general",
    )
    with pytest.raises(PulsewrightError, match=r"joins or repeats|not supported|are constants"):
        model_from_proto(builder.proto(builder.node("MatMul", [tensor, other])))


def test_more_dimensions_than_numpy_has_are_refused() -> None:
    many = [1] * 70
    for operator, second in (("Reshape", [1, *many]), ("Unsqueeze", list(range(70)))):
        graph = GraphBuilder()
        weights = graph.node(operator, [graph.constant([[1.0]]), graph.constant(second, np.int64)])
        with pytest.raises(PulsewrightError, match=r"makes 7\d dimensions, at most 16 are read"):
            model_from_proto(graph.proto(graph.node("MatMul", [graph.quant("in"), weights])))
    graph = GraphBuilder()
    weights = graph.constant(np.ones((1,)))
    graph.initializers[-1].dims[:] = many
    with pytest.raises(PulsewrightError, match="at most 1048576 values in 16 dimensions"):
        model_from_proto(graph.proto(graph.node("MatMul", [graph.quant("in"), weights])))
