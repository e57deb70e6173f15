# SPDX-License-Identifier: Apache-2.0
"""Which software baselines of `firmware/baseline` can do a network."""

from pulsewright.hls_model.reference.fixed_point import width_for_range
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.plain_law import follows_plain_law
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep

TWO_LAYERS = ("mlp_unrolled", "mlp_swar", "mlp_swar_unrolled")
LARGEST_LANE = 8
DOT4_LAYERS = 4
C_INTEGERS = (8, 16, 32)


def fits_dot4(model: IntegerMlp) -> bool:
    """True if four products an instruction can do it: weights and operands have 8 bits each."""
    if not follows_plain_law(model):
        return False
    layers = model.layers
    fit_lanes = len(layers) == 2 or (
        len(layers) <= DOT4_LAYERS
        and all(layer.input_format.width <= LARGEST_LANE for layer in layers[1:])
    )
    fits = weight_bits(model) <= LARGEST_LANE and model.input_format.width <= LARGEST_LANE
    return fits and fit_lanes


def weight_bits(model: IntegerMlp) -> int:
    """Bits of the narrowest integer type of C that holds every weight: 8, 16 or 32.

    Of the weights themselves: -128 fits 8 bits, although its symmetric format has 9.
    """
    lows, highs = zip(
        *((int(layer.weights.min()), int(layer.weights.max())) for layer in model.layers),
        strict=True,
    )
    width = width_for_range(min(lows), max(highs), signed=True)
    return next(bits for bits in C_INTEGERS if width <= bits)


def baselines(model: IntegerMlp) -> list[str]:
    """Names of the C files without their suffix."""
    if not follows_plain_law(model):
        return ["mlp_plain"]
    names = ["mlp_plain", "mlp_fused"]
    if len(model.layers) == 2:
        names += TWO_LAYERS
    if fits_dot4(model):
        names.append("mlp_dot4")
    if pulse_sweep(model) is not None:
        names.append("mlp_incremental")
    return names
