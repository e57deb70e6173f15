# SPDX-License-Identifier: Apache-2.0
"""A network with drawn weights, for what depends on sizes and widths and on no training."""

from itertools import pairwise

import numpy as np

from pulsewright.hls_model.reference.code_map import code_map
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

# Weights of trained networks lie around 0; the largest is some three standard deviations away.
DEVIATIONS = 3.0


def drawn_mlp(
    name: str,
    sizes: tuple[int, ...],
    weight_bits: tuple[int, ...],
    input_bits: int,
    activation_bits: tuple[int, ...],
    seed: int = 0,
) -> IntegerMlp:
    """Signed inputs and weights, unsigned activations, rounded half to even.

    sizes: inputs, then the neurons of every layer. weight_bits: by layer. activation_bits: by
    hidden layer. input_bits: 2 or more, as weight_bits.

    Weights are normal, with ends that take the whole range. Activations are scaled so that few of
    them saturate.
    """
    random = np.random.default_rng(seed)
    x_format = FixedPoint(width=input_bits, frac=input_bits - 1, signed=True)
    input_map = code_map(x_format, sizes[0], x_format.minimum)
    layers: list[DenseLayer] = []
    for number, (inputs, neurons) in enumerate(pairwise(sizes)):
        hidden = number < len(sizes) - 2
        width = weight_bits[number]
        weight_format = FixedPoint(width=width, frac=width - 1, signed=True)
        limit = weight_format.maximum
        weights = np.rint(random.normal(0, limit / DEVIATIONS, (neurons, inputs)))
        weights.flat[0] = limit
        given = layers[-1].result_format if layers else x_format
        # Of a sum of products, each of a half of the operand's range.
        deviation = inputs**0.5 * limit / DEVIATIONS * given.maximum / 2
        output_format = None
        if hidden:
            output_format = _activation_format(
                activation_bits[number], given.frac + weight_format.frac, deviation
            )
        layers.append(
            DenseLayer(
                weights=np.clip(weights, -limit, limit).astype(np.int64),
                bias=np.rint(random.normal(0, deviation / DEVIATIONS, neurons)).astype(np.int64),
                input_format=given,
                weight_format=weight_format,
                relu=hidden,
                output_format=output_format,
                rounding=Rounding.HALF_EVEN,
            )
        )
    return IntegerMlp(name=name, input_map=input_map, layers=tuple(layers))


def _activation_format(width: int, accumulator_frac: int, deviation: float) -> FixedPoint:
    """The format of activations that few accumulators of this standard deviation saturate."""
    shift = max(0, round(np.log2(DEVIATIONS * deviation / ((1 << width) - 1))))
    return FixedPoint(width=width, frac=accumulator_frac - shift, signed=False)
