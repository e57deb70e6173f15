# SPDX-License-Identifier: Apache-2.0
"""Operators on integers (QOperator files) against onnxruntime's kernels."""

from collections.abc import Callable

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.quantised_onnx.importer import imported_from_proto
from pulsewright.hls_model.reference.network_output import OutputKind

RANDOM = np.random.default_rng(12)
INPUTS, NEURONS, OUTPUTS = 6, 5, 3
# Of so few bits that no kernel saturates.
WEIGHTS = RANDOM.integers(-60, 61, (INPUTS, NEURONS)).astype(np.int8)
LAST = RANDOM.integers(-60, 61, (NEURONS, OUTPUTS)).astype(np.int8)


class Graph:
    """Nodes from input "x" on; constants are named as they come."""

    def __init__(self, kind: int = TensorProto.FLOAT) -> None:
        self.kind = kind
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: object, kind: type = np.float32) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def node(self, operator: str, inputs: list[str], domain: str = "", **given: object) -> str:
        name = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], name, domain=domain, **given))
        return name

    def quantised(self, scale: float = 0.0513, zero: int = 7, kind: type = np.int8) -> list[str]:
        """The input in codes, with its scale and zero point."""
        parameters = [self.constant(scale), self.constant(zero, kind)]
        return [self.node("QuantizeLinear", ["x", *parameters]), *parameters]

    def proto(self, output: str, kind: int = TensorProto.FLOAT) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes,
            "quantised",
            [helper.make_tensor_value_info("x", self.kind, ["batch", INPUTS])],
            [helper.make_tensor_value_info(output, kind, None)],
            self.constants,
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, ir_version=9, opset_imports=opsets)


def by_onnxruntime(proto: onnx.ModelProto, rows: np.ndarray) -> np.ndarray:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        proto.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return session.run(None, {"x": rows})[0]


def qlinear_matmul(graph: Graph) -> tuple[str, int]:
    codes = graph.quantised()
    for weights, scale in ((WEIGHTS, 0.3191), (LAST, 0.1713)):
        of = [graph.constant(weights, np.int8), graph.constant(0.0217), graph.constant(3, np.int8)]
        made = [graph.constant(scale), graph.constant(-5, np.int8)]
        codes = [graph.node("QLinearMatMul", [*codes, *of, *made]), *made]
    return graph.node("DequantizeLinear", codes), TensorProto.FLOAT


def qlinear_add(graph: Graph) -> tuple[str, int]:
    codes = graph.quantised()
    of = [graph.constant(WEIGHTS, np.int8), graph.constant(0.0217), graph.constant(0, np.int8)]
    made = [graph.constant(0.3191), graph.constant(-5, np.int8)]
    codes = [graph.node("QLinearMatMul", [*codes, *of, *made]), *made]
    bias = [
        graph.constant([3, -20, 60, 0, 100], np.int8),
        graph.constant(0.0413),
        graph.constant(2, np.int8),
    ]
    made = [graph.constant(0.3713), graph.constant(11, np.int8)]
    codes = [graph.node("QLinearAdd", [*codes, *bias, *made], "com.microsoft"), *made]
    of = [graph.constant(LAST, np.int8), graph.constant(0.0217), graph.constant(0, np.int8)]
    made = [graph.constant(0.4133), graph.constant(0, np.int8)]
    last = graph.node("QLinearMatMul", [*codes, *of, *made])
    return graph.node("DequantizeLinear", [last, *made]), TensorProto.FLOAT


def matmul_integer(graph: Graph) -> tuple[str, int]:
    codes, _, zero = graph.quantised(kind=np.uint8, zero=90)
    weights = [graph.constant(WEIGHTS, np.int8), zero, graph.constant(4, np.int8)]
    sums = graph.node("MatMulInteger", [codes, *weights])
    floats = graph.node("Cast", [sums], to=TensorProto.FLOAT)
    scaled = graph.node(
        "Mul", [floats, graph.constant([0.00117, 0.00213, 0.00137, 0.00071, 0.00219])]
    )
    made = [graph.constant(0.0531), graph.constant(0, np.uint8)]
    codes = graph.node("QuantizeLinear", [graph.node("Relu", [scaled]), *made])
    values = graph.node("DequantizeLinear", [codes, *made])
    of = graph.node(
        "DequantizeLinear",
        [graph.constant(LAST, np.int8), graph.constant([0.0213, 0.0331, 0.0417])],
        axis=1,
    )
    return graph.node("MatMul", [values, of]), TensorProto.FLOAT


