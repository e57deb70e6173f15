# SPDX-License-Identifier: Apache-2.0
"""TFLite files as a converter of Keras models writes them, through the flatbuffer package."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import flatbuffers
import numpy as np
import tflite

INT8, UINT8, INT32, FLOAT32, INT16 = (
    getattr(tflite.TensorType, name) for name in ("INT8", "UINT8", "INT32", "FLOAT32", "INT16")
)


@dataclass
class Made:
    """Tensors, buffers and operators that a file is written of."""

    tensors: list[dict[str, Any]] = field(default_factory=list)
    operators: list[dict[str, Any]] = field(default_factory=list)

    def tensor(
        self,
        name: str,
        shape: Sequence[int],
        kind: int = INT8,
        scale: Sequence[float] = (),
        zero: Sequence[int] = (),
        values: np.ndarray | None = None,
    ) -> int:
        self.tensors.append(
            {
                "name": name,
                "shape": list(shape),
                "kind": kind,
                "scale": list(scale),
                "zero": list(zero),
                "values": values,
            }
        )
        return len(self.tensors) - 1

    def operator(
        self, kind: str, inputs: Sequence[int], outputs: Sequence[int], activation: str = "NONE"
    ) -> None:
        self.operators.append(
            {"kind": kind, "inputs": inputs, "outputs": outputs, "activation": activation}
        )

    def data(self, given: int, made: int) -> bytes:
        return _written(self, given, made)


def _vector(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for one in reversed(offsets):
        builder.PrependUOffsetTRelative(one)
    return int(builder.EndVector())


def _quantisation(builder: flatbuffers.Builder, tensor: dict[str, Any]) -> int:
    if not tensor["scale"]:
        return 0
    scale = builder.CreateNumpyVector(np.array(tensor["scale"], dtype=np.float32))
    zero = builder.CreateNumpyVector(np.array(tensor["zero"], dtype=np.int64))
    tflite.QuantizationParametersStart(builder)
    tflite.QuantizationParametersAddScale(builder, scale)
    tflite.QuantizationParametersAddZeroPoint(builder, zero)
    return int(tflite.QuantizationParametersEnd(builder))


def _tensor(builder: flatbuffers.Builder, tensor: dict[str, Any], number: int) -> int:
    name = builder.CreateString(tensor["name"])
    shape = builder.CreateNumpyVector(np.array(tensor["shape"], dtype=np.int32))
    quantisation = _quantisation(builder, tensor)
    tflite.TensorStart(builder)
    tflite.TensorAddShape(builder, shape)
    tflite.TensorAddType(builder, tensor["kind"])
    tflite.TensorAddBuffer(builder, number + 1 if tensor["values"] is not None else 0)
    tflite.TensorAddName(builder, name)
    if quantisation:
        tflite.TensorAddQuantization(builder, quantisation)
    return int(tflite.TensorEnd(builder))


def _buffer(builder: flatbuffers.Builder, values: np.ndarray | None) -> int:
    data = None
    if values is not None:
        # Executors want constants where 16 divides their address.
        raw = values.tobytes()
        builder.StartVector(1, len(raw), 16)
        builder.head = builder.head - len(raw)
        builder.Bytes[builder.head : builder.head + len(raw)] = raw
        data = builder.EndVector()
    tflite.BufferStart(builder)
    if data is not None:
        tflite.BufferAddData(builder, data)
    return int(tflite.BufferEnd(builder))


def _operator(builder: flatbuffers.Builder, operator: dict[str, Any], code: int) -> int:
    options = kind = 0
    if operator["kind"] == "FULLY_CONNECTED":
        activation = getattr(tflite.ActivationFunctionType, operator["activation"])
        tflite.FullyConnectedOptionsStart(builder)
        tflite.FullyConnectedOptionsAddFusedActivationFunction(builder, activation)
        options = tflite.FullyConnectedOptionsEnd(builder)
        kind = tflite.BuiltinOptions.FullyConnectedOptions
    elif operator["kind"] == "SOFTMAX":
        tflite.SoftmaxOptionsStart(builder)
        tflite.SoftmaxOptionsAddBeta(builder, 1.0)
        options = tflite.SoftmaxOptionsEnd(builder)
        kind = tflite.BuiltinOptions.SoftmaxOptions
    inputs, outputs = (
        builder.CreateNumpyVector(np.array(operator[which], dtype=np.int32))
        for which in ("inputs", "outputs")
    )
    tflite.OperatorStart(builder)
    tflite.OperatorAddOpcodeIndex(builder, code)
    tflite.OperatorAddInputs(builder, inputs)
    tflite.OperatorAddOutputs(builder, outputs)
    if options:
        tflite.OperatorAddBuiltinOptionsType(builder, kind)
        tflite.OperatorAddBuiltinOptions(builder, options)
    return int(tflite.OperatorEnd(builder))


def _code(builder: flatbuffers.Builder, kind: str) -> int:
    number = getattr(tflite.BuiltinOperator, kind)
    tflite.OperatorCodeStart(builder)
    tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, min(number, 127))
    tflite.OperatorCodeAddBuiltinCode(builder, number)
    tflite.OperatorCodeAddVersion(builder, 4 if kind == "FULLY_CONNECTED" else 2)
    return int(tflite.OperatorCodeEnd(builder))


def _written(made: Made, given: int, output: int) -> bytes:
    builder = flatbuffers.Builder(1024)
    kinds = sorted({one["kind"] for one in made.operators})
    buffers = [_buffer(builder, None)]
    buffers += [_buffer(builder, one["values"]) for one in made.tensors]
    tensors = _vector(builder, [_tensor(builder, one, i) for i, one in enumerate(made.tensors)])
    operators = _vector(
        builder, [_operator(builder, one, kinds.index(one["kind"])) for one in made.operators]
    )
    inputs, outputs = (
        builder.CreateNumpyVector(np.array([one], dtype=np.int32)) for one in (given, output)
    )
    tflite.SubGraphStart(builder)
    tflite.SubGraphAddTensors(builder, tensors)
    tflite.SubGraphAddInputs(builder, inputs)
    tflite.SubGraphAddOutputs(builder, outputs)
    tflite.SubGraphAddOperators(builder, operators)
    graph = tflite.SubGraphEnd(builder)
    codes = _vector(builder, [_code(builder, kind) for kind in kinds])
    graphs, held = _vector(builder, [graph]), _vector(builder, buffers)
    tflite.ModelStart(builder)
    tflite.ModelAddVersion(builder, 3)
    tflite.ModelAddOperatorCodes(builder, codes)
    tflite.ModelAddSubgraphs(builder, graphs)
    tflite.ModelAddBuffers(builder, held)
    builder.Finish(tflite.ModelEnd(builder), b"TFL3")
    return bytes(builder.Output())


def chain(
    sizes: Sequence[int],
    seed: int,
    *,
    per_channel: bool = False,
    float_ends: bool = False,
    softmax: bool = False,
) -> bytes:
    """A converted Keras model: int8 dense layers with fused ReLUs, the last one without."""
    random = np.random.default_rng(seed)
    made = Made()
    scale, zero = float(np.float32(0.03)), int(random.integers(-20, 20))
    present = made.tensor("input", [1, sizes[0]], INT8, [scale], [zero])
    given = present
    if float_ends:
        given = made.tensor("float_input", [1, sizes[0]], FLOAT32)
        made.operator("QUANTIZE", [given], [present])
    for number, (inputs, neurons) in enumerate(itertools.pairwise(sizes)):
        last = number == len(sizes) - 2
        weights = random.integers(-127, 128, (neurons, inputs)).astype(np.int8)
        count = neurons if per_channel else 1
        scales = (np.float32(0.002) * random.uniform(0.5, 2, count)).astype(np.float32)
        bias = random.integers(-3000, 3000, neurons).astype(np.int32)
        size = scale * float(scales.mean()) * 75 * 60 * np.sqrt(inputs)
        out_scale = float(np.float32(size / 90))
        out_zero = int(random.integers(-30, 30)) if last else -128
        operands = [
            present,
            made.tensor(f"w{number}", weights.shape, INT8, scales.tolist(), [0] * count, weights),
            made.tensor(
                f"b{number}", [neurons], INT32, (scales * scale).tolist(), [0] * count, bias
            ),
        ]
        present = made.tensor(f"y{number}", [1, neurons], INT8, [out_scale], [out_zero])
        made.operator("FULLY_CONNECTED", operands, [present], "NONE" if last else "RELU")
        scale = out_scale
    if softmax:
        made.operator(
            "SOFTMAX",
            [present],
            [present := made.tensor("softmax", [1, sizes[-1]], INT8, [1 / 256], [-128])],
        )
    if float_ends:
        made.operator(
            "DEQUANTIZE",
            [present],
            [present := made.tensor("float_output", [1, sizes[-1]], FLOAT32)],
        )
    return made.data(given, present)


def executed(data: bytes, rows: np.ndarray, kernels: str = "BUILTIN_REF") -> np.ndarray:
    """By LiteRT's reference kernels, which round once; by XNNPACK's, which do too: BUILTIN."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        model_content=data,
        experimental_op_resolver_type=OpResolverType[kernels],
        num_threads=1,
    )
    interpreter.allocate_tensors()
    [given], [made] = interpreter.get_input_details(), interpreter.get_output_details()
    outputs = []
    for row in rows:
        interpreter.set_tensor(given["index"], row[None].astype(given["dtype"]))
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(made["index"])[0].copy())
    return np.array(outputs)
