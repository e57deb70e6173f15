# SPDX-License-Identifier: Apache-2.0
"""Whole graphs as other tools write them; the qonnx package says what they compute."""

import itertools
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.exporter import qonnx_model
from pulsewright.hls_model.qonnx.importer import import_qonnx, model_from_proto
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from tests.hls_model.qonnx.graphs import GraphBuilder, qonnx_outputs, small_builder, small_model
from tests.models import random_codes, random_model


def test_integers_and_formats_of_a_small_graph() -> None:
    model = model_from_proto(small_model(), fallback="small")
    assert model.name == "small"
    assert model.sizes == (3, 2, 1)
    hidden, output = model.layers
    assert hidden.weights.tolist() == [[1, 3, -5], [-2, 4, 6]]
    assert hidden.input_format == FixedPoint(width=8, frac=2, signed=True)
    assert hidden.weight_format == FixedPoint(width=8, frac=0, signed=True)
    assert hidden.output_format == FixedPoint(width=4, frac=1, signed=False)
    assert output.weights.tolist() == [[4, -6]]
    # 1.25 at the scale 2**-1 * 2**-1.
    assert output.bias.tolist() == [5]
    assert output.weight_format.frac == 1


def test_without_metadata_the_inputs_are_the_codes() -> None:
    input_map = model_from_proto(small_model()).input_map
    assert [feature.name for feature in input_map.features] == ["x0", "x1", "x2"]
    assert {feature.unit for feature in input_map.features} == {"code"}
    values = np.array([[-128.0, 0.0, 127.0], [-1000.0, 5.0, 1000.0]])
    assert input_map.codes(values).tolist() == [[-128, 0, 127], [-128, 5, 127]]


def test_a_narrow_input_quantiser_narrows_the_map() -> None:
    builder = GraphBuilder()
    tensor = builder.quant("in", 0.25, narrow=1)
    model = model_from_proto(
        builder.proto(builder.node("MatMul", [tensor, builder.weights(np.ones((3, 1)))]))
    )
    assert model.input_map.codes(np.full((1, 3), -500.0)).tolist() == [[-127] * 3]


