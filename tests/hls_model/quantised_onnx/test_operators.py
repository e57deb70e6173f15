# SPDX-License-Identifier: Apache-2.0
"""Graphs of each operator, against the qonnx package's executor; and what is refused."""

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import onnx
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.exact.input_format import parse_input_format
from pulsewright.hls_model.qonnx.dialect import QUANT_DOMAIN
from pulsewright.hls_model.quantised_onnx.importer import imported_from_proto
from pulsewright.hls_model.reference.network_output import OutputKind
from tests.hls_model.qonnx.graphs import GraphBuilder

WEIGHTS = np.array([[3, -2, 5], [1, 4, -7], [-6, 2, 1], [2, 2, -3]], dtype=np.float32)
LAST = np.array([[1, -2], [3, 1], [-2, 5]], dtype=np.float32)
SCALE = float(np.float32(0.1))


def executed(proto: onnx.ModelProto, rows: np.ndarray) -> np.ndarray:
    from qonnx.core.modelwrapper import ModelWrapper
    from qonnx.core.onnx_exec import execute_onnx
    from qonnx.transformation.infer_shapes import InferShapes

    model = ModelWrapper(proto).transform(InferShapes())
    name = proto.graph.input[0].name
    shape = [max(dim.dim_value, 1) for dim in proto.graph.input[0].type.tensor_type.shape.dim]
    return np.concatenate(
        [
            next(iter(execute_onnx(model, {name: row.reshape(shape)}).values())).reshape(1, -1)
            for row in rows
        ]
    )


def values(imported: ImportedModel, rows: np.ndarray) -> np.ndarray:
    scales, offsets = (
        np.array([float(one) for one in many])
        for many in (imported.model.scales, imported.model.offsets)
    )
    return imported.model.infer(imported.input_codes.codes(rows)) * scales + offsets


def float_rows(inputs: int = 4, rows: int = 40) -> np.ndarray:
    return np.random.default_rng(5).standard_normal((rows, inputs)).astype(np.float32) * 2


def weights(builder: GraphBuilder, array: np.ndarray, scale: Any = 0.07) -> str:
    return builder.quant(builder.constant(array * np.float32(scale)), scale, 4.0, narrow=1)


def bipolar(builder: GraphBuilder, tensor: str, scale: Any = 1.0) -> str:
    return builder.node("BipolarQuant", [tensor, builder.constant(scale)], QUANT_DOMAIN)


def ended(builder: GraphBuilder, tensor: str) -> onnx.ModelProto:
    """A last dense layer without a quantiser."""
    return builder.proto(builder.node("MatMul", [tensor, weights(builder, LAST)]))


def by_batch_normalisation(builder: GraphBuilder) -> onnx.ModelProto:
    tensor = builder.node("MatMul", [builder.quant("in", SCALE, 6), weights(builder, WEIGHTS)])
    parameters = [[0.7, -1.1, 0.4], [0.3, 0.2, -0.6], [0.5, -0.2, 0.1], [1e-45, 2.3, 0.9]]
    named = [builder.constant(one) for one in parameters]
    tensor = builder.node("BatchNormalization", [tensor, *named], epsilon=1e-5)
    return ended(builder, builder.quant(builder.node("Relu", [tensor]), 0.13, 3, signed=0))


def by_bipolar_codes(builder: GraphBuilder) -> onnx.ModelProto:
    tensor = builder.node("Mul", ["in", builder.constant(2.0)])
    tensor = builder.node("Sub", [tensor, builder.constant([1.0])])
    signs = bipolar(builder, builder.constant(WEIGHTS))
    tensor = builder.node("MatMul", [bipolar(builder, tensor), signs])
    tensor = builder.node("Add", [tensor, builder.constant([0.5, -0.5, 1.5])])
    return ended(builder, bipolar(builder, tensor, 0.6))


def by_scales_of_channels(builder: GraphBuilder) -> onnx.ModelProto:
    scales = np.array([[0.07, 0.05, 0.11]], dtype=np.float32)
    tensor = builder.quant("in", SCALE, 6, zero_point=3.5)
    tensor = builder.node("MatMul", [tensor, weights(builder, WEIGHTS, scales)])
    tensor = builder.node("Add", [tensor, builder.constant([[0.3, 0.1, -0.2]])])
    tensor = builder.node("Div", [tensor, builder.constant([0.9, -1.7, 1.1])])
    return ended(builder, builder.quant(tensor, 0.21, 4, narrow=1))