def bytes_in_and_out(graph: Graph) -> tuple[str, int]:
    parameters = [graph.constant(0.0513), graph.constant(131, np.uint8)]
    of = [graph.constant(WEIGHTS.T.copy(), np.int8), graph.constant(0.0217)]
    of.append(graph.constant(0, np.int8))
    made = [graph.constant(0.3191), graph.constant(128, np.uint8)]
    bias = graph.constant([100, -200, 3000, 0, 7], np.int32)
    codes = graph.node("QGemm", ["x", *parameters, *of, bias, *made], "com.microsoft", transB=1)
    return codes, TensorProto.UINT8


BUILDERS: dict[str, tuple[Callable[[Graph], tuple[str, int]], OutputKind, int]] = {
    "QLinearMatMul": (qlinear_matmul, OutputKind.CODE, TensorProto.FLOAT),
    "QLinearAdd": (qlinear_add, OutputKind.CODE, TensorProto.FLOAT),
    "MatMulInteger": (matmul_integer, OutputKind.ACCUMULATOR, TensorProto.FLOAT),
    "QGemm of bytes": (bytes_in_and_out, OutputKind.CODE, TensorProto.UINT8),
}


@pytest.mark.parametrize("name", BUILDERS)
def test_what_onnxruntime_computes(name: str) -> None:
    build, output, kind = BUILDERS[name]
    graph = Graph(kind)
    proto = graph.proto(*build(graph))
    imported = imported_from_proto(proto, output=output)
    random = np.random.default_rng(13)
    if kind == TensorProto.FLOAT:
        rows = (random.standard_normal((2000, INPUTS)) * 2).astype(np.float32)
    else:
        rows = random.integers(0, 256, (2000, INPUTS)).astype(np.uint8)
    model = imported.model
    integers = model.infer(imported.input_codes.codes(rows))
    if proto.graph.output[0].type.tensor_type.elem_type == TensorProto.UINT8:
        ours = integers + imported.report.output.code_offset
    else:
        scales, offsets = ([float(one) for one in many] for many in (model.scales, model.offsets))
        ours = integers * np.array(scales) + np.array(offsets)
    theirs = by_onnxruntime(proto, rows).astype(np.float64)
    tolerance = 1e-5 * np.abs(theirs).max()
    # Rows on which float32 rounds a sum to the other side of a step.
    assert (np.abs(ours - theirs) > tolerance).any(axis=1).sum() <= 2
    assert len(np.unique(integers)) > 40


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scale": 0.0}, "QLinearMatMul_1.*scale 0|QuantizeLinear_0.*: scale 0"),
        ({"of": -0.5}, "QLinearMatMul_1.*: a weight scale is not positive"),
        ({"made": 0.0}, "QLinearMatMul_1.*: scale 0"),
        ({"zero": 300}, "QLinearMatMul_1.*: codes of 32 bits"),
    ],
)
def test_parameters_that_are_none_are_refused(changes: dict[str, float], words: str) -> None:
    given = {"scale": 0.05, "of": 0.02, "made": 0.3, "zero": 0} | changes
    graph = Graph()
    codes = graph.quantised(given["scale"])
    kind = np.int8 if given["zero"] == 0 else np.int32
    of = [graph.constant(WEIGHTS, np.int8), graph.constant(given["of"]), graph.constant(0, np.int8)]
    made = [graph.constant(given["made"]), graph.constant(given["zero"], kind)]
    proto = graph.proto(graph.node("QLinearMatMul", [*codes, *of, *made]), TensorProto.INT8)
    with pytest.raises(PulsewrightError, match=words):
        imported_from_proto(proto)
