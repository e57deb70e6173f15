# SPDX-License-Identifier: Apache-2.0
"""What computes by the plain law alone refuses networks of the wider one."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind


def follows_plain_law(model: IntegerMlp) -> bool:
    """True without multipliers in requantisers and with accumulators as outputs."""
    shifts = all(layer.requantiser is None for layer in model.layers)
    return shifts and model.output is OutputKind.ACCUMULATOR


def check_plain_law(model: IntegerMlp, who: str) -> None:
    """Refuse requantisers with multipliers, and outputs other than accumulators, for `who`.

    Raises:
        PulsewrightError: the network has one of them.
    """
    remedy = "train with power-of-two scales, or leave this step out"
    for number, layer in enumerate(model.layers, start=1):
        if layer.requantiser is not None:
            raise PulsewrightError(
                f"layer {number} of {model.name!r} requantises with multipliers and offsets, "
                f"{who} with shifts alone; {remedy}"
            )
    if model.output is not OutputKind.ACCUMULATOR:
        raise PulsewrightError(
            f'{model.name!r} has output = "{model.output}", {who} "accumulator" alone; {remedy}'
        )
