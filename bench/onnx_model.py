# SPDX-License-Identifier: Apache-2.0
"""The same network in ONNX with onnxruntime's fused int8 matrix product, as a peer in speed."""

from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

OPSET = 17
# QGemm keeps one type from input to output, and hidden activations are unsigned.
INPUT_ZERO_POINT = 128


def onnx_document(model: IntegerMlp) -> onnx.ModelProto:
    """The network as QGemm nodes, from "codes" to real numbers."""
    nodes, initialisers = [], []

    def constant(name: str, value: np.ndarray) -> str:
        initialisers.append(numpy_helper.from_array(value, name))
        return name

    source = "codes"
    for number, layer in enumerate(model.layers):
        scale_x = np.array(layer.input_format.step, np.float32)
        scale_w = np.array(layer.weight_format.step, np.float32)
        zero_x = np.uint8(0 if number else INPUT_ZERO_POINT)
        inputs = [
            source,
            constant(f"scale_x{number}", scale_x),
            constant(f"zero_x{number}", np.array(zero_x)),
            constant(f"weights{number}", layer.weights.T.astype(np.int8)),
            constant(f"scale_w{number}", scale_w),
            constant(f"zero_w{number}", np.array(np.int8(0))),
            constant(f"bias{number}", layer.bias.astype(np.int32)),
        ]
        if layer.output_format is not None:
            inputs += [
                constant(f"scale_y{number}", np.array(layer.output_format.step, np.float32)),
                constant(f"zero_y{number}", np.array(np.uint8(0))),
            ]
        source = f"y{number}"
        nodes.append(helper.make_node("QGemm", inputs, [source], domain="com.microsoft"))
    graph = helper.make_graph(
        nodes,
        model.name,
        [helper.make_tensor_value_info("codes", TensorProto.UINT8, ["rows", model.sizes[0]])],
        [helper.make_tensor_value_info(source, TensorProto.FLOAT, ["rows", model.sizes[-1]])],
        initialisers,
    )
    document = helper.make_model(
        graph,
        opset_imports=[
            helper.make_opsetid("", OPSET),
            helper.make_opsetid("com.microsoft", 1),
        ],
    )
    document.ir_version = min(document.ir_version, 10)
    onnx.checker.check_model(document)
    return document


def onnx_session(model: IntegerMlp) -> tuple[str, Callable[[IntegerArray], IntegerArray]]:
    """(the operator used, a function from codes (rows, inputs) to accumulators (rows, outputs)).

    QGemm saturates to uint8 with half-even rounding, which is ReLU and requantiser in one; the
    last one gives real numbers.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        onnx_document(model).SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    step = model.output_format.step

    def run(codes: IntegerArray) -> IntegerArray:
        (result,) = session.run(None, {"codes": (codes + INPUT_ZERO_POINT).astype(np.uint8)})
        accumulators: IntegerArray = np.rint(np.asarray(result, np.float64) / step).astype(np.int64)
        return accumulators

    return "QGemm", run