def by_shapes(builder: GraphBuilder) -> onnx.ModelProto:
    shape = builder.node("Shape", ["in"])
    first = builder.node("Gather", [shape, builder.constant(0, np.int64)], axis=0)
    first = builder.node("Unsqueeze", [first, builder.constant([0], np.int64)])
    target = builder.node("Concat", [first, builder.constant([-1], np.int64)], axis=0)
    tensor = builder.node("Reshape", ["in", target])
    tensor = builder.node("MatMul", [builder.quant(tensor, SCALE, 6), weights(builder, WEIGHTS)])
    return ended(builder, builder.quant(tensor, 0.3, 3))


def by_roots_of_constants(builder: GraphBuilder) -> onnx.ModelProto:
    tensor = builder.node("MatMul", [builder.quant("in", SCALE, 6), weights(builder, WEIGHTS)])
    tensor = builder.quant(tensor, 0.3, 3)
    tensor = builder.node("MatMul", [tensor, weights(builder, LAST)])
    root = builder.node("Pow", [builder.constant([318.2]), builder.constant(0.5)])
    tensor = builder.node("Div", [builder.node("Sub", [tensor, builder.constant([0.4])]), root])
    tensor = builder.node("Mul", [tensor, builder.constant([0.7])])
    return builder.proto(builder.node("Add", [tensor, builder.constant([-1.1])]))


def by_clips_and_a_gemm(builder: GraphBuilder) -> onnx.ModelProto:
    kernel = weights(builder, np.ascontiguousarray(WEIGHTS.T))
    bias = builder.constant([0.31, -0.2, 0.05])
    tensor = builder.node(
        "Gemm", [builder.quant("in", SCALE, 6), kernel, bias], transB=1, alpha=0.5, beta=2.0
    )
    tensor = builder.node("Clip", [tensor, builder.constant(0.0), builder.constant(1.3)])
    return ended(builder, builder.quant(tensor, 0.11, 5))


BUILDERS: dict[str, tuple[Callable[[GraphBuilder], onnx.ModelProto], Sequence[int | str]]] = {
    "batch normalisation": (by_batch_normalisation, (1, 4)),
    "bipolar": (by_bipolar_codes, (1, 4)),
    "channels": (by_scales_of_channels, (1, 4)),
    "shapes": (by_shapes, (1, 1, 2, 2)),
    "roots": (by_roots_of_constants, (1, 4)),
    "clip and gemm": (by_clips_and_a_gemm, (1, 4)),
}


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize("name", BUILDERS)
def test_what_the_qonnx_package_computes(name: str) -> None:
    build, shape = BUILDERS[name]
    proto = build(GraphBuilder(shape))
    imported = imported_from_proto(proto)
    rows = float_rows()
    difference = np.abs(values(imported, rows) - executed(proto, rows))
    assert difference.max() < 1e-5
    # Outputs that do not stand still.
    assert len(np.unique(values(imported, rows), axis=0)) > 5


@pytest.mark.parametrize("batch", [1, "batch"])
def test_an_open_batch_is_flattened_by_its_shape(batch: int | str) -> None:
    imported = imported_from_proto(by_shapes(GraphBuilder((batch, 1, 2, 2))))
    assert imported.model.sizes == (4, 3, 2)


def test_an_input_without_a_quantiser_takes_the_format_that_is_given() -> None:
    builder = GraphBuilder((1, 4))
    tensor = builder.node("Div", ["in", builder.constant(2.0)])
    tensor = builder.node("MatMul", [tensor, weights(builder, WEIGHTS)])
    proto = ended(builder, builder.quant(tensor, 0.3, 3))
    with pytest.raises(PulsewrightError, match=r'MatMul_2.* before a quantiser .*input = "s16.10"'):
        imported_from_proto(proto)
    imported = imported_from_proto(proto, input_format=parse_input_format("s16.10"))
    assert str(imported.model.input_format) == "s16.0"
    assert imported.report.input.quantiser is None
    assert imported.report.input.step == "1/1024"
    rows = np.rint(float_rows() * 1024) / np.float32(1024)
    assert np.abs(values(imported, rows) - executed(proto, rows)).max() < 1e-5


