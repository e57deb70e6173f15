# SPDX-License-Identifier: Apache-2.0
"""Bits of what an engine for piecewise-linear curves computes with."""

from dataclasses import dataclass

import numpy as np

from pulsewright.hls_model.piecewise_linear.network import piecewise_linear_network
from pulsewright.hls_model.reference.fixed_point import width_for_range
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.piecewise_linear_timing import quotient_bits

# Pulses of a block, whose switches are one word.
BLOCK_PULSES = 8
_FEWEST_OFFSET_BITS = 4


@dataclass(frozen=True)
class PiecewiseLinearWidths:
    """weight: of a hidden weight. accumulator: of a hidden neuron, signed. output_weight: signed.

    magnitude: of the slopes of hidden accumulators in a pulse, unsigned. slope: of the output's
    slope and of every sum of corrections, signed. output: of the result, signed.
    offset: of the pulses after the first. quotient: of the pulses before a switch.
    """

    weight: int
    accumulator: int
    output_weight: int
    magnitude: int
    slope: int
    output: int
    offset: int
    quotient: int

    @property
    def blocks(self) -> int:
        """Blocks of `BLOCK_PULSES` pulses that `offset` bits tell apart."""
        return (1 << self.offset) // BLOCK_PULSES


def piecewise_linear_widths(model: IntegerMlp) -> PiecewiseLinearWidths:
    """The fewest bits that hold every value of the network.

    Raises:
        PulsewrightError: the network is not piecewise linear in the pulse number.
    """
    network = piecewise_linear_network(model)
    pulses = len(network.sweep.codes)
    magnitudes = np.abs(network.slopes)
    # Of any sum over neurons of corrections, each at most as large as its neuron's slope.
    largest_slope = int((np.abs(network.output_weights) * magnitudes).sum())
    return PiecewiseLinearWidths(
        weight=_signed_width(network.weights),
        accumulator=model.layers[0].aligned_format.width,
        output_weight=_signed_width(network.output_weights),
        magnitude=max(int(magnitudes.max()).bit_length(), 1),
        slope=width_for_range(-largest_slope, largest_slope, signed=True),
        output=model.output_format.width,
        offset=max((pulses - 1).bit_length(), _FEWEST_OFFSET_BITS),
        quotient=quotient_bits(pulses),
    )


def _signed_width(values: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> int:
    return width_for_range(int(values.min()), int(values.max()), signed=True)
