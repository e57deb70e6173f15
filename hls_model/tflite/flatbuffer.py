# SPDX-License-Identifier: Apache-2.0
"""A file that may be anything, as the graph of a TFLite model; numbers are checked, not judged."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tflite

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_bytes
from pulsewright.hls_model.qonnx.dialect import LARGEST_FILE, MOST_NODES, MOST_VALUES
from pulsewright.hls_model.shortened import shortened

IDENTIFIER = b"TFL3"
SCHEMA_VERSION = 3
MOST_DIMENSIONS = 8

# What Python's reader of flatbuffers raises where an offset leads out of the file.
_BROKEN = (struct.error, IndexError, ValueError, TypeError, OverflowError, AttributeError)

OPERATORS = {
    number: name for name, number in vars(tflite.BuiltinOperator).items() if name.isupper()
}
TYPES = {number: name for name, number in vars(tflite.TensorType).items() if name.isupper()}
# Types of the tensors whose numbers are read.
NUMPY_TYPES: dict[str, type[np.generic]] = {
    "INT8": np.int8,
    "UINT8": np.uint8,
    "INT32": np.int32,
    "INT64": np.int64,
}


@dataclass(frozen=True)
class Tensor:
    """kind: INT8, FLOAT32, .. scales, zero_points: empty where it is not quantised.

    values: of `shape`, for constants of the types in NUMPY_TYPES; else None.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int
    values: npt.NDArray[Any] | None

    @property
    def where(self) -> str:
        """How it is called in a sentence."""
        return f"tensor {shortened(self.name)}"


@dataclass(frozen=True)
class DenseOptions:
    """Numbers as in the file. weights_format: 0 as they are. activation: what is fused."""

    weights_format: int
    activation: int


@dataclass(frozen=True)
class Operator:
    """inputs: tensors, None where one is left out. options: of FULLY_CONNECTED, else None."""

    where: str
    kind: str
    inputs: tuple[int | None, ...]
    outputs: tuple[int, ...]
    options: DenseOptions | None


@dataclass(frozen=True)
class Graph:
    """Operators in the order of execution; numbers of the one input and the one output."""

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    input: int
    output: int


def read_graph(path: Path) -> Graph:
    """Read a TFLite file.

    Raises:
        PulsewrightError: it is missing, too large, not TFLite or damaged, or has several graphs,
            inputs or outputs.
    """
    try:
        data = read_plain_bytes(path, LARGEST_FILE)
    except OSError as error:
        raise PulsewrightError(
            f"cannot read it: {error.strerror}; name a file of dense layers such as model.tflite"
        ) from error
    return graph_of(data)


def graph_of(data: bytes) -> Graph:
    """The same of the bytes of a file."""
    if len(data) < 8 or data[4:8] != IDENTIFIER:
        raise PulsewrightError(
            "the file is not TFLite, its bytes 5 to 8 are not TFL3; convert the model again"
        )
    try:
        return _graph(tflite.Model.GetRootAsModel(data, 0))
    except _BROKEN as error:
        raise PulsewrightError(
            f"the file of {len(data)} bytes is damaged, or only a part of one: an offset in it "
            "leads nowhere; convert the model again"
        ) from error


def _graph(model: Any) -> Graph:
    if model.Version() != SCHEMA_VERSION:
        raise PulsewrightError(
            f"the file has schema version {model.Version()}, version {SCHEMA_VERSION} is read; "
            "convert the model again"
        )
    if model.SubgraphsLength() != 1:
        raise PulsewrightError(
            f"the file has {model.SubgraphsLength()} graphs, one is read; convert one chain of "
            "dense layers"
        )
    graph = model.Subgraphs(0)
    for count, what in ((graph.TensorsLength(), "tensors"), (graph.OperatorsLength(), "operators")):
        if not 0 < count <= MOST_NODES:
            raise PulsewrightError(
                f"the graph has {count} {what}, 1 to {MOST_NODES} are read; convert dense layers "
                "alone"
            )
    kinds = [_operator_kind(model.OperatorCodes(i)) for i in range(_codes(model))]
    tensors = tuple(_tensor(model, graph.Tensors(i)) for i in range(graph.TensorsLength()))
    operators = tuple(
        _operator(graph.Operators(i), kinds, tensors) for i in range(graph.OperatorsLength())
    )
    ends = [
        _only(_numbers(given, len(tensors)), what)
        for given, what in ((graph.InputsAsNumpy(), "input"), (graph.OutputsAsNumpy(), "output"))
    ]
    return Graph(tensors, operators, *ends)


