# SPDX-License-Identifier: Apache-2.0
"""FINN's own estimates of a network's layers; nothing is generated, which needs Vitis."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

PART = "xc7z020clg400-1"


class FinnEstimate(NamedTuple):
    """block_rams: of 18 kbit. multipliers: pe * simd of all layers."""

    interval: int
    multipliers: int
    luts: int
    dsps: int
    block_rams: int


def divisors(number: int) -> list[int]:
    """Of a layer's inputs or neurons: FINN folds by nothing else."""
    return [one for one in range(1, number + 1) if number % one == 0]


def smallest_folding(inputs: int, neurons: int, interval: int) -> tuple[int, int]:
    """(pe, simd) with the fewest multipliers for a vector in `interval` cycles."""
    fitting = [
        (pe * simd, pe, simd)
        for pe in divisors(neurons)
        for simd in divisors(inputs)
        if inputs * neurons <= interval * pe * simd
    ]
    _, pe, simd = min(fitting)
    return pe, simd


def finn_estimate(model: IntegerMlp, interval: int) -> FinnEstimate:
    """Sums over the layers, without the FIFOs and width converters between them."""
    layers = list(_layers(model, interval))
    return FinnEstimate(
        max(one.interval for one in layers),
        sum(one.multipliers for one in layers),
        sum(one.luts for one in layers),
        sum(one.dsps for one in layers),
        sum(one.block_rams for one in layers),
    )


def _layers(model: IntegerMlp, interval: int) -> Iterator[FinnEstimate]:
    from finn.custom_op.fpgadataflow.hls.matrixvectoractivation_hls import MVAU_hls

    for (inputs, neurons), layer in zip(pairwise(model.sizes), model.layers, strict=True):
        pe, simd = smallest_folding(inputs, neurons, interval)
        node: Any = MVAU_hls(
            _node(
                MW=inputs,
                MH=neurons,
                PE=pe,
                SIMD=simd,
                inputDataType=_finn_type(layer.input_format),
                weightDataType=_finn_type(layer.weight_format),
                outputDataType=_finn_type(layer.result_format),
                accDataType=_finn_type(layer.accumulator_format),
                noActivation=int(layer.output_format is None),
            )
        )
        yield FinnEstimate(
            int(node.get_exp_cycles()),
            pe * simd,
            int(node.lut_estimation(PART)),
            int(node.dsp_estimation(PART)),
            int(node.bram_estimation(PART)),
        )


def _finn_type(number_format: FixedPoint) -> str:
    return f"{'' if number_format.signed else 'U'}INT{number_format.width}"


def _node(**attributes: Any) -> Any:
    from onnx import helper

    return helper.make_node(
        "MVAU_hls",
        ["in", "weights", "thresholds"],
        ["out"],
        domain="finn.custom_op.fpgadataflow.hls",
        backend="fpgadataflow",
        **attributes,
    )
