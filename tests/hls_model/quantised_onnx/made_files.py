# SPDX-License-Identifier: Apache-2.0
"""Files that other tools write: Brevitas with its default quantisers, onnxruntime's static ones."""

import itertools
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

INPUTS, HIDDEN, SECOND, OUTPUTS = 16, 12, 8, 5


def brevitas_network():  # type: ignore[no-untyped-def]
    import torch
    from brevitas.nn import QuantIdentity, QuantLinear, QuantReLU
    from torch.nn import BatchNorm1d, Sequential

    torch.set_num_threads(1)
    torch.manual_seed(3)
    network = Sequential(
        QuantIdentity(return_quant_tensor=True),
        QuantLinear(INPUTS, HIDDEN, bias=True, return_quant_tensor=True),
        BatchNorm1d(HIDDEN),
        QuantReLU(return_quant_tensor=True),
        QuantLinear(HIDDEN, SECOND, bias=True),
        QuantReLU(bit_width=4, return_quant_tensor=True),
        QuantLinear(SECOND, OUTPUTS, bias=True),
    )
    network.train()
    for _ in range(4):
        network(torch.randn(64, INPUTS))
    # Batch normalisation with factors of both signs.
    with torch.no_grad():
        network[2].weight.copy_(torch.randn(HIDDEN) + 0.3)
        network[2].bias.copy_(torch.randn(HIDDEN))
    return network.eval()


def brevitas_files(folder: Path) -> dict[str, Path]:
    import torch
    from brevitas.export import export_onnx_qcdq, export_qonnx

    network = brevitas_network()
    files = {"qonnx": folder / "qonnx.onnx", "qcdq": folder / "qcdq.onnx"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export_qonnx(network, args=torch.zeros(1, INPUTS), export_path=str(files["qonnx"]))
        export_onnx_qcdq(network, args=torch.zeros(1, INPUTS), export_path=str(files["qcdq"]))
    return files


def float_model(path: Path) -> Path:
    """16-12-8-5 with ReLU, in float32."""
    random = np.random.default_rng(4)
    sizes = (INPUTS, HIDDEN, SECOND, OUTPUTS)
    nodes, initializers, present = [], [], "x"
    for number, (inputs, neurons) in enumerate(itertools.pairwise(sizes)):
        weights = random.standard_normal((neurons, inputs)) / np.sqrt(inputs)
        bias = random.standard_normal(neurons) / 2
        for name, array in ((f"w{number}", weights), (f"b{number}", bias)):
            initializers.append(numpy_helper.from_array(array.astype(np.float32), name))
        out = f"s{number}" if number < 2 else "y"
        nodes.append(
            helper.make_node(
                "Gemm",
                [present, f"w{number}", f"b{number}"],
                [out],
                name=f"gemm{number}",
                transB=1,
            )
        )
        present = out
        if number < 2:
            nodes.append(helper.make_node("Relu", [out], [f"h{number}"], name=f"relu{number}"))
            present = f"h{number}"
    kind = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "float",
        [helper.make_tensor_value_info("x", kind, ["batch", INPUTS])],
        [helper.make_tensor_value_info("y", kind, ["batch", OUTPUTS])],
        initializers,
    )
    model = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 17)])
    onnx.save(model, path)
    return path


# How onnxruntime's quantize_static is asked for them. Weights of 7 bits beside uint8 activations:
# its kernels for x86 without VNNI saturate sums of two products of 8 bits.
ONNXRUNTIME = {
    "int8_symmetric": {
        "activation_type": "QInt8",
        "extra_options": {"ActivationSymmetric": True},
        "reduce_range": True,
    },
    "int8_per_channel": {"activation_type": "QInt8", "per_channel": True, "reduce_range": True},
    "uint8_asymmetric": {"activation_type": "QUInt8", "reduce_range": True},
    "qoperator": {"activation_type": "QUInt8", "reduce_range": True, "quant_format": "QOperator"},
    "qoperator_int8": {
        "activation_type": "QInt8",
        "per_channel": True,
        "quant_format": "QOperator",
    },
}


def onnxruntime_file(folder: Path, kind: str) -> Path:
    from onnxruntime.quantization import (
        CalibrationDataReader,
        QuantFormat,
        QuantType,
        quantize_static,
    )

    class Rows(CalibrationDataReader):
        def __init__(self) -> None:
            random = np.random.default_rng(6)
            self.rows = iter(
                {"x": random.standard_normal((1, INPUTS)).astype(np.float32)} for _ in range(40)
            )

        def get_next(self):  # type: ignore[no-untyped-def]
            return next(self.rows, None)

    choices = dict(ONNXRUNTIME[kind])
    path = folder / f"{kind}.onnx"
    quantize_static(
        str(float_model(folder / "float.onnx")),
        str(path),
        Rows(),
        activation_type=QuantType[choices.pop("activation_type")],
        weight_type=QuantType.QInt8,
        quant_format=QuantFormat[choices.pop("quant_format", "QDQ")],
        **choices,
    )
    return path
