# SPDX-License-Identifier: Apache-2.0
"""Closes a layer with the quantisers behind its sums, by as many layers as they take."""

from collections.abc import Callable, Sequence

from pulsewright.hls_model.exact.code_stages import CodeStages
from pulsewright.hls_model.exact.finished import FinishedLayers
from pulsewright.hls_model.exact.requantised import ExactLayer, UnreproducibleLayerError
from pulsewright.hls_model.exact.staircase import Staircase
from pulsewright.hls_model.exact.surd import Surd

# Of a layer, its quantiser and the scales of its weights.
Close = Callable[[ExactLayer, Staircase, Sequence[Surd]], None]


def close_codes(
    finished: FinishedLayers,
    layer: ExactLayer,
    scales: Sequence[Surd],
    codes: CodeStages,
    close: Close,
) -> None:
    """Close `layer` by its quantisers, which are one requantiser where that reproduces them.

    scales: of the weights. codes: the quantisers. close: the last layer, as a hidden layer or as
    the output layer.

    Raises:
        UnreproducibleLayerError: no multiplier of 32 bits reproduces the thresholds of a layer.
    """
    try:
        close(layer, codes.whole, scales)
        return
    except UnreproducibleLayerError:
        if not codes.are_several:
            raise
    for following, before, quantiser in codes.unit_layers(layer.neurons):
        finished.close_hidden(layer, before, scales)
        layer, scales = following, (Surd.of(1),)
        finished.remarks.append(
            f"{quantiser.where} quantises what {before.where} quantised, which no one "
            "multiplier does: it takes a layer of its own, whose weights are 0 and 1; put the "
            "ReLU or the rescaling before the first quantiser to save it"
        )
    close(layer, codes.last, scales)
