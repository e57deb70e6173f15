# SPDX-License-Identifier: Apache-2.0
"""Which networks an engine with one multiplier for both layers computes."""

from collections.abc import Sequence

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind

SHARED_MULTIPLIER = "multipliers = 1"
MORE_MULTIPLIERS = "give a multiplier for each layer, or more"

# Inputs and outputs alone, and with the neurons of one hidden layer between them.
_WITHOUT_HIDDEN_LAYER, _WITH_ONE = 2, 3


def shares_multiplier(sizes: Sequence[int], multipliers: int | None) -> bool:
    """Whether layers have to share a multiplier: there is one, and more layers than that.

    sizes: inputs, then the neurons of every layer.
    """
    return multipliers == 1 and len(sizes) > _WITHOUT_HIDDEN_LAYER


def check_shared_multiplier(model: IntegerMlp) -> None:
    """Refuse networks for which the engine with one multiplier has no hardware.

    Raises:
        PulsewrightError: there is no hidden layer or more than one, a requantiser multiplies, a
            layer has scales per channel, or results are other than accumulators.
    """
    check_shared_multiplier_sizes(model.sizes)
    for number, layer in enumerate(model.layers, start=1):
        if layer.requantiser is not None:
            raise PulsewrightError(
                f"{SHARED_MULTIPLIER} for {model.name!r}, whose layer {number} requantises with "
                f"multipliers of its own; {MORE_MULTIPLIERS}, or train with scales that are powers "
                "of two"
            )
        if any(layer.channel_shifts):
            raise PulsewrightError(
                f"{SHARED_MULTIPLIER} for {model.name!r}, whose layer {number} has scales per "
                f'channel; {MORE_MULTIPLIERS}, or train with weight_scales = "per_tensor"'
            )
    if model.output is not OutputKind.ACCUMULATOR:
        raise PulsewrightError(
            f'{SHARED_MULTIPLIER} with output = "{model.output}" of {model.name!r}: results of its '
            f"engine are accumulators; {MORE_MULTIPLIERS}, or leave output out"
        )


def check_shared_multiplier_options(
    *, incremental: bool, reloadable: bool, shallow: bool, stream: bool
) -> None:
    """Refuse what other engines can do and this one cannot.

    stream: vectors come in beats.

    Raises:
        PulsewrightError: one of them is asked for.
    """
    asked = {
        "incremental inference": incremental,
        "reloadable weights": reloadable,
        "a shallow pipeline": shallow,
        "a stream of vectors in beats": stream,
    }
    for name, is_asked in asked.items():
        if is_asked:
            raise PulsewrightError(
                f"{name} beside {SHARED_MULTIPLIER}, whose engine computes whole vectors with "
                f"constant weights, one product a cycle; leave it out, or {MORE_MULTIPLIERS}"
            )


def check_shared_multiplier_sizes(sizes: Sequence[int]) -> None:
    """As `check_shared_multiplier`, of what sizes alone tell: inputs, then neurons of each layer.

    Raises:
        PulsewrightError: there is no hidden layer, or more than one.
    """
    if len(sizes) != _WITH_ONE:
        raise PulsewrightError(
            f"{SHARED_MULTIPLIER} needs one hidden layer, the network has {len(sizes) - 2}; "
            f"{MORE_MULTIPLIERS}: {len(sizes) - 1}"
        )
