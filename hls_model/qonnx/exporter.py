# SPDX-License-Identifier: Apache-2.0
"""IntegerMlp as a QONNX graph: Quant -> MatMul -> Add -> Relu -> Quant -> .. -> Add.

A requantiser with multipliers is Mul -> Add -> Quant in place of Relu -> Quant, with a Clip where
codes end below their format; an output scale and offset are Mul -> Add, an index is ArgMax.

A tensor holds real numbers, integer * 2**-frac, so that any QONNX tool reads it. The tensors are
float32 as long as no partial sum of a layer can leave the 24 bits of its significand: then every
order of summation gives the same, exact result. Otherwise they are float64, exact to 53 bits; the
qonnx package's Quant computes in float32 and cannot execute those. Beyond that the export refuses.
"""

from pathlib import Path

import numpy as np
import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import atomic_path
from pulsewright.hls_model.qonnx.dialect import (
    WIDEST_QUANT,
)
from pulsewright.hls_model.qonnx.graph_writer import INPUT, GraphWriter, fracs_of
from pulsewright.hls_model.qonnx.requantiser_nodes import (
    requantiser_bits,
)
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

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
    graph = GraphWriter(float_type(model), batch)
    tensor = graph.quantise(
        INPUT, model.input_format, fracs_of(model.input_format.frac), "input", "ROUND", narrow=False
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
