# SPDX-License-Identifier: Apache-2.0
"""Which software baselines of `firmware/baseline` can do a network."""

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep

TWO_LAYERS = ("mlp_unrolled", "mlp_swar", "mlp_swar_unrolled")
LARGEST_LANE = 8
DOT4_LAYERS = 4


def baselines(model: IntegerMlp) -> list[str]:
    """Names of the C files without their suffix."""
    names = ["mlp_plain", "mlp_fused"]
    layers = model.layers
    if len(layers) == 2:
        names += TWO_LAYERS
    fit_lanes = len(layers) == 2 or (
        len(layers) <= DOT4_LAYERS
        and all(layer.input_format.width <= LARGEST_LANE for layer in layers[1:])
    )
    if model.input_format.width <= LARGEST_LANE and fit_lanes:
        names.append("mlp_dot4")
    if pulse_sweep(model) is not None:
        names.append("mlp_incremental")
    return names
