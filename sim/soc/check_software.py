# SPDX-License-Identifier: Apache-2.0
"""Which networks 32-bit software can compute, asked before a system is built."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.plain_law import check_plain_law
from pulsewright.sim.soc.software_requantiser import effective_shifts

LARGEST_INT32 = (1 << 31) - 1
# A shift by more leaves nothing of a 32-bit accumulator but its rounding.
LARGEST_SHIFT = 30


def check_software(model: IntegerMlp) -> None:
    """Refuse a network that the software baselines cannot compute in 32 bits.

    Raises:
        PulsewrightError: an accumulator needs more, or a requantiser shifts by more than 30.
    """
    check_plain_law(model, "the software baselines")
    for number, layer in enumerate(model.layers, start=1):
        _check(number, layer)


def _check(number: int, layer: DenseLayer) -> None:
    largest = max(effective_shifts(layer))
    if largest > LARGEST_SHIFT:
        raise PulsewrightError(
            f"layer {number} shifts right by {largest}, the software baselines by at most "
            f"{LARGEST_SHIFT}; quantise its activations by a scale nearer to its accumulators"
        )
    # With what rounding adds, which is less than the largest shift's step.
    reach = (layer.accumulator_magnitude << max(-layer.shift, 0)) + (1 << max(largest, 0))
    if reach > LARGEST_INT32:
        raise PulsewrightError(
            f"the accumulator of layer {number} may reach {reach.bit_length()} bits and a sign, "
            "the software baselines have 32; train or export the model with fewer bits, or "
            "requantise the layer before"
        )
