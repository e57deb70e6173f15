# SPDX-License-Identifier: Apache-2.0
"""The stages that requantisers and outputs add to a folding, which sizes alone do not tell."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.schedule.folding import FoldedEngine, FoldedLayer


def with_requantisers(folded: FoldedEngine, model: IntegerMlp) -> FoldedEngine:
    """The same folding with the stages that `model` needs.

    A layer whose requantiser multiplies takes one stage more, an output layer that makes codes
    another one, an argmax those of `FoldedEngine.argmax_stages`. Networks that shift alone and hand
    on accumulators take none.
    """
    layers = tuple(
        FoldedLayer(
            **one.model_dump(exclude={"output_codes", "multiplied"}),
            output_codes=_makes_codes(layer) and not one.hidden,
            multiplied=_multiplies(layer),
        )
        for one, layer in zip(folded.layers, model.layers, strict=True)
    )
    return FoldedEngine(
        layers=layers, reloadable=folded.reloadable, argmax=model.output is OutputKind.ARGMAX
    )


def check_stages(folded: FoldedEngine, model: IntegerMlp) -> None:
    """Refuse a folding whose stages are not those of `model`.

    Raises:
        PulsewrightError: they are not.
    """
    if folded != with_requantisers(folded, model):
        raise PulsewrightError(
            f"the folding of {model.name!r} has the stages of another network's requantisers and "
            "outputs, or none; take with_requantisers of it and the network"
        )


def _makes_codes(layer: DenseLayer) -> bool:
    return layer.output_format is not None


def _multiplies(layer: DenseLayer) -> bool:
    return layer.requantiser is not None and layer.requantiser.multiplies
