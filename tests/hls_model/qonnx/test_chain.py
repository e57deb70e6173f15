# SPDX-License-Identifier: Apache-2.0
"""What is no chain of dense layers is refused, with the node named."""

from collections.abc import Callable

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.importer import model_from_proto
from tests.hls_model.qonnx.graphs import GraphBuilder, small_builder

Ending = Callable[[GraphBuilder, str], str]


def dense(builder: GraphBuilder, tensor: str, inputs: int = 2, neurons: int = 1) -> str:
    weights = builder.weights(np.ones((inputs, neurons)))
    return builder.node("MatMul", [tensor, weights])


def batch_norm(builder: GraphBuilder, tensor: str) -> str:
    parameters = [builder.constant(np.ones(1)) for _ in range(4)]
    return builder.node("BatchNormalization", [dense(builder, tensor), *parameters])


def signed_hidden(builder: GraphBuilder, tensor: str) -> str:
    hidden = builder.quant(dense(builder, tensor), 1.0, 4, signed=1)
    return dense(builder, hidden, 1)


def branches(builder: GraphBuilder, tensor: str) -> str:
    output = dense(builder, tensor)
    return builder.node("Add", [output, dense(builder, tensor)])


def doubled(builder: GraphBuilder, tensor: str) -> str:
    output = dense(builder, tensor)
    return builder.node("Add", [output, output])


def activation_weights(builder: GraphBuilder, tensor: str) -> str:
    return builder.node("MatMul", [builder.weights(np.ones((2, 2))), tensor])


def gemm(**given: float) -> Ending:
    def ending(builder: GraphBuilder, tensor: str) -> str:
        return builder.node("Gemm", [tensor, builder.weights(np.ones((2, 1)))], **given)

    return ending


def after(operator: str, constant: object, *, relu: bool = False) -> Ending:
    def ending(builder: GraphBuilder, tensor: str) -> str:
        output = dense(builder, tensor, 2, 2)
        if relu:
            output = builder.node("Relu", [output])
        return builder.node(operator, [output, builder.constant(np.array(constant))])

    return ending


def on_activations(operator: str, constant: object) -> Ending:
    def ending(builder: GraphBuilder, tensor: str) -> str:
        scaled = builder.node(operator, [tensor, builder.constant(np.array(constant))])
        return dense(builder, scaled)

    return ending


def reshape(target: list[int]) -> Ending:
    def ending(builder: GraphBuilder, tensor: str) -> str:
        shape = builder.constant(target, np.int64)
        return dense(builder, builder.node("Reshape", [tensor, shape]))

    return ending


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        (batch_norm, r"\(BatchNormalization\): operator BatchNormalization is not supported here;"),
        (lambda b, t: b.node("Sigmoid", [dense(b, t)]), r"'Sigmoid_\d+' \(Sigmoid\)"),
        (lambda b, t: b.node("Relu", [dense(b, t)]), "does not come from a dense layer"),
        (lambda b, t: t, "does not come from a dense layer"),
        (lambda b, t: b.quant(dense(b, t), 1.0, 4), "quantises the output"),
        (lambda b, t: b.quant(dense(b, t), 1.0, 4, signed=0), "does not come from a dense layer"),
        (lambda b, t: dense(b, dense(b, t), 1), "follows node 'MatMul_.*' .* without a Relu"),
        (signed_hidden, r"\(Quant\) makes signed activations; put a Relu"),
        (branches, "joins or repeats activations"),
        (doubled, "joins or repeats activations"),
        (activation_weights, "weights stand before the activations"),
        (gemm(alpha=0.5), "alpha is 0.5; export it as 1.0"),
        (gemm(beta=2.0), "beta is 2.0; export it as 1.0"),
        (gemm(transA=1), "transA is 1; export it as 0"),
        (after("Mul", 0.3), r"\(Mul\): its factor is 0\.3\d*, not a power of two"),
        (after("Mul", [1.0, 2.0, 4.0]), r"has the shape \[3\]; give one value"),
        (after("Mul", -1.0), "its factor is -1.0, not a power of two"),
        (after("Add", 0.3), r"\(Add\): its constant\[0\] is 0\.3.* not an integer"),
        (after("Add", 1.0, relu=True), "does not follow a dense layer"),
        (after("Add", [[[1.0]]]), "3 dimensions, the activations have 2; flatten"),
        (after("Add", [[1.0], [2.0]]), r"has the shape \[2, 1\]"),
        (after("Sub", 1.0), r"operator Sub is not supported"),
        (on_activations("Mul", [1.0, 2.0]), "scales activations by channel"),
        (on_activations("Add", 1.0), r"\(Add\) does not follow a dense layer"),
        (on_activations("Div", 3.0), r"\(Div\): its factor is 3\.0, not a power of two"),
        (reshape([2]), "moves values between the samples"),
        (reshape([1, -1, -1]), "at most one -1"),
        (reshape([1, 3]), r"shape \[1, 2\] does not become \[1, 3\]"),
        (reshape([1, 2, 1]), r"reshapes what a dense layer made"),
        (lambda b, t: dense(b, b.node("Transpose", [t]), 2), r"operator Transpose is not"),
        (lambda b, t: dense(b, t, 3), r"weights of shape \[3, 1\] for 2 inputs"),
        (lambda b, t: b.node("Dropout", [dense(b, t)]), "operator Dropout is not supported"),
        (
            lambda b, t: b.node("FusedMatMul", [t, t], "com.microsoft"),
            "operator FusedMatMul of 'com.microsoft' is not supported",
        ),
        (
            lambda b, t: b.node("Trunc", [t] * 5, "qonnx.custom_op.general"),
            r"operator Trunc of 'qonnx\.custom_op\.general' is not supported here; use Quant",
        ),
    ],
)
def test_what_follows_a_hidden_layer(ending: Ending, sentence: str) -> None:
    builder, tensor = small_builder()
    with pytest.raises(PulsewrightError, match=sentence) as caught:
        model_from_proto(builder.proto(ending(builder, tensor)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"scale": 0.3}, r"'Quant_\d+' \(Quant\): scale is 0\.3\d*, not a power of two"),
        ({"scale": 0.0}, "scale 0.0; scales are positive"),
        ({"scale": -0.5}, "scale -0.5; scales are positive"),
        ({"scale": 2.0**-90}, r"scale is 2\*\*-90, outside"),
        ({"zero_point": 3.0}, "zero point 3.0; train with symmetric quantisers"),
        ({"bits": 3.5}, "bit width 3.5"),
        ({"bits": 0}, "bit width 0.0"),
        ({"bits": 65}, "bit width 65.0"),
        ({"bits": 33}, "activations of 33 bits, at most 32 are read"),
        ({"bits": 1, "signed": 1}, "a signed Quant of 1 bit is bipolar"),
        ({"narrow": 1, "signed": 0}, r"narrow range of unsigned activations, 0\.\.254"),
        ({"narrow": 2}, "attribute 'narrow' is 2"),
        ({"rounding": "CEIL"}, "rounding_mode 'CEIL' of activations"),
        ({"rounding": "HALF_DOWN"}, "rounding_mode 'HALF_DOWN'; use one of"),
        ({"scale": [0.5, 0.25]}, "activations have scales by channel"),
        ({"domain": "elsewhere"}, "operator Quant of 'elsewhere' is not supported"),
    ],
)
def test_quantisers_of_hidden_layers(given: dict[str, object], sentence: str) -> None:
    builder, tensor = small_builder()
    hidden = builder.node("Relu", [dense(builder, tensor, 2, 2)])
    hidden = builder.quant(hidden, **({"signed": 0} | given))  # type: ignore[arg-type]
    with pytest.raises(PulsewrightError, match=sentence):
        model_from_proto(builder.proto(dense(builder, hidden)))


