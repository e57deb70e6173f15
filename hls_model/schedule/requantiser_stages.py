# SPDX-License-Identifier: Apache-2.0
"""What a network's formats and ports add to a folding, which sizes alone do not tell."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.schedule.feed_memory import fits_feed_memory
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.piecewise_linear_timing import quotient_bits
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.schedule.shared_multiplier_network import (
    MORE_MULTIPLIERS,
    SHARED_MULTIPLIER,
    check_shared_multiplier,
)
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer


def with_requantisers(folded: FoldedEngine, model: IntegerMlp) -> FoldedEngine:
    """The same folding with the stages that `model` needs.

    A layer whose requantiser multiplies takes one stage more, an output layer that makes codes
    another one, an argmax those of `FoldedEngine.argmax_stages`. Networks that shift alone and hand
    on accumulators take none. Large double buffers are put in memories (see `fits_feed_memory`). An
    engine for piecewise-linear curves divides by as many bits as the model's pulses have.

    Raises:
        PulsewrightError: the layers share a multiplier, and `model` is no network for that.
    """
    if folded.shared_multiplier is not None:
        check_shared_multiplier(model)
    timing = folded.piecewise_linear
    if timing is not None and (sweep := pulse_sweep(model)) is not None:
        timing = timing.model_copy(update={"quotient": quotient_bits(len(sweep.codes))})
    layers = tuple(
        _with_formats(one, layer) for one, layer in zip(folded.layers, model.layers, strict=True)
    )
    return FoldedEngine(
        layers=layers,
        reloadable=folded.reloadable,
        argmax=model.output is OutputKind.ARGMAX,
        transfer=folded.transfer,
        piecewise_linear=timing,
        shared_multiplier=folded.shared_multiplier,
    )


def with_transfer(
    folded: FoldedEngine, model: IntegerMlp, transfer: VectorTransfer
) -> FoldedEngine:
    """The same folding for `model` with ports for vectors in this transfer.

    Raises:
        PulsewrightError: an incremental layer, which compares whole vectors, would not get them,
            nor would an engine with one multiplier, which holds them.
    """
    first, *others = folded.layers
    whole = transfer is VectorTransfer.WHOLE
    if first.incremental and not whole:
        raise PulsewrightError(
            "incremental inference compares whole vectors and gets this one in beats; leave "
            "incremental out"
        )
    if folded.shared_multiplier is not None and not whole:
        raise PulsewrightError(
            f"{SHARED_MULTIPLIER} takes whole vectors and gets this one in beats; "
            f"{MORE_MULTIPLIERS}"
        )
    built = first.model_dump(exclude={"beat", "repeated", "buffered_in_memory"})
    first = FoldedLayer(
        **built,
        beat=first.inputs if whole else first.simd,
        repeated=transfer is VectorTransfer.STEPS,
    )
    return with_requantisers(
        FoldedEngine(layers=(first, *others), reloadable=folded.reloadable, transfer=transfer),
        model,
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


def _with_formats(folded_layer: FoldedLayer, layer: DenseLayer) -> FoldedLayer:
    plain = folded_layer.model_dump(exclude={"output_codes", "multiplied", "buffered_in_memory"})
    return FoldedLayer(
        **plain,
        output_codes=_makes_codes(layer) and not folded_layer.hidden,
        multiplied=_multiplies(layer),
        buffered_in_memory=fits_feed_memory(folded_layer, layer.input_format.width),
    )


def _makes_codes(layer: DenseLayer) -> bool:
    return layer.output_format is not None


def _multiplies(layer: DenseLayer) -> bool:
    return layer.requantiser is not None and layer.requantiser.multiplies
