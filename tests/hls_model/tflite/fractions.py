# SPDX-License-Identifier: Apache-2.0
"""Chains of dense layers in a TFLite file, by the definition of the operator, in fractions."""

from fractions import Fraction
from pathlib import Path

import numpy as np

from pulsewright.hls_model.tflite.flatbuffer import read_graph

HALF = Fraction(1, 2)


def exact_codes(path: Path, row: list[int]) -> tuple[list[int], Fraction]:
    """Output codes for input codes, and the least distance of a sum to a step, in steps."""
    graph = read_graph(path)
    codes, near = row, Fraction(1)
    for operator in graph.operators:
        given, weights, bias = (graph.tensors[one] for one in operator.inputs)
        made = graph.tensors[operator.outputs[0]]
        scales = [Fraction(one) for one in weights.scales]
        [scale], [zero] = given.scales, given.zero_points
        [out_scale], [out_zero] = made.scales, made.zero_points
        # A fused ReLU ends at the code of 0.
        lowest = max(-128, out_zero) if operator.options.activation == 1 else -128
        taken, codes = codes, []
        for neuron, (weights_of, start) in enumerate(
            zip(weights.values.tolist(), bias.values.tolist(), strict=True)
        ):
            total = start + sum(w * (x - zero) for w, x in zip(weights_of, taken, strict=True))
            step = scales[neuron % len(scales)] * Fraction(scale) / Fraction(out_scale)
            code = round(total * step) + out_zero
            codes.append(min(max(code, lowest), 127))
            if lowest < code < 127:
                distance = abs(total * step - int(np.floor(total * step)) - HALF)
                near = min(near, distance)
    return codes, near
