# SPDX-License-Identifier: Apache-2.0
"""Networks whose weights are loaded later: the formats that hold any of them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, width_for_range
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.requantiser import check_reach
from pulsewright.hls_model.words import WORD_BITS


def reloadable_formats(model: IntegerMlp) -> IntegerMlp:
    """A network with the structure of `model` whose formats hold every choice of weights.

    Its weights and biases are the extremes of their formats, so that the ranges of accumulators
    and results, which `DenseLayer` derives from the weights, are those of the formats. Sizes,
    scales, channel shifts, roundings and requantisers with their multipliers and offsets are those
    of `model`, and stay as they are when weights are reloaded.

    Raises:
        PulsewrightError: a bias of the formats leaves 32 bits, or an accumulator what is computed
            exactly.
    """
    layers: list[DenseLayer] = []
    for number, layer in enumerate(model.layers, start=1):
        input_format = layers[-1].result_format if layers else layer.input_format
        # The input's larger end times a weight of the same sign makes the largest product.
        limit = layer.weight_format.maximum
        extreme = -limit if input_format.signed else limit
        reach = layer.inputs * limit * max(input_format.maximum, -input_format.minimum)
        bias_format = _bias_format(layer, reach)
        if bias_format.width > WORD_BITS:
            raise PulsewrightError(
                f"reloadable biases of layer {number} need {bias_format.width} bits, at most "
                f"{WORD_BITS}; use fewer weight or activation bits, requantise the layer "
                'before, or set weights = "constant" in [engine]'
            )
        weights = np.full_like(layer.weights, extreme)
        biases = np.full_like(layer.bias, bias_format.maximum)
        try:
            layers.append(_replaced(layer, input_format, weights, biases))
            if layer.requantiser is not None:
                check_reach(layer.requantiser, *accumulator_ends(layers[-1], reloadable=True))
        except ValidationError as error:
            reason = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise PulsewrightError(f"reloadable weights of layer {number}: {reason}") from error
        except ValueError as error:
            raise PulsewrightError(f"reloadable weights of layer {number}: {error}") from error
    return _with_layers(model, layers)


def accumulator_ends(
    layer: DenseLayer, reloadable: bool
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Smallest and largest accumulators (neurons,) over all inputs.

    reloadable: `layer` is one of `reloadable_formats`, and any weights of its formats may come.
    """
    if not reloadable:
        return layer.neuron_ranges
    held = layer.accumulator_format
    low, high = np.empty((2, layer.neurons), dtype=object)
    low[:], high[:] = held.minimum, held.maximum
    return low, high


def with_parameters(
    model: IntegerMlp, parameters: Sequence[tuple[IntegerArray, IntegerArray]]
) -> IntegerMlp:
    """The network that a coprocessor of `model` computes once other parameters are loaded.

    parameters: weights (neurons, inputs) and biases (neurons,) of each layer, in its formats.

    Raises:
        PulsewrightError: the number of layers or a shape differs.
        pydantic.ValidationError: a weight leaves the narrow range of its format.
    """
    shapes = [(weights.shape, biases.shape) for weights, biases in parameters]
    expected = [(layer.weights.shape, layer.bias.shape) for layer in model.layers]
    if shapes != expected:
        raise PulsewrightError(f"parameters have shapes {shapes}, the network has {expected}")
    layers: list[DenseLayer] = []
    for layer, (weights, biases) in zip(model.layers, parameters, strict=True):
        input_format = layers[-1].result_format if layers else layer.input_format
        layers.append(_replaced(layer, input_format, weights, biases))
    return _with_layers(model, layers)


def _with_layers(model: IntegerMlp, layers: Sequence[DenseLayer]) -> IntegerMlp:
    """A validated network with other layers; a copy would keep the digest of the old ones."""
    kept = {name: getattr(model, name) for name in IntegerMlp.model_fields}
    return IntegerMlp(**(kept | {"layers": tuple(layers)}))


def _replaced(
    layer: DenseLayer, input_format: FixedPoint, weights: IntegerArray, biases: IntegerArray
) -> DenseLayer:
    """A validated layer with other parameters; a copy would keep the ranges of the old ones."""
    kept = {name: getattr(layer, name) for name in DenseLayer.model_fields}
    changed = {"weights": weights, "bias": biases, "input_format": input_format}
    return DenseLayer(**(kept | changed))


def _bias_format(layer: DenseLayer, reach: int) -> FixedPoint:
    """Signed format of the biases: as wide as the sum of products, so that either may dominate."""
    low, high = int(layer.bias.min()), int(layer.bias.max())
    width = max(
        width_for_range(-reach, reach, signed=True), width_for_range(low, high, signed=True)
    )
    return FixedPoint(width=width, frac=layer.accumulator_frac, signed=True)


def bias_format(layer: DenseLayer) -> FixedPoint:
    """Format of the biases of a layer of `reloadable_formats`, where each is the maximum."""
    width = int(layer.bias.max()).bit_length() + 1
    return FixedPoint(width=width, frac=layer.accumulator_frac, signed=True)
