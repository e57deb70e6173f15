# SPDX-License-Identifier: Apache-2.0
"""The order in which an engine with constant weights computes the hidden neurons of a layer."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer

# The search looks at all pairs of neurons again and again: a second at this many.
MOST_NEURONS = 256


def with_ordered_neurons(model: IntegerMlp, folded: FoldedEngine) -> IntegerMlp:
    """The same outputs, with hidden neurons where weights flip few bits from step to step.

    A lane takes the weights of one neuron after the other: those of its own layer, and in the next
    layer those that its activation is multiplied with. What flips there moves multipliers. Only
    the order of what is added up differs, so that every output has the same bits; that of inputs
    and outputs stays. Layers of one step have no order of weights in time and stay as they are, as
    do those of more than `MOST_NEURONS` neurons.

    The result stands for the order alone: files, digests and registers are those of `model`.
    """
    layers = list(model.layers)
    for number, (one, following) in enumerate(pairwise(folded.layers)):
        if one.cycles == 1 or following.cycles == 1 or one.neurons > MOST_NEURONS:
            continue
        order = _order(layers[number], layers[number + 1], one, following)
        layers[number] = _reordered_neurons(layers[number], order)
        weights = layers[number + 1].weights[:, order]
        layers[number + 1] = _changed(layers[number + 1], weights=weights)
    return model.model_copy(update={"layers": tuple(layers)})


def _reordered_neurons(layer: DenseLayer, order: IntegerArray) -> DenseLayer:
    requantiser = layer.requantiser
    shifts = layer.channel_shifts
    return _changed(
        layer,
        weights=layer.weights[order],
        bias=layer.bias[order],
        channel_shifts=tuple(shifts[i] for i in order.tolist()) if shifts else (),
        requantiser=requantiser and requantiser.of_neurons(order),
    )


def _changed(layer: DenseLayer, **fields: object) -> DenseLayer:
    """Made anew: a copy would keep what was computed from the weights in their old order."""
    kept = {name: getattr(layer, name) for name in type(layer).model_fields}
    return type(layer)(**{**kept, **fields})


class _Words(NamedTuple):
    """Words of neurons that follow each other in `lanes` lanes.

    distances: bits in which those of two neurons differ. before, behind: each place's neighbours in
    its lane, round and round; itself where it is alone.
    """

    distances: IntegerArray
    before: IntegerArray
    behind: IntegerArray


def _order(
    layer: DenseLayer, following: DenseLayer, folded: FoldedLayer, next_folded: FoldedLayer
) -> IntegerArray:
    """Numbers of the neurons in their order.

    Neurons p and p + pe follow each other in a lane of this layer, neurons p and p + simd in a lane
    of the next one; behind the last group the first one follows, of the next vector. One neuron
    after the other is placed where it flips the fewest bits, and then pairs are exchanged as long
    as that saves any.
    """
    words = []
    if folded.input_steps == 1:
        words.append(_words(layer.weights, layer.weight_format.width, folded.pe))
    if next_folded.neuron_groups == 1:
        weights, width = following.weights.T, following.weight_format.width
        words.append(_words(weights, width, next_folded.simd))
    if not words:
        return np.arange(folded.neurons)
    order = _nearest(words)
    improved = True
    while improved:
        improved = False
        for place in range(len(order)):
            saved = np.sum([_saved(one, order, place) for one in words], axis=0)
            other = int(np.argmax(saved))
            if saved[other] > 0:
                order[[place, other]] = order[[other, place]]
                improved = True
    return order


def _words(weights: IntegerArray, width: int, lanes: int) -> _Words:
    words = weights & ((1 << width) - 1)
    distances = np.bitwise_count(words[:, None] ^ words[None]).sum(axis=2).astype(np.int64)
    before, behind = np.empty((2, len(words)), dtype=np.int64)
    for lane in range(lanes):
        places = np.arange(lane, len(words), lanes)
        before[places], behind[places] = np.roll(places, 1), np.roll(places, -1)
    return _Words(distances, before, behind)


def _nearest(words: list[_Words]) -> IntegerArray:
    """Place after place the neuron that is nearest to those before it in its lanes."""
    neurons = len(words[0].distances)
    order = np.zeros(neurons, dtype=np.int64)
    left = np.ones(neurons, dtype=bool)
    for place in range(neurons):
        flips = np.zeros(neurons, dtype=np.int64)
        for one in words:
            if one.before[place] < place:
                flips += one.distances[order[one.before[place]]]
        order[place] = np.where(left, flips, np.iinfo(np.int64).max).argmin()
        left[order[place]] = False
    return order


def _saved(words: _Words, order: IntegerArray, place: int) -> IntegerArray:
    """Bits that fewer flip if `place` is exchanged with each place, (neurons,)."""
    places = np.arange(len(order))
    mine = order[place]
    saved = np.zeros(len(order), dtype=np.int64)
    for around in (words.before, words.behind):
        near, nears = around[place], around
        flips = words.distances[mine, order[near]] + words.distances[order, order[nears]]
        # Two neighbours stay neighbours, and who is alone stays alone.
        to_come = np.where(near == places, mine, order[near])
        theirs = np.where(nears == place, order, order[nears])
        after = np.where(near == place, 0, words.distances[order, to_come])
        after += np.where(nears == places, 0, words.distances[mine, theirs])
        saved += flips - after
    return saved
