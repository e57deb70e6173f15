# SPDX-License-Identifier: Apache-2.0
"""The first scales of a layer's weights, as the logarithms that are learned from there on."""

import torch
from torch import Tensor

from pulsewright.quant.settings import ScaleFit, WeightScales

# Smaller scales than this many halvings of the one that holds the largest weight never pay: at two
# bits, where clipping pays most, two or three do.
MOST_HALVINGS = 8
# Floats that are tried between one halving and the next.
FLOATS_A_HALVING = 16
SMALLEST_WEIGHT = 2.0**-40
# A neuron whose weights are all tiny gets no scale finer than this part of the layer's coarsest: it
# would gain nothing, and the hardware's accumulators are aligned over the whole range.
FINEST_CHANNEL = 2.0**-6


def scale_of(threshold: Tensor, largest_code: int, *, is_float: bool) -> Tensor:
    """Scale of the learned logarithm v: 2**v / largest_code, or 2**ceil(v) / (largest_code + 1).

    The first are floats, the second powers of two. largest_code: of the format, 2**bits - 1.
    """
    if is_float:
        return torch.exp2(threshold) / largest_code
    return torch.exp2(torch.ceil(threshold)) / (largest_code + 1)


def fit_thresholds(weight: Tensor, width: int, scales: WeightScales, fit: ScaleFit) -> Tensor:
    """Thresholds v of `scale_of`; those of powers of two are half an octave from their flips.

    weight: (neurons, inputs). width: bits, signed and narrow. Returns (neurons, 1) for one scale a
    neuron, (1, 1) for one a tensor.
    """
    rows = weight if scales.by_channel else weight.reshape(1, -1)
    largest = rows.abs().amax(1, keepdim=True)
    largest = largest.clamp_min(max(float(largest.max()) * FINEST_CHANNEL, SMALLEST_WEIGHT))
    limit = 2 ** (width - 1) - 1
    # The smallest scale that holds the largest weight as `limit` steps, or less.
    if scales.are_floats:
        holding, candidates_a_halving, middle = torch.log2(largest), FLOATS_A_HALVING, 0.0
    else:
        holding = torch.ceil(torch.log2(largest / limit)) + width - 1
        candidates_a_halving, middle = 1, 0.5
    if fit is ScaleFit.MAX:
        return holding - middle
    count = MOST_HALVINGS * candidates_a_halving
    candidates = torch.stack([holding - one / candidates_a_halving for one in range(count)])
    tried = scale_of(candidates, limit, is_float=scales.are_floats)
    errors = ((rows / tried).round().clamp(-limit, limit) * tried - rows).square().sum(-1)
    best = errors.argmin(0).reshape(1, -1, 1)
    return candidates.gather(0, best)[0] - middle
