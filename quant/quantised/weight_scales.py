# SPDX-License-Identifier: Apache-2.0
"""The first power-of-two scales of a layer's weights."""

import torch
from torch import Tensor

from pulsewright.quant.settings import ScaleFit, ScaleGranularity

# Smaller scales than this many halvings of the one that holds the largest weight never pay: at two
# bits, where clipping pays most, two or three do.
MOST_HALVINGS = 8
SMALLEST_WEIGHT = 2.0**-40
# A neuron whose weights are all tiny gets no scale finer than this part of the layer's coarsest: it
# would gain nothing, and the hardware's accumulators are aligned over the whole range.
FINEST_CHANNEL = 2.0**-6


def fit_thresholds(
    weight: Tensor, width: int, granularity: ScaleGranularity, fit: ScaleFit
) -> Tensor:
    """Thresholds v of scales 2**(ceil(v) - width + 1); each is half an octave from its flips.

    weight: (neurons, inputs). width: bits, signed and narrow. Returns (neurons, 1) for one scale a
    neuron, (1, 1) for one a tensor.
    """
    rows = weight if granularity is ScaleGranularity.PER_CHANNEL else weight.reshape(1, -1)
    largest = rows.abs().amax(1, keepdim=True)
    largest = largest.clamp_min(max(float(largest.max()) * FINEST_CHANNEL, SMALLEST_WEIGHT))
    limit = 2 ** (width - 1) - 1
    # The smallest power of two that holds the largest weight as `limit` steps, or less.
    holding = torch.ceil(torch.log2(largest / limit)) + width - 1
    if fit is ScaleFit.MAX:
        return holding - 0.5
    candidates = torch.stack([holding - halvings for halvings in range(MOST_HALVINGS)])
    scales = torch.exp2(candidates - width + 1)
    errors = ((rows / scales).round().clamp(-limit, limit) * scales - rows).square().sum(-1)
    best = errors.argmin(0).reshape(1, -1, 1)
    return candidates.gather(0, best)[0] - 0.5
