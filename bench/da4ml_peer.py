# SPDX-License-Identifier: Apache-2.0
"""da4ml on a model of ours: constant matrices as adder graphs, one inference a cycle."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

# Delay, in da4ml's units, between two registers.
STAGE_DELAY = 5


class Da4mlDesign(NamedTuple):
    """luts: its own estimate. stages: of the pipeline. verilog: its sources, top module `top`."""

    seconds: float
    luts: float
    stages: int
    top: str
    verilog: list[Path]
    infer: Callable[[IntegerArray], IntegerArray]


def _bits(number_format: FixedPoint) -> tuple[int, int, int]:
    """Sign bits, bits before the point, bits after it."""
    signed = int(number_format.signed)
    return signed, number_format.width - signed - number_format.frac, number_format.frac


def da4ml_design(model: IntegerMlp, folder: Path) -> Da4mlDesign:
    """Trace `model` and write its pipelined Verilog.

    Raises:
        PulsewrightError: a layer rounds half to even, which da4ml does not have.
    """
    from da4ml.codegen.rtl.rtl_model import RTLModel
    from da4ml.trace import FixedVariableArrayInput, comb_trace, to_pipeline

    start = time.perf_counter()
    given = FixedVariableArrayInput((model.sizes[0],))
    x = given.quantize(*_bits(model.input_format))
    for layer in model.layers:
        weights = np.ldexp(layer.aligned_weights.T.astype(np.float64), -layer.weight_format.frac)
        bias = np.ldexp(layer.aligned_bias.astype(np.float64), -layer.accumulator_frac)
        x = x @ weights + bias
        if layer.relu:
            x = x.relu()
        if layer.output_format is not None:
            if layer.rounding is Rounding.HALF_EVEN:
                raise PulsewrightError("da4ml rounds half up or down; give it a half-up model")
            mode = "RND" if layer.rounding is Rounding.HALF_UP else "TRN"
            x = x.quantize(*_bits(layer.output_format), overflow_mode="SAT", round_mode=mode)
    logic = comb_trace(given, x)
    pipeline = to_pipeline(logic, STAGE_DELAY, verbose=False)
    RTLModel(pipeline, model.name, folder, print_latency=False).write()
    seconds = time.perf_counter() - start

    def infer(codes: IntegerArray) -> IntegerArray:
        values = np.ldexp(codes.astype(np.float64), -model.input_format.frac)
        outputs = np.asarray(logic.predict(values), dtype=np.float64)
        results: IntegerArray = np.ldexp(outputs, model.output_format.frac).astype(np.int64)
        return results.reshape(len(codes), -1)

    sources = [
        path
        for path in sorted((folder / "src").rglob("*.v"))
        if path.stem != f"{model.name}_wrapper"
    ]
    return Da4mlDesign(
        seconds, float(logic.cost), len(pipeline.solutions), model.name, sources, infer
    )