def test_a_second_quantiser_that_changes_values_is_refused() -> None:
    builder, tensor = small_builder()
    coarse = builder.quant(tensor, 1.0, 4, signed=0)
    with pytest.raises(PulsewrightError, match="quantises what is quantised already"):
        model_from_proto(builder.proto(dense(builder, coarse)))


def test_the_input_needs_a_quantiser_before_everything_else() -> None:
    builder = GraphBuilder()
    with pytest.raises(PulsewrightError, match=r"\(MatMul\) stands before a Quant node of the inp"):
        model_from_proto(builder.proto(dense(builder, "in", 3)))
    builder = GraphBuilder()
    scaled = builder.node("Mul", ["in", builder.constant(2.0)])
    with pytest.raises(PulsewrightError, match=r"\(Mul\) stands before a Quant node of the input"):
        model_from_proto(builder.proto(dense(builder, builder.quant(scaled), 3)))


def test_a_matrix_a_sample_is_refused() -> None:
    builder = GraphBuilder((1, 2, 3))
    with pytest.raises(PulsewrightError, match=r"tensor of shape \[2, 3\] a sample; flatten"):
        model_from_proto(builder.proto(dense(builder, builder.quant("in"), 3)))
    builder = GraphBuilder((1, 1, 2))
    output = gemm()(builder, builder.quant("in"))
    with pytest.raises(PulsewrightError, match="multiplies a tensor of 3 dimensions; flatten"):
        model_from_proto(builder.proto(output))


def test_an_input_that_is_rectified_is_refused() -> None:
    builder = GraphBuilder()
    tensor = builder.node("Relu", [builder.quant("in")])
    with pytest.raises(PulsewrightError, match=r"\(Relu\) follows the input's Quant node"):
        model_from_proto(builder.proto(dense(builder, tensor, 3)))


def test_an_open_batch_that_is_fixed_is_refused() -> None:
    for target in ([1, -1], [3], [-1, 1]):
        builder = GraphBuilder(("rows", 3))
        tensor = builder.node("Reshape", ["in", builder.constant(target, np.int64)])
        with pytest.raises(PulsewrightError, match=r"or fixes an open batch"):
            model_from_proto(builder.proto(dense(builder, builder.quant(tensor), 3)))


def test_an_output_without_the_input_is_refused() -> None:
    builder = GraphBuilder()
    output = builder.node("Identity", [builder.constant([[1.0]])])
    with pytest.raises(PulsewrightError, match=r"does not depend on input 'in'"):
        model_from_proto(builder.proto(output))


def test_accumulators_that_are_too_wide_are_refused() -> None:
    builder = GraphBuilder()
    tensor = builder.quant("in", 1.0, 32)
    weights = builder.quant(builder.constant(np.full((3, 1), 2.0**30)), 1.0, 32)
    with pytest.raises(PulsewrightError, match=r"\(MatMul\): the accumulator may reach 63 bits"):
        model_from_proto(builder.proto(builder.node("MatMul", [tensor, weights])))


def test_channels_that_lie_too_far_apart_are_refused() -> None:
    builder = GraphBuilder()
    scale = np.array([[1.0, 2.0**-40]])
    values = np.repeat(scale, 3, axis=0)
    weights = builder.quant(builder.constant(values), scale, 8)
    output = builder.node("MatMul", [builder.quant("in"), weights])
    with pytest.raises(PulsewrightError, match=r"\(MatMul\): channel_shifts reach 0\.\.40"):
        model_from_proto(builder.proto(output))
