# SPDX-License-Identifier: Apache-2.0
"""The qonnx package's own executor, to compare with. Needs the package itself."""

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.exporter import float_type, qonnx_model
from pulsewright.hls_model.qonnx.graph_writer import INPUT, OUTPUT
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp


def is_executable(model: IntegerMlp) -> bool:
    """True if float32, in which the qonnx package executes Quant, is exact for `model`.

    What outputs stand for at a scale of their own is not turned back into integers.
    """
    scaled = model.output_scale is not None or model.output_offset is not None
    return float_type(model) is np.float32 and not scaled


def executed(model: IntegerMlp, codes: npt.NDArray[np.integer[Any]]) -> IntegerArray:
    """Output integers (rows, outputs) of input codes (rows, inputs), by the qonnx package.

    Raises:
        PulsewrightError: float32 is not exact for the model, or an output is not an integer at the
            accumulator's scale.
        ModuleNotFoundError: the qonnx package is not installed.
    """
    if not is_executable(model):
        raise PulsewrightError(
            f"{model.name!r} may need more than float32's 24 bits, in which the qonnx package "
            "executes Quant nodes; requantise its hidden layers, or use fewer bits"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from qonnx.core.modelwrapper import ModelWrapper
        from qonnx.core.onnx_exec import execute_onnx

        wrapper = ModelWrapper(qonnx_model(model, batch=len(codes)))
        values = np.ldexp(codes.astype(np.float32), -model.input_format.frac)
        outputs = execute_onnx(wrapper, {INPUT: values.astype(np.float32)})[OUTPUT]
    accumulators = np.ldexp(outputs.astype(np.float64), model.output_format.frac)
    rounded = np.rint(accumulators)
    if (rounded != accumulators).any():
        raise PulsewrightError(
            f"the qonnx package computes {outputs.flat[0]} for {model.name!r}, "
            "not an integer at the accumulator's scale; report it"
        )
    results: IntegerArray = rounded.astype(np.int64)
    return results
