# SPDX-License-Identifier: Apache-2.0
"""The nodes and initialisers of a QONNX graph, layer by layer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

from pulsewright.hls_model.qonnx.dialect import (
    QUANT_DOMAIN,
    QUANT_DOMAIN_VERSION,
    WRITTEN_IR_VERSION,
    WRITTEN_OPSET,
)
from pulsewright.hls_model.qonnx.metadata import metadata_entries
from pulsewright.hls_model.qonnx.quantiser import ROUNDING_NAMES
from pulsewright.hls_model.qonnx.requantiser_nodes import (
    exact_floats,
    requantiser_constants,
)
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, width_for_range
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.reference.requantiser import Requantiser

INPUT, OUTPUT = "x", "y"


def fracs_of(frac: int, shifts: Sequence[int] = ()) -> IntegerArray:
    """One frac, or a row of one for each channel."""
    return np.array(frac) if not shifts else np.array([[frac - shift for shift in shifts]])


class GraphWriter:
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
        fracs = fracs_of(layer.weight_format.frac, layer.channel_shifts)
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
            fracs_of(layer.output_format.frac),
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
            fracs_of(layer.result_format.frac),
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
        fracs = fracs_of(layer.accumulator_frac, layer.channel_shifts)
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