def _codes(model: Any) -> int:
    count = int(model.OperatorCodesLength())
    if count > MOST_NODES:
        raise PulsewrightError(
            f"the file has {count} kinds of operators, at most {MOST_NODES} are read; "
            "convert dense layers alone"
        )
    return count


def _operator_kind(code: Any) -> str:
    # Older files have the number in a field of one byte alone.
    number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    if OPERATORS.get(number) == "CUSTOM":
        return f"CUSTOM {shortened((code.CustomCode() or b'').decode(errors='replace'))}"
    return str(OPERATORS.get(number, f"number {number}"))


def _numbers(given: Any, tensors: int) -> list[int]:
    """Numbers of tensors; -1 stands for one that is left out."""
    # The reader gives 0 for a vector that is not there.
    numbers = [] if isinstance(given, int) else [int(one) for one in given]
    if any(not -1 <= one < tensors for one in numbers):
        raise IndexError("a tensor that there is not")
    return numbers


def _only(numbers: Sequence[int], what: str) -> int:
    if len(numbers) != 1 or numbers[0] < 0:
        raise PulsewrightError(
            f"the graph has {len(numbers)} {what}s, one is read; convert one chain of dense layers"
        )
    return numbers[0]


def _operator(operator: Any, kinds: Sequence[str], tensors: Sequence[Tensor]) -> Operator:
    kind = kinds[operator.OpcodeIndex()]
    inputs = _numbers(operator.InputsAsNumpy(), len(tensors))
    outputs = _numbers(operator.OutputsAsNumpy(), len(tensors))
    name = tensors[outputs[0]].name if outputs else ""
    options = None
    if kind == "FULLY_CONNECTED" and operator.BuiltinOptions() is not None:
        found, table = tflite.FullyConnectedOptions(), operator.BuiltinOptions()
        found.Init(table.Bytes, table.Pos)
        options = DenseOptions(found.WeightsFormat(), found.FusedActivationFunction())
    return Operator(
        f"operator {shortened(name)} ({kind})",
        kind,
        tuple(None if one < 0 else one for one in inputs),
        tuple(outputs),
        options,
    )


def _tensor(model: Any, tensor: Any) -> Tensor:
    name = (tensor.Name() or b"").decode(errors="replace")
    kind = TYPES.get(tensor.Type(), f"type {tensor.Type()}")
    given = tensor.ShapeAsNumpy()
    shape = () if isinstance(given, int) else tuple(int(size) for size in given)
    if len(shape) > MOST_DIMENSIONS or any(size < 0 for size in shape) or prod(shape) > MOST_VALUES:
        raise PulsewrightError(
            f"tensor {shortened(name)} has the shape {shortened(list(shape))}, at most "
            f"{MOST_VALUES} values in {MOST_DIMENSIONS} dimensions are read; use smaller layers"
        )
    scales: tuple[float, ...] = ()
    zero_points: tuple[int, ...] = ()
    axis = 0
    quantisation = tensor.Quantization()
    if quantisation is not None and quantisation.ScaleLength():
        scales = tuple(float(one) for one in quantisation.ScaleAsNumpy())
        if quantisation.ZeroPointLength():
            zero_points = tuple(int(one) for one in quantisation.ZeroPointAsNumpy())
        axis = quantisation.QuantizedDimension()
    values = _values(model, tensor, kind, shape)
    if values is not None and tensor.Sparsity() is not None:
        raise PulsewrightError(f"tensor {shortened(name)} is sparse; convert it to a dense one")
    return Tensor(name, kind, shape, scales, zero_points or (0,) * len(scales), axis, values)


def _values(model: Any, tensor: Any, kind: str, shape: tuple[int, ...]) -> npt.NDArray[Any] | None:
    number = tensor.Buffer()
    if kind not in NUMPY_TYPES or not 0 < number < model.BuffersLength():
        return None
    buffer = model.Buffers(number)
    if not buffer.DataLength():
        return None
    data = np.frombuffer(buffer.DataAsNumpy().tobytes(), dtype=np.uint8)
    return data.view(np.dtype(NUMPY_TYPES[kind]).newbyteorder("<")).reshape(shape)
