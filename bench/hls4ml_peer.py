# SPDX-License-Identifier: Apache-2.0
"""hls4ml on a model of ours: from its QONNX file to hls4ml's C++ emulation with g++."""

import io
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np

from pulsewright.hls_model.qonnx.exporter import qonnx_model
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp


def ap_type(number_format: FixedPoint) -> str:
    """A format as hls4ml writes it: total bits and bits before the point."""
    kind = "fixed" if number_format.signed else "ufixed"
    return f"{kind}<{number_format.width},{number_format.width - number_format.frac}>"


def hls4ml_emulator(
    model: IntegerMlp, folder: Path
) -> tuple[float, float, Callable[[IntegerArray], IntegerArray]]:
    """(seconds to write the C++, seconds to compile it, codes to accumulators).

    The Quant nodes say weights, biases and activations. Input and accumulators, which hls4ml would
    otherwise choose, are given exactly.
    """
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        import hls4ml
        from qonnx.core.modelwrapper import ModelWrapper
        from qonnx.util.cleanup import cleanup_model

        start = time.perf_counter()
        wrapper = cleanup_model(ModelWrapper(qonnx_model(model)))
        settings = hls4ml.utils.config_from_onnx_model(
            wrapper, granularity="name", backend="Vitis", default_precision="fixed<16,6>"
        )
        _give_types(settings["LayerName"], model)
        project = hls4ml.converters.convert_from_onnx_model(
            wrapper,
            output_dir=str(folder),
            project_name=model.name,
            backend="Vitis",
            io_type="io_parallel",
            hls_config=settings,
        )
        project.write()
        written = time.perf_counter()
        project.compile()
        compiled = time.perf_counter()

    def infer(codes: IntegerArray) -> IntegerArray:
        values = np.ldexp(codes.astype(np.float32), -model.input_format.frac)
        outputs = project.predict(np.ascontiguousarray(values, dtype=np.float32))
        accumulators = np.ldexp(outputs.astype(np.float64), model.output_format.frac)
        results: IntegerArray = accumulators.astype(np.int64).reshape(len(codes), -1)
        return results

    return written - start, compiled - written, infer


def _give_types(layers: dict[str, Any], model: IntegerMlp) -> None:
    """Exact types for the input and for the accumulator of every layer."""
    layers["global_in"] = {"Precision": {"result": ap_type(model.input_format)}}
    for number, layer in enumerate(model.layers):
        accumulator = ap_type(layer.aligned_format)
        layers[f"MatMul_{number}"]["Precision"] |= {"result": accumulator, "accum": accumulator}
        layers[f"Add_{number}"]["Precision"] |= {"result": accumulator}