@st.composite
def foreign_graphs(draw: st.DrawFn) -> onnx.ModelProto:
    """Chains in all the ways that other tools may write them."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=4))
    random = np.random.default_rng(draw(st.integers(0, 2**16)))
    dims = draw(st.sampled_from([(sizes[0],), (1, sizes[0]), (sizes[0], 1)]))
    builder = GraphBuilder((1, *dims))
    signed_input = draw(st.integers(0, 1))
    tensor = "in"
    if dims != (sizes[0],):
        how = draw(st.sampled_from(["Flatten", "Reshape", "Squeeze"]))
        if how == "Flatten":
            tensor = builder.node("Flatten", [tensor])
        elif how == "Reshape":
            tensor = builder.node("Reshape", [tensor, builder.constant([0, -1], np.int64)])
        else:
            axis = 1 if dims[0] == 1 else 2
            tensor = builder.node("Squeeze", [tensor, builder.constant([axis], np.int64)])
    frac = draw(st.integers(-1, 7))
    tensor = builder.quant(tensor, 2.0**-frac, draw(st.integers(2, 9)), signed_input)
    for number, (inputs, neurons) in enumerate(itertools.pairwise(sizes)):
        last = number == len(sizes) - 2
        bits = draw(st.integers(2, 6))
        per_channel = draw(st.booleans())
        fracs = random.integers(0, 4, neurons) if per_channel else np.full(1, 2)
        limit = 1 << (bits - 1)
        integers = random.integers(-limit, limit, (inputs, neurons))
        values, scale = integers * 2.0**-fracs, 2.0**-fracs
        bias = random.integers(-200, 200, neurons) * 2.0 ** -(frac + fracs)
        style = draw(st.sampled_from(["MatMul", "Gemm", "GemmT", "Transpose"]))
        if style in ("GemmT", "Transpose"):
            shape = (-1, 1) if per_channel else ()
            weights = builder.quant(builder.constant(values.T), scale.reshape(shape), bits)
        else:
            weights = builder.quant(
                builder.constant(values), scale.reshape((1, -1) if per_channel else ()), bits
            )
        if style == "Transpose":
            weights = builder.node("Transpose", [weights], perm=[1, 0])
        if style.startswith("Gemm"):
            tensor = builder.node(
                "Gemm", [tensor, weights, builder.constant(bias)], transB=int(style == "GemmT")
            )
        else:
            tensor = builder.node("MatMul", [tensor, weights])
            pair = [tensor, builder.constant(bias)]
            tensor = builder.node("Add", pair[:: draw(st.sampled_from([1, -1]))])
        frac_of_sum = frac + int(fracs.min())
        if draw(st.booleans()):
            power = draw(st.integers(-2, 2))
            operator = draw(st.sampled_from(["Mul", "Div"]))
            tensor = builder.node(operator, [tensor, builder.constant(2.0**power)])
            frac_of_sum += power if operator == "Div" else -power
        if last:
            break
        frac = frac_of_sum - draw(st.integers(0, 5))
        rounding = draw(st.sampled_from(["ROUND", "HALF_EVEN", "HALF_UP", "FLOOR", "DOWN"]))
        width = draw(st.integers(2, 6))
        order = draw(st.sampled_from(["relu", "relu signed", "none", "relu last"]))
        if order.startswith("relu") and order != "relu last":
            tensor = builder.node("Relu", [tensor])
        signed = int(order in ("relu signed", "relu last"))
        tensor = builder.quant(tensor, 2.0**-frac, width, signed, 0, rounding)
        if order == "relu last":
            tensor = builder.node("Relu", [tensor])
        if draw(st.booleans()):
            power = draw(st.integers(-1, 2))
            tensor = builder.node("Mul", [tensor, builder.constant([[2.0**power]])])
            frac -= power
        if draw(st.booleans()):
            tensor = builder.node("Identity", [tensor])
    return builder.proto(tensor)


def as_the_qonnx_package_computes(proto: onnx.ModelProto, seed: int) -> None:
    pytest.importorskip("qonnx")
    model = model_from_proto(proto)
    codes = random_codes(model, 6, seed)
    assert qonnx_outputs(proto, model, codes).tolist() == model.infer(codes).tolist()


@settings(max_examples=20)
@given(foreign_graphs(), st.integers(0, 2**16))
def test_what_the_qonnx_package_computes(proto: onnx.ModelProto, seed: int) -> None:
    as_the_qonnx_package_computes(proto, seed)


@pytest.mark.regression
@settings(max_examples=300)
@given(foreign_graphs(), st.integers(0, 2**16))
def test_what_the_qonnx_package_computes_of_many(proto: onnx.ModelProto, seed: int) -> None:
    as_the_qonnx_package_computes(proto, seed)


def test_weights_of_the_wide_range_and_unsigned_ones_get_a_bit_more() -> None:
    builder = GraphBuilder((1, 1))
    tensor = builder.quant("in")
    weights = builder.quant(builder.constant([[-128.0]]), 1.0, 8)
    layer = model_from_proto(builder.proto(builder.node("MatMul", [tensor, weights]))).layers[0]
    assert (layer.weights.tolist(), layer.weight_format.width) == ([[-128]], 9)
    builder = GraphBuilder((1, 1))
    tensor = builder.quant("in")
    weights = builder.quant(builder.constant([[255.0]]), 1.0, 8, signed=0)
    layer = model_from_proto(builder.proto(builder.node("MatMul", [tensor, weights]))).layers[0]
    assert (layer.weights.tolist(), layer.weight_format.width) == ([[255]], 9)


def test_a_pruned_neuron_with_the_scale_that_a_quantiser_leaves_it() -> None:
    """2**-40 of Brevitas: the layer keeps the scale of its other neurons, and all results."""
    pytest.importorskip("qonnx")
    builder = GraphBuilder((1, 2))
    tensor = builder.quant("in", 0.125)
    scales = [[2.0**-8, 2.0**-40, 2.0**-8]]
    weights = builder.weights([[0.25, 0, -0.125], [0.375, 0, 0.5]], scales)
    tensor = builder.node("MatMul", [tensor, weights])
    # As far as a bias of 32 bits reaches at this scale.
    bias = builder.constant([0.25, 2.0**-12, -0.125])
    tensor = builder.node("Add", [tensor, bias])
    tensor = builder.quant(builder.node("Relu", [tensor]), 2.0**-7, 8, signed=0)
    weights = builder.weights([[0.5, 0.25], [1.0, 0.5], [-0.25, 1.0]], 0.25)
    proto = builder.proto(builder.node("MatMul", [tensor, weights]))
    model = model_from_proto(proto)
    assert model.layers[0].channel_shifts == ()
    assert model.layers[0].weight_format.frac == 8
    codes = random_codes(model, 6, 1)
    assert qonnx_outputs(proto, model, codes).tolist() == model.infer(codes).tolist()


def test_weights_that_were_folded_through_their_quantiser() -> None:
    builder = GraphBuilder((1, 2))
    tensor = builder.quant("in")
    given = builder.constant([[0.75, -1.0], [2.0, 0.0]])
    layer = model_from_proto(builder.proto(builder.node("MatMul", [tensor, given]))).layers[0]
    assert layer.weights.tolist() == [[3, 8], [-4, 0]]
    assert layer.weight_format == FixedPoint(width=5, frac=2, signed=True)


def test_hidden_layers_without_quant_keep_their_accumulator() -> None:
    builder = GraphBuilder()
    tensor = builder.node(
        "MatMul", [builder.quant("in", 0.25), builder.weights([[1, -2], [3, 4], [-5, 6]])]
    )
    tensor = builder.node("Relu", [tensor])
    model = model_from_proto(
        builder.proto(builder.node("MatMul", [tensor, builder.weights([[1], [-1]])]))
    )
    assert model.layers[0].output_format is None
    assert model.layers[1].input_format == FixedPoint(width=11, frac=2, signed=False)
    codes = random_codes(model, 50)
    expected = np.maximum(codes @ [[1, -2], [3, 4], [-5, 6]], 0) @ [[1], [-1]]
    assert model.infer(codes).tolist() == expected.tolist()


def test_a_second_quantiser_that_changes_nothing_is_none() -> None:
    builder, tensor = small_builder()
    same = builder.quant(tensor, 0.25, 6, signed=1)
    weights = builder.weights([[2], [-3]])
    output = builder.node("MatMul", [same, weights])
    wide = builder.quant(output, 0.25, 16)
    assert model_from_proto(builder.proto(wide)).layers[1].input_format.width == 4


def test_an_output_quantiser_is_dropped_where_that_is_asked_for() -> None:
    builder, tensor = small_builder()
    output = builder.node("MatMul", [tensor, builder.weights([[2], [-3]])])
    proto = builder.proto(builder.quant(output, 4.0, 4))
    with pytest.raises(PulsewrightError, match=r"quantises the output.*output_quantiser = "):
        model_from_proto(proto)
    dropped = model_from_proto(proto, drop_output_quantiser=True)
    assert dropped.to_json() == model_from_proto(builder.proto(output)).to_json()


def test_an_open_batch_does_not_matter_and_a_constant_node_is_an_initialiser() -> None:
    proto = small_model()
    proto.graph.input[0].type.tensor_type.shape.dim[0].dim_param = "rows"
    tensor = proto.graph.initializer.pop()
    proto.graph.node.insert(0, onnx.helper.make_node("Constant", [], [tensor.name], value=tensor))
    assert model_from_proto(proto).layers[1].bias.tolist() == [5]


def test_a_name_that_is_given_comes_first_then_ours_then_the_files(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(qonnx_model(random_model((2, 2, 1))).SerializeToString())
    assert import_qonnx(path).name == "random"
    assert import_qonnx(path, "mine").name == "mine"
    path.write_bytes(small_model().SerializeToString())
    assert import_qonnx(path).name == "net"


@pytest.mark.parametrize("rounding", Rounding)
def test_roundings_of_layers_that_do_not_round_are_in_the_metadata(rounding: Rounding) -> None:
    model = random_model((2, 3, 1), requantised=False, rounding=rounding)
    assert [layer.rounding for layer in model_from_proto(qonnx_model(model)).layers] == [
        rounding
    ] * 2


def test_metadata_that_do_not_fit_the_graph_are_refused() -> None:
    proto = qonnx_model(random_model((2, 3, 1)))
    other = qonnx_model(random_model((3, 3, 1)))
    entries = {entry.key: entry for entry in proto.metadata_props}
    wrong = {entry.key: entry.value for entry in other.metadata_props}
    entries["pulsewright.input_map"].value = wrong["pulsewright.input_map"]
    with pytest.raises(PulsewrightError, match=r"pulsewright\.input_map makes 3 codes of s8\.7"):
        model_from_proto(proto)
    proto = qonnx_model(random_model((2, 3, 1)))
    {e.key: e for e in proto.metadata_props}["pulsewright.rounding"].value = "floor"
    with pytest.raises(PulsewrightError, match=r"pulsewright\.rounding names 1 layers"):
        model_from_proto(proto)


def test_the_sentence_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sub.onnx"
    path.write_text("{}")
    with pytest.raises(PulsewrightError) as caught:
        import_qonnx(path)
    assert str(caught.value).startswith(f"QONNX model {path}: ")
    assert "\n" not in str(caught.value)
