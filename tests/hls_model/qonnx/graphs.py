# SPDX-License-Identifier: Apache-2.0
"""QONNX graphs as other tools write them, node by node, and the qonnx package's view of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

from pulsewright.hls_model.qonnx.dialect import QUANT_DOMAIN
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp


class GraphBuilder:
    """float32 graphs from input "in"; nodes are named after their operator and number."""

    def __init__(self, shape: Sequence[int | str] = (1, 3)) -> None:
        self.shape = shape
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def constant(self, values: npt.ArrayLike, dtype: type = np.float32) -> str:
        name = f"const{len(self.initializers)}"
        array = np.asarray(values, dtype=dtype)
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def node(self, operator: str, inputs: Sequence[str], domain: str = "", **given: Any) -> str:
        name = f"{operator}_{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(operator, inputs, [f"{name}_out"], name=name, domain=domain, **given)
        )
        return f"{name}_out"

    def quant(
        self,
        tensor: str,
        scale: npt.ArrayLike = 1.0,
        bits: float = 8.0,
        signed: int = 1,
        narrow: int = 0,
        rounding: str = "ROUND",
        zero_point: float = 0.0,
        domain: str = QUANT_DOMAIN,
    ) -> str:
        parameters = [self.constant(value) for value in (scale, zero_point, bits)]
        return self.node(
            "Quant",
            [tensor, *parameters],
            domain,
            signed=signed,
            narrow=narrow,
            rounding_mode=rounding,
        )

    def weights(self, values: npt.ArrayLike, scale: npt.ArrayLike = 1.0, bits: float = 8.0) -> str:
        return self.quant(self.constant(values), scale, bits, narrow=1)

    def proto(self, output: str, opset: int = 17, quant_version: int = 1) -> onnx.ModelProto:
        kind = onnx.TensorProto.FLOAT
        graph = helper.make_graph(
            self.nodes,
            "foreign",
            [helper.make_tensor_value_info("in", kind, self.shape)],
            [helper.make_tensor_value_info(output, kind, None)],
            self.initializers,
        )
        return helper.make_model(
            graph,
            ir_version=8,
            opset_imports=[
                helper.make_opsetid("", opset),
                helper.make_opsetid(QUANT_DOMAIN, quant_version),
            ],
        )


def small_builder() -> tuple[GraphBuilder, str]:
    """3 inputs, 2 neurons with Relu and Quant, and the tensor of their activations."""
    builder = GraphBuilder()
    tensor = builder.quant("in", 0.25)
    weights = builder.weights([[1, -2], [3, 4], [-5, 6]])
    tensor = builder.node("MatMul", [tensor, weights])
    tensor = builder.node("Relu", [tensor])
    return builder, builder.quant(tensor, 0.5, 4, signed=0)


def small_model() -> onnx.ModelProto:
    """3-2-1, with every kind of node once."""
    builder, tensor = small_builder()
    weights = builder.weights([[2], [-3]], 0.5)
    tensor = builder.node("MatMul", [tensor, weights])
    return builder.proto(builder.node("Add", [tensor, builder.constant([1.25])]))


def qonnx_outputs(
    proto: onnx.ModelProto, model: IntegerMlp, codes: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Accumulators (rows, outputs) as the qonnx package computes `proto`; one row at a time."""
    from qonnx.core.modelwrapper import ModelWrapper
    from qonnx.core.onnx_exec import execute_onnx
    from qonnx.transformation.infer_shapes import InferShapes

    wrapper = ModelWrapper(proto).transform(InferShapes())
    given, name = proto.graph.input[0].name, proto.graph.output[0].name
    rows = []
    for row in codes:
        values = np.ldexp(row.astype(np.float32), -model.input_format.frac).astype(np.float32)
        shape = [dim.dim_value for dim in proto.graph.input[0].type.tensor_type.shape.dim]
        outputs = execute_onnx(wrapper, {given: values.reshape(shape)})[name]
        rows.append(np.ldexp(outputs.astype(np.float64).ravel(), model.output_format.frac))
    return np.stack(rows)
