# SPDX-License-Identifier: Apache-2.0
"""Which networks 32-bit software can compute, asked before a system is built."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.registers.room import fits_registers
from pulsewright.sim.soc.software_requantiser import effective_shifts

LARGEST_INT32 = (1 << 31) - 1
# A shift by more leaves nothing of a 32-bit accumulator but its rounding.
LARGEST_SHIFT = 30


def check_software(model: IntegerMlp) -> None:
    """Refuse a network that the software baselines cannot compute in 32 bits.

    Raises:
        PulsewrightError: inputs or results have windows, an accumulator needs more than 32 bits, a
            requantiser shifts by more than 30, or a code of one with multipliers, which software
            computes in 64 bits, leaves 32.
    """
    if not fits_registers(model.sizes[0], model.outputs, model.input_format.width):
        raise PulsewrightError(
            f"{model.sizes[0]} inputs and {model.outputs} results have windows, and the software "
            "baselines and their programs take vectors that fit among the registers; pulsewright "
            "soc runs such a network without software beside it"
        )
    for number, layer in enumerate(model.layers, start=1):
        _check(number, layer)


def _check(number: int, layer: DenseLayer) -> None:
    if layer.requantiser is not None:
        _check_reach(number, layer.accumulator_magnitude)
        if layer.result_format.maximum > LARGEST_INT32:
            raise PulsewrightError(
                f"layer {number} makes codes of {layer.result_format.width} bits, the software "
                "baselines have 32 with a sign; quantise to fewer"
            )
        return
    largest = max(effective_shifts(layer))
    if largest > LARGEST_SHIFT:
        raise PulsewrightError(
            f"layer {number} shifts right by {largest}, the software baselines by at most "
            f"{LARGEST_SHIFT}; quantise its activations by a scale nearer to its accumulators"
        )
    # With what rounding adds, which is less than the largest shift's step.
    _check_reach(number, (layer.accumulator_magnitude << layer.left_shift) + (1 << max(largest, 0)))


def _check_reach(number: int, reach: int) -> None:
    if reach > LARGEST_INT32:
        raise PulsewrightError(
            f"the accumulator of layer {number} may reach {reach.bit_length()} bits and a sign, "
            "the software baselines have 32; train or export the model with fewer bits, or "
            "requantise the layer before"
        )
