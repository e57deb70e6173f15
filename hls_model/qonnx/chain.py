# SPDX-License-Identifier: Apache-2.0
"""The path of the activations through the graph: Quant, then dense layers, Relu and Quant."""

from collections.abc import Sequence
from math import prod

import numpy as np
import onnx
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.attributes import attribute, is_quant, is_standard, unsupported
from pulsewright.hls_model.qonnx.constants import Constant, quantiser_of
from pulsewright.hls_model.qonnx.dense_draft import DenseDraft, dense_draft, leading_ones
from pulsewright.hls_model.qonnx.dialect import WIDEST_QUANT
from pulsewright.hls_model.qonnx.dyadic import fractional_bits
from pulsewright.hls_model.qonnx.graph import label
from pulsewright.hls_model.qonnx.quantiser import ROUNDINGS, Quantiser
from pulsewright.hls_model.qonnx.shape_rules import reshaped_samples
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.shortened import shortened

SHAPE_OPERATORS = ("Reshape", "Flatten", "Squeeze", "Unsqueeze")
# Stands for an open batch: no product of other sizes is taken for it.
OPEN_BATCH = 1_000_003


class Chain:
    """Reads the activations' nodes one after the other, in the order of execution.

    After the nodes, `layers` are the finished layers, `first` the input's quantiser.
    """

    def __init__(self, batch: int | None, dims: Sequence[int], keep_channels: bool) -> None:
        self.layers: list[DenseLayer] = []
        self.first: Quantiser | None = None
        self._shape = (batch or OPEN_BATCH, *dims)
        self._keep_channels = keep_channels
        # What the present tensor is: codes of a format times 2**gain, or a layer not finished.
        self._format: FixedPoint | None = None
        self._gain = 0
        self._draft: DenseDraft | None = None
        # A signed quantiser before the Relu that makes its range the law's.
        self._signed: Quantiser | None = None

    @property
    def inputs(self) -> int:
        """Values of one sample, at present."""
        return prod(self._shape[1:])

    def read(self, node: onnx.NodeProto, others: Sequence[Constant | None], position: int) -> None:
        """Take `node` on. others: its inputs, None where the activations are, at `position`.

        Raises:
            PulsewrightError: the node is none that a chain of dense layers has here.
        """
        operator = node.op_type
        first = position == 0
        if is_quant(node) and first:
            self._quantise(node, quantiser_of(node, others[1:]))
        elif not is_standard(node):
            raise unsupported(node)
        elif operator == "Identity":
            pass
        elif operator in SHAPE_OPERATORS and first:
            second = others[1] if len(others) > 1 else None
            self._reshape(node, second)
        elif self.first is None:
            raise PulsewrightError(
                f"{label(node)} stands before a Quant node of the input; "
                "quantise the model's input first (QuantIdentity in Brevitas)"
            )
        elif operator == "MatMul":
            if not first:
                raise PulsewrightError(
                    f"{label(node)}: weights stand before the activations; "
                    "export activations times weights"
                )
            self._multiply(node, others[1])
        elif operator == "Gemm" and first:
            self._gemm(node, others)
        elif operator == "Add":
            self._open(node).add(_given(node, others[1 - position]).values, _what(node, "constant"))
            self._widen(node, others[1 - position])
        elif operator == "Mul" or (operator == "Div" and first):
            self._scale(node, _given(node, others[1 - position]), divide=operator == "Div")
        elif operator == "Relu":
            self._relu(node)
        else:
            raise unsupported(node)

    def finish(self, output: str, drop_quantiser: bool) -> tuple[DenseLayer, ...]:
        """All layers, once every node is read.

        drop_quantiser: leave out a signed quantiser of the output, so that the accumulator before
        it is the result.

        Raises:
            PulsewrightError: the last node is not a dense layer, nor a quantiser that may go.
        """
        draft, signed = self._draft, self._signed
        if self.first is None or draft is None or draft.relu:
            raise PulsewrightError(
                f"output {shortened(output)} does not come from a dense layer; end the model with "
                "one, without Relu or Quant: the coprocessor hands on its accumulator"
            )
        layer = draft.finished(self._keep_channels)
        low, high = layer.aligned_range
        if (
            signed is not None
            and not drop_quantiser
            and not signed.keeps(low, high, layer.accumulator_frac)
        ):
            raise PulsewrightError(
                f"{signed.where} quantises the output, and the coprocessor hands on the "
                "accumulator before it; export the model without that quantiser, or have it "
                'dropped: output_quantiser = "drop" in [model]'
            )
        return (*self.layers, layer)

    def _open(self, node: onnx.NodeProto) -> DenseDraft:
        """The layer whose accumulator is the present tensor."""
        if self._draft is None or self._draft.relu or self._signed is not None:
            raise PulsewrightError(
                f"{label(node)} does not follow a dense layer; "
                "export a chain of dense layers, Relu and Quant nodes"
            )
        return self._draft

    def _close(self, node: onnx.NodeProto) -> FixedPoint:
        """Finish the layer before a dense layer, if there is one; the format of its activations."""
        if self._signed is not None:
            raise PulsewrightError(
                f"{self._signed.where} makes signed activations; put a Relu before it"
            )
        if self._draft is not None:
            if not self._draft.relu:
                raise PulsewrightError(
                    f"{label(node)} follows {self._draft.where} without a Relu between them; "
                    "merge the two layers, or put a Relu there"
                )
            self.layers.append(self._draft.finished(self._keep_channels))
            self._draft, self._format = None, _result_format(self.layers[-1], node)
        if self._format is None:
            raise PulsewrightError(f"{label(node)}: its input is not quantised; put a Quant there")
        return self._format

    def _multiply(self, node: onnx.NodeProto, weights: Constant | None) -> None:
        given = _given(node, weights)
        number_format = self._close(node)
        if not leading_ones(self._shape[1:]):
            raise PulsewrightError(
                f"{label(node)} multiplies a tensor of shape {list(self._shape[1:])} a sample; "
                "flatten it before"
            )
        draft = dense_draft(label(node), given, number_format, self._shape[-1], self._gain)
        self._draft, self._gain = draft, 0
        self._shape = (*self._shape[:-1], len(draft.bias))

    def _gemm(self, node: onnx.NodeProto, others: Sequence[Constant | None]) -> None:
        for name, needed in (("alpha", 1.0), ("beta", 1.0), ("transA", 0)):
            value = attribute(node, name, needed)
            if value != needed:
                raise PulsewrightError(f"{label(node)}: {name} is {value}; export it as {needed}")
        if len(self._shape) != 2:
            raise PulsewrightError(
                f"{label(node)} multiplies a tensor of {len(self._shape)} dimensions; "
                "flatten it before"
            )
        weights = _given(node, others[1])
        if attribute(node, "transB", 0):
            weights = weights.rearranged(np.transpose)
        self._multiply(node, weights)
        if len(others) > 2 and others[2] is not None:
            self._open(node).add(others[2].values, _what(node, "bias"))

    def _widen(self, node: onnx.NodeProto, constant: Constant | None) -> None:
        """A constant with more dimensions than the activations would give them more."""
        if constant is not None and constant.values.ndim > len(self._shape):
            raise PulsewrightError(
                f"{label(node)}: its constant has {constant.values.ndim} dimensions, the "
                f"activations have {len(self._shape)}; flatten it"
            )

    def _scale(self, node: onnx.NodeProto, constant: Constant, divide: bool) -> None:
        self._widen(node, constant)
        what = _what(node, "factor")
        fracs = fractional_bits(constant.values, what)
        factors = np.ldexp(1.0, fracs if divide else -fracs)
        if self._draft is not None and self._draft.output_format is None and self._signed is None:
            self._draft.scale(factors, what)
        elif constant.values.size == 1 and self._signed is None:
            self._gain += int(fracs.flat[0]) if divide else -int(fracs.flat[0])
        else:
            raise PulsewrightError(
                f"{label(node)} scales activations by channel; scale the layer before instead"
            )

    def _relu(self, node: onnx.NodeProto) -> None:
        if self._signed is not None and self._draft is not None:
            self._requantise(self._signed)
            self._signed = None
        elif self._draft is not None:
            self._draft.relu = True
        elif self._format is None or self._format.signed:
            raise PulsewrightError(
                f"{label(node)} follows the input's Quant node; feed the first dense layer from it"
            )

    def _requantise(self, quantiser: Quantiser) -> None:
        """The layer's output format; a signed range after or before a Relu loses its sign."""
        draft = self._draft
        assert draft is not None
        if quantiser.rounding not in ROUNDINGS:
            raise PulsewrightError(
                f"{quantiser.where}: rounding_mode {quantiser.rounding!r} of activations; "
                f"use one of {', '.join(ROUNDINGS)}"
            )
        if quantiser.narrow and not quantiser.signed:
            raise PulsewrightError(
                f"{quantiser.where}: the narrow range of unsigned activations, "
                f"0..{quantiser.maximum}, is not computed here; export it with narrow = 0"
            )
        draft.relu = True
        draft.output_format = FixedPoint(
            width=quantiser.width - quantiser.signed, frac=quantiser.scalar_frac(), signed=False
        )
        draft.rounding = ROUNDINGS[quantiser.rounding]

    def _quantise(self, node: onnx.NodeProto, quantiser: Quantiser) -> None:
        if quantiser.width > WIDEST_QUANT:
            raise PulsewrightError(
                f"{quantiser.where}: activations of {quantiser.width} bits, at most "
                f"{WIDEST_QUANT} are read; use fewer"
            )
        draft = self._draft
        if self.first is None:
            if quantiser.narrow and not quantiser.signed:
                raise PulsewrightError(
                    f"{quantiser.where}: the narrow range of unsigned inputs is not computed "
                    "here; export it with narrow = 0"
                )
            self.first, self._format = quantiser, quantiser.number_format()
        elif draft is not None and draft.output_format is None and self._signed is None:
            if draft.relu or not quantiser.signed:
                self._requantise(quantiser)
            else:
                self._signed = quantiser
        elif self._signed is not None or not self._passes(quantiser):
            raise PulsewrightError(
                f"{quantiser.where} quantises what is quantised already, to other values; "
                "leave one of the two quantisers out"
            )

    def _passes(self, quantiser: Quantiser) -> bool:
        """True if a second quantiser changes no activation."""
        present = self._format
        if self._draft is not None:
            present = self._draft.output_format
        return present is not None and quantiser.keeps(
            present.minimum, present.maximum, present.frac - self._gain
        )

    def _reshape(self, node: onnx.NodeProto, second: Constant | None) -> None:
        given = None if second is None else second.values
        open_batch = self._shape[0] == OPEN_BATCH
        shape = reshaped_samples(node, self._shape, given, open_batch=open_batch)
        if self._draft is not None and shape[-1] != self._shape[-1]:
            raise PulsewrightError(
                f"{label(node)} reshapes what a dense layer made; keep (batch, neurons)"
            )
        self._shape = shape


def _result_format(layer: DenseLayer, node: onnx.NodeProto) -> FixedPoint:
    try:
        return layer.result_format
    except ValidationError as error:
        raise PulsewrightError(
            f"{label(node)}: its input has scales finer or coarser than fixed point has here; "
            "scale the network"
        ) from error


def _what(node: onnx.NodeProto, part: str) -> str:
    return f"{label(node)}: its {part}"


def _given(node: onnx.NodeProto, constant: Constant | None) -> Constant:
    if constant is None:
        raise PulsewrightError(
            f"{label(node)} joins two activations; export a chain without branches"
        )
    return constant