@pytest.mark.parametrize("operator", ["Softmax", "Sigmoid", "Tanh", "LogSoftmax"])
def test_an_increasing_function_at_the_end_is_dropped_with_a_remark(operator: str) -> None:
    builder = GraphBuilder((1, 4))
    tensor = builder.node("MatMul", [builder.quant("in", SCALE, 6), weights(builder, WEIGHTS)])
    imported = imported_from_proto(builder.proto(builder.node(operator, [tensor])))
    [remark] = imported.report.remarks
    assert operator in remark
    assert "left out" in remark


def test_quantisers_after_such_a_function_go_with_it() -> None:
    builder = GraphBuilder((1, 4))
    tensor = builder.node("MatMul", [builder.quant("in", SCALE, 6), weights(builder, WEIGHTS)])
    proto = builder.proto(builder.quant(builder.node("Sigmoid", [tensor]), 1 / 256, 8, signed=0))
    imported = imported_from_proto(proto)
    assert imported.model.sizes == (4, 3)
    assert imported.report.output_quantiser is None


def test_codes_of_the_output_are_those_of_its_quantiser() -> None:
    builder = GraphBuilder((1, 4))
    tensor = builder.node("MatMul", [builder.quant("in", SCALE, 6), weights(builder, WEIGHTS)])
    proto = builder.proto(builder.quant(tensor, 0.3, 3))
    imported = imported_from_proto(proto, output=OutputKind.CODE)
    assert str(imported.model.output_format) == "s3.0"
    rows = float_rows()
    codes = imported.model.infer(imported.input_codes.codes(rows))
    assert (codes == np.rint(executed(proto, rows) / 0.3)).all()


def test_the_report_is_json_and_says_what_was_found() -> None:
    report = imported_from_proto(by_batch_normalisation(GraphBuilder((1, 4)))).report
    assert report.model_validate_json(report.to_json()) == report
    first = report.layers[0]
    assert first.negated_rows == 1
    assert first.requantiser.thresholds == 21
    assert first.requantiser.multiplier_bits <= 16
    assert [one.partition(" ")[2] for one in first.folded] == [
        "'BatchNormalization_3' (BatchNormalization)",
        "'Relu_4' (Relu)",
    ]


def quantised(builder: GraphBuilder, **changes: Any) -> str:
    return builder.quant("in", **{"scale": SCALE, "bits": 6, **changes})


def hidden(builder: GraphBuilder) -> str:
    return builder.node("MatMul", [quantised(builder), weights(builder, WEIGHTS)])


def linear(builder: GraphBuilder, scale: Any, zero: Any, kind: type = np.int8) -> str:
    return builder.node(
        "QuantizeLinear", ["in", builder.constant(scale), builder.constant(zero, kind)]
    )


def variance(builder: GraphBuilder) -> str:
    named = [builder.constant(one) for one in ([1.0] * 3, [0.0] * 3, [0.0] * 3, [1, -2.0, 1])]
    return builder.node("BatchNormalization", [hidden(builder), *named])


