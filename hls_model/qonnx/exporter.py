# SPDX-License-Identifier: Apache-2.0
"""IntegerMlp as a QONNX graph: Quant -> MatMul -> Add -> Relu -> Quant -> .. -> Add.

A requantiser with multipliers is Mul -> Add -> Quant in place of Relu -> Quant, with a Clip where
codes end below their format; an output scale and offset are Mul -> Add, an index is ArgMax.

A tensor holds real numbers, integer * 2**-frac, so that any QONNX tool reads it. The tensors are
float32 as long as no partial sum of a layer can leave the 24 bits of its significand: then every
order of summation gives the same, exact result. Otherwise they are float64, exact to 53 bits; the
qonnx package's Quant computes in float32 and cannot execute those. Beyond that the export refuses.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import atomic_path
from pulsewright.hls_model.qonnx.dialect import (
    QUANT_DOMAIN,
    QUANT_DOMAIN_VERSION,
    WIDEST_QUANT,
    WRITTEN_IR_VERSION,
    WRITTEN_OPSET,
)
from pulsewright.hls_model.qonnx.metadata import metadata_entries
from pulsewright.hls_model.qonnx.quantiser import ROUNDING_NAMES
from pulsewright.hls_model.qonnx.requantiser_nodes import (
    exact_floats,
    requantiser_bits,
    requantiser_constants,
)
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, width_for_range
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.reference.requantiser import Requantiser

INPUT, OUTPUT = "x", "y"
FLOAT32_BITS, FLOAT64_BITS = 24, 53
# Scales whose products stay clear of float32's smallest and largest normal numbers.
FLOAT32_FRAC = 48


def export_qonnx(model: IntegerMlp, path: Path, batch: int = 1) -> None:
    """Write the QONNX file of `model`, whole or not at all; the same model gives the same bytes.

    Raises:
        PulsewrightError: see `qonnx_model`, or the file cannot be written.
    """
    data = qonnx_model(model, batch).SerializeToString(deterministic=True)
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)


def qonnx_model(model: IntegerMlp, batch: int = 1) -> onnx.ModelProto:
    """The QONNX graph of `model` for so many rows at a time.

    Input x (batch, inputs): code * 2**-frac. Output y (batch, outputs): what the outputs stand for,
    accumulator * 2**-frac of a network without a scale of its own; or the index (batch, 1), int64.

    Raises:
        PulsewrightError: an accumulator, or what a multiplier makes of it, needs more than
            float64's 53 bits, an output scale is none of its numbers, or a format or a rounding is
            one that QONNX has another meaning for.
    """
    _check_formats(model)
    graph = _Graph(float_type(model), batch)
    tensor = graph.quantise(
        INPUT, model.input_format, _fracs(model.input_format.frac), "input", "ROUND", narrow=False
    )
    for number, layer in enumerate(model.layers, start=1):
        last = number == len(model.layers)
        tensor = graph.dense(tensor, layer, f"layer{number}", last)
    graph.finish(tensor, model)
    return graph.proto(model)


def float_type(model: IntegerMlp) -> type[np.float32 | np.float64]:
    """The narrowest floating-point type that computes `model` exactly.

    Raises:
        PulsewrightError: none does.
    """
    bits = max(max(_significand_bits(layer), requantiser_bits(layer)) for layer in model.layers)
    fracs = [
        abs(layer.accumulator_frac)
        + max(layer.channel_shifts, default=0)
        + (layer.shift if layer.requantiser else 0)
        for layer in model.layers
    ]
    if bits > FLOAT64_BITS:
        raise PulsewrightError(
            f"a sum of {model.name!r} may need {bits} bits, float64 has {FLOAT64_BITS}; "
            "use fewer bits, or requantise the layer before"
        )
    return np.float32 if bits <= FLOAT32_BITS and max(fracs) <= FLOAT32_FRAC else np.float64


def _significand_bits(layer: DenseLayer) -> int:
    """Bits of the largest partial sum of a neuron in any order, and of the largest input."""
    largest_input = max(layer.input_format.maximum, -layer.input_format.minimum)
    weights, bias = np.abs(layer.weights.astype(object)), np.abs(layer.bias.astype(object))
    # A sum of exactly 2**24 is a float32 as well, so that the magnitude less one decides.
    sums = weights.sum(axis=1) * largest_input + bias
    return max((int(sums.max()) - 1).bit_length(), (largest_input - 1).bit_length())


def _check_formats(model: IntegerMlp) -> None:
    for number, layer in enumerate(model.layers, start=1):
        formats = [layer.weight_format]
        if number == 1:
            formats.append(layer.input_format)
        if layer.output_format is not None:
            formats.append(layer.output_format)
        for one in formats:
            if one.signed and one.width == 1:
                raise PulsewrightError(
                    f"layer {number} of {model.name!r} has signed numbers of 1 bit, "
                    "which QONNX takes for -1 and 1; use 2 bits"
                )
            if one.width > WIDEST_QUANT:
                raise PulsewrightError(
                    f"layer {number} of {model.name!r} has the format {one}, at most "
                    f"{WIDEST_QUANT} bits are exported; use fewer"
                )


def _fracs(frac: int, shifts: Sequence[int] = ()) -> IntegerArray:
    """One frac, or a row of one for each channel."""
    return np.array(frac) if not shifts else np.array([[frac - shift for shift in shifts]])


class _Graph:
    """Nodes and initialisers as they come."""

    def __init__(self, dtype: type[np.float32 | np.float64], batch: int) -> None:
        self._dtype, self._batch = dtype, batch
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []
        self._shapes: dict[str, Sequence[int]] = {}

    def _constant(self, name: str, values: npt.ArrayLike) -> str:
        array = np.asarray(values, dtype=self._dtype)
        self._initializers.append(numpy_helper.from_array(array, name))
        return name

    def _node(self, operator: str, inputs: Sequence[str], name: str, **given: Any) -> str:
        domain = QUANT_DOMAIN if operator == "Quant" else ""
        output = f"{name}_out"
        self._nodes.append(
            helper.make_node(operator, inputs, [output], name=name, domain=domain, **given)
        )
        return output

    def quantise(
        self,
        tensor: str,
        number_format: FixedPoint,
        fracs: IntegerArray,
        name: str,
        rounding: str,
        narrow: bool,
    ) -> str:
        """A Quant node after `tensor`."""
        parameters = [
            self._constant(f"{name}_scale", np.ldexp(1.0, -fracs)),
            self._constant(f"{name}_zero_point", 0.0),
            self._constant(f"{name}_bit_width", float(number_format.width)),
        ]
        return self._node(
            "Quant",
            [tensor, *parameters],
            f"{name}_quant",
            signed=int(number_format.signed),
            narrow=int(narrow),
            rounding_mode=rounding,
        )

    def dense(self, tensor: str, layer: DenseLayer, name: str, last: bool) -> str:
        """The nodes of a layer after `tensor`."""
        fracs = _fracs(layer.weight_format.frac, layer.channel_shifts)
        values = np.ldexp(layer.weights.T.astype(np.float64), -fracs)
        weights = self.quantise(
            self._constant(f"{name}_weight", values),
            layer.weight_format,
            fracs,
            f"{name}_weight",
            "ROUND",
            narrow=True,
        )
        self._shapes[weights] = values.shape
        tensor = self._sized(self._node("MatMul", [tensor, weights], f"{name}_matmul"), layer)
        tensor = self._sized(
            self._node("Add", [tensor, self._bias(layer, name)], f"{name}_add"), layer
        )
        if layer.requantiser is not None:
            return self._sized(self._codes(tensor, layer.requantiser, layer, name), layer)
        if last:
            return tensor
        tensor = self._sized(self._node("Relu", [tensor], f"{name}_relu"), layer)
        if layer.output_format is None:
            return tensor
        activations = self.quantise(
            tensor,
            layer.output_format,
            _fracs(layer.output_format.frac),
            f"{name}_activation",
            ROUNDING_NAMES[layer.rounding],
            narrow=False,
        )
        return self._sized(activations, layer)

    def _codes(self, tensor: str, requantiser: Requantiser, layer: DenseLayer, name: str) -> str:
        """The nodes of a requantiser with multipliers after the accumulators."""
        constants = requantiser_constants(requantiser, layer, name)
        tensor = self._affine(tensor, constants.factors, constants.offsets, name)
        if constants.ceiling is not None:
            # An empty name is a bound that is not given.
            ceiling = self._constant(f"{name}_ceiling", constants.ceiling)
            tensor = self._as_large("Clip", [tensor, "", ceiling], f"{name}_clip")
        return self.quantise(
            tensor,
            layer.result_format,
            _fracs(layer.result_format.frac),
            f"{name}_activation",
            ROUNDING_NAMES[layer.rounding],
            narrow=constants.narrow,
        )

    def _affine(
        self, tensor: str, factors: npt.ArrayLike, offsets: npt.ArrayLike, name: str
    ) -> str:
        """Times the factors, plus the offsets; what changes nothing is left out."""
        if np.any(np.asarray(factors) != 1):
            factor = self._constant(f"{name}_factor", factors)
            tensor = self._as_large("Mul", [tensor, factor], f"{name}_scale")
        if np.any(np.asarray(offsets) != 0):
            offset = self._constant(f"{name}_offset", offsets)
            tensor = self._as_large("Add", [tensor, offset], f"{name}_shift")
        return tensor

    def _as_large(self, operator: str, inputs: Sequence[str], name: str) -> str:
        """A node whose result has the shape of its first input."""
        output = self._node(operator, inputs, name)
        self._shapes[output] = self._shapes[inputs[0]]
        return output

    def finish(self, tensor: str, model: IntegerMlp) -> None:
        """The nodes behind the last layer, and the output's name."""
        if model.output_scale is not None or model.output_offset is not None:
            scales = exact_floats("output_scale", model.scales, self._dtype)
            tensor = self._affine(
                tensor,
                np.ldexp(scales, model.layers[-1].result_format.frac),
                exact_floats("output_offset", model.offsets, self._dtype),
                "output",
            )
        if model.output is OutputKind.ARGMAX:
            self._node("ArgMax", [tensor], "output_index", axis=1, keepdims=1)
        self._nodes[-1].output[0] = OUTPUT

    def _bias(self, layer: DenseLayer, name: str) -> str:
        fracs = _fracs(layer.accumulator_frac, layer.channel_shifts)
        low, high = int(layer.bias.min()), int(layer.bias.max())
        width = max(width_for_range(low, high, signed=True), 2)
        number_format = FixedPoint(width=width, frac=layer.accumulator_frac, signed=True)
        values = np.ldexp(layer.bias.astype(np.float64), -fracs.reshape(-1))
        bias = self.quantise(
            self._constant(f"{name}_bias", values),
            number_format,
            fracs.reshape(-1) if fracs.ndim else fracs,
            f"{name}_bias",
            "ROUND",
            narrow=False,
        )
        self._shapes[bias] = values.shape
        return bias

    def _sized(self, tensor: str, layer: DenseLayer) -> str:
        self._shapes[tensor] = (self._batch, layer.neurons)
        return tensor

    def proto(self, model: IntegerMlp) -> onnx.ModelProto:
        """The model, with its metadata."""
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(self._dtype))
        self._shapes["input_quant_out"] = (self._batch, model.sizes[0])
        self._shapes.pop(OUTPUT, None)
        is_index = model.output is OutputKind.ARGMAX
        output_kind = onnx.TensorProto.INT64 if is_index else kind
        graph = helper.make_graph(
            self._nodes,
            "pulsewright",
            [helper.make_tensor_value_info(INPUT, kind, (self._batch, model.sizes[0]))],
            [helper.make_tensor_value_info(OUTPUT, output_kind, (self._batch, model.outputs))],
            self._initializers,
            value_info=[
                helper.make_tensor_value_info(name, kind, shape)
                for name, shape in self._shapes.items()
                if name in {output for node in self._nodes for output in node.output}
            ],
        )
        proto = helper.make_model(
            graph,
            producer_name="pulsewright",
            ir_version=WRITTEN_IR_VERSION,
            opset_imports=[
                helper.make_opsetid("", WRITTEN_OPSET),
                helper.make_opsetid(QUANT_DOMAIN, QUANT_DOMAIN_VERSION),
            ],
        )
        for key, value in metadata_entries(model, graph).items():
            entry = proto.metadata_props.add()
            entry.key, entry.value = key, value
        return proto