REFUSALS: dict[str, tuple[Callable[[GraphBuilder], str], str]] = {
    "zero scale": (lambda b: quantised(b, scale=0.0), r"Quant_0.*: scale 0"),
    "negative scale": (lambda b: quantised(b, scale=-0.5), r"Quant_0.*: scale -0.5"),
    "nan scale": (lambda b: quantised(b, scale=float("nan")), "const0.* holds nan"),
    "infinite scale": (lambda b: quantised(b, scale=float("inf")), "const0.* holds inf"),
    "bits": (lambda b: quantised(b, bits=2.5), "Quant_0.*: bit width 2.5"),
    "wide input": (lambda b: quantised(b, bits=20), "Quant_0.*: codes of 20 bits, at most 16"),
    "rounding": (lambda b: quantised(b, rounding="SOMEHOW"), "rounding_mode 'SOMEHOW'"),
    "zero point": (lambda b: linear(b, 0.1, 300, np.int32), "QuantizeLinear_0.*: codes of 32 bits"),
    "codes": (lambda b: linear(b, 0.1, 3, np.int64), "codes of the type int64"),
    "channels": (
        lambda b: b.node(
            "MatMul", [quantised(b, scale=[[0.1, 0.2, 0.3, 0.4]]), weights(b, WEIGHTS)]
        ),
        "MatMul_2.*scales by channel",
    ),
    "scales of a wrong length": (
        lambda b: b.node(
            "MatMul", [quantised(b), b.quant(b.constant(WEIGHTS), [[1.0, 2.0]], 4.0, narrow=1)]
        ),
        r"Quant_1.*: scales of shape \[1, 2\] do not fit values of shape \[4, 3\]",
    ),
    "zero point of uint8": (
        lambda b: b.node("DequantizeLinear", [linear(b, 0.1, 3), b.constant(0.1), b.constant(2.5)]),
        "DequantizeLinear_1.*: zero point 2.5",
    ),
    "constants of a wrong length": (
        lambda b: b.node("Add", [hidden(b), b.constant([1.0, 2.0])]),
        r"Add_3.*: constants of shape \[2\] for samples of shape \[3\]",
    ),
    "parameters of a wrong length": (
        lambda b: b.node(
            "BatchNormalization", [hidden(b), *(b.constant([1.0, 2.0]) for _ in range(4))]
        ),
        r"BatchNormalization_3.*shape \[2\]",
    ),
    "variance": (variance, "BatchNormalization_3.*: variance -2"),
    "division by 0": (
        lambda b: b.node("Div", [hidden(b), b.constant([1.0, 0.0, 1.0])]),
        "division by 0",
    ),
    "sigmoid inside": (
        lambda b: b.quant(b.node("Sigmoid", [hidden(b)]), 0.1) and b.nodes[-1].output[0],
        "",
    ),
    "thresholds": (
        lambda b: b.node(
            "MultiThreshold",
            [hidden(b), b.constant(np.zeros((3, 2)))],
            "qonnx.custom_op.general",
        ),
        "MultiThreshold_3.* not supported",
    ),
    "convolution": (
        lambda b: b.node("Conv", [quantised(b), b.constant(np.zeros((1, 1, 1, 1)))]),
        "Conv_1.* not supported",
    ),
    "float weights": (
        lambda b: b.node("MatMul", [quantised(b), b.constant(WEIGHTS * np.float32(0.3123))]),
        "MatMul_1.*its weights are not quantised",
    ),
    "no quantiser between": (
        lambda b: b.node("MatMul", [hidden(b), weights(b, LAST)]),
        "MatMul_4.*without a quantiser between",
    ),
    "two activations": (
        lambda b: (lambda tensor: b.node("Add", [tensor, tensor]))(hidden(b)),
        "Add_3.* joins or repeats activations",
    ),
    "weights first": (
        lambda b: b.node("MatMul", [weights(b, WEIGHTS.T.copy()), quantised(b)]),
        "MatMul_2.*before the activations",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_refused_is_named_with_its_value(name: str) -> None:
    build, words = REFUSALS[name]
    builder = GraphBuilder((1, 4))
    tensor = build(builder)
    if name == "sigmoid inside":
        proto, words = ended(builder, tensor), "MatMul_6.* follows node 'Sigmoid_3'"
    else:
        proto = builder.proto(tensor)
    with pytest.raises(PulsewrightError, match=words):
        imported_from_proto(proto)


def weights_near_a_step() -> tuple[np.float32, np.float32]:
    """A weight and a scale whose quotient is more than 2.5, and 2.5 in float32."""
    random = np.random.default_rng(14)
    while True:
        scale = np.float32(random.uniform(0.01, 0.1))
        weight = np.float32(scale * np.float32(2.5))
        if Fraction(float(weight)) > Fraction(5, 2) * Fraction(float(scale)) and (
            weight / scale == np.float32(2.5)
        ):
            return weight, scale


def test_weights_have_the_codes_that_all_executors_give_them() -> None:
    weight, scale = weights_near_a_step()
    builder = GraphBuilder((1, 4))
    array = np.full((4, 3), weight, dtype=np.float32)
    made = builder.quant(builder.constant(array), float(scale), 4.0, narrow=1)
    proto = builder.proto(builder.node("MatMul", [builder.quant("in", SCALE, 6), made]))
    imported = imported_from_proto(proto)
    # Half to even of 2.5; exactly it is more than a half.
    assert (imported.model.layers[0].weights == 2).all()
    assert any("12 of 12 constants are so near" in one for one in imported.report.remarks)
    rows = float_rows()
    assert np.abs(values(imported, rows) - executed(proto, rows)).max() < 1e-5


def test_a_narrow_unsigned_input_ends_at_its_last_code() -> None:
    builder = GraphBuilder((1, 4))
    tensor = builder.quant("in", SCALE, 6, signed=0, narrow=1)
    imported = imported_from_proto(
        builder.proto(builder.node("MatMul", [tensor, weights(builder, WEIGHTS)]))
    )
    assert {feature.maximum for feature in imported.model.input_map.features} == {62}
    assert imported.input_codes.codes(np.full((1, 4), 100.0)).max() == 62


def test_inputs_of_sixteen_bits() -> None:
    builder = GraphBuilder((1, 4))
    parameters = [builder.constant(0.0003), builder.constant(77, np.int16)]
    tensor = builder.node("QuantizeLinear", ["in", *parameters])
    tensor = builder.node("DequantizeLinear", [tensor, *parameters])
    tensor = builder.node("MatMul", [tensor, weights(builder, WEIGHTS)])
    imported = imported_from_proto(ended(builder, builder.quant(tensor, 0.3, 3)))
    assert str(imported.model.input_format) == "s16.0"
    rows = np.array([[0, 0.00015, 0.00045, -1], [100, -100, 1, 2]], dtype=np.float32)
    steps = np.rint(rows.astype(np.float64) / float(np.float32(0.0003)))
    expected = np.clip(steps + 77, -(2**15), 2**15 - 1)
    assert (imported.input_codes.codes(rows) == expected).all()


def test_a_bipolar_input_takes_one_bit() -> None:
    """Inputs of -1 and 1, which a network scales itself."""
    builder = GraphBuilder((1, 4))
    tensor = builder.node("Add", ["in", builder.constant(1.0)])
    tensor = builder.node("Div", [tensor, builder.constant(2.0)])
    tensor = builder.node("MatMul", [tensor, weights(builder, WEIGHTS)])
    proto = ended(builder, builder.quant(tensor, 0.07, 3))
    imported = imported_from_proto(proto, input_format=parse_input_format("bipolar"))
    assert str(imported.model.input_format) == "u1.0"
    rows = np.array(list(itertools.product([-1.0, 1.0], repeat=4)), dtype=np.float32)
    assert np.abs(values(imported, rows) - executed(proto, rows)).max() < 1e-5
    assert len(np.unique(values(imported, rows), axis=0)) > 5


@pytest.mark.parametrize(
    ("name", "attribute"),
    [("batch normalisation", "epsilon"), ("clip and gemm", "alpha"), ("clip and gemm", "beta")],
)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_attributes_that_are_no_numbers_are_refused(
    name: str, attribute: str, value: float
) -> None:
    build, shape = BUILDERS[name]
    proto = build(GraphBuilder(shape))
    given = next(
        one for node in proto.graph.node for one in node.attribute if one.name == attribute
    )
    given.f = value
    with pytest.raises(PulsewrightError, match=f"'{attribute}' is {value}, .*; export"):
        imported_from_proto(proto)


def test_a_bound_of_clip_that_is_no_number_is_refused() -> None:
    builder = GraphBuilder((1, 4))
    tensor = builder.node("MatMul", [builder.quant("in", SCALE, 6), weights(builder, WEIGHTS)])
    tensor = builder.node("Clip", [tensor], min=float("nan"), max=1.0)
    with pytest.raises(PulsewrightError, match="'min' is nan"):
        imported_from_proto(ended(builder, builder.quant(tensor, 0.11, 5)))
