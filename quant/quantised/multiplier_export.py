# SPDX-License-Identifier: Apache-2.0
"""From Brevitas networks with float scales to integers with multipliers in the requantisers.

A float32 is an exact rational. What the network computes is told to the exact chain that files of
other tools go through as well, which finds the smallest multipliers with the same thresholds.
"""

from fractions import Fraction

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.chain import ExactChain
from pulsewright.hls_model.exact.input_format import InputFormat
from pulsewright.hls_model.exact.requantised import UnreproducibleLayerError
from pulsewright.hls_model.exact.staircase import integer_staircase
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.quant.quantised.layer_integers import LayerIntegers, integer_layers
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.torch_session import quiet_torch


def export_with_multipliers(network: QuantisedMlp, input_map: InputMap, name: str) -> IntegerMlp:
    """The integers that do exactly what the scales, weights and biases of `network` say.

    Raises:
        PulsewrightError: the scales of a layer are so far apart that no multiplier of 32 bits
            serves.
        pydantic.ValidationError: the input map does not make the network's input codes, or the name
            is none.
    """
    codes = InputFormat(network.code_format)
    chain = ExactChain(network.sizes[0], codes.staircase("input codes"))
    with quiet_torch():
        layers = list(integer_layers(network))
    try:
        for number, layer in enumerate(layers, start=1):
            _add(chain, layer, f"layer {number}")
        model = chain.finish("Brevitas", "network", OutputKind.ACCUMULATOR).model
    except UnreproducibleLayerError as error:
        raise PulsewrightError(
            f'{error}; or train with weight_scales = "per_tensor_float" or powers of two'
        ) from error
    # Its own input codes are integers that stand for themselves; those of the map have a fraction.
    first = model.layers[0]
    fields = {field: getattr(first, field) for field in DenseLayer.model_fields}
    first = DenseLayer(**(fields | {"input_format": network.code_format}))
    return IntegerMlp(
        name=name,
        input_map=input_map,
        layers=(first, *model.layers[1:]),
        output_scale=model.output_scale,
        output_offset=model.output_offset,
    )


def _add(chain: ExactChain, layer: LayerIntegers, where: str) -> None:
    chain.dense(where, layer.weights, [Surd.of(scale) for scale in layer.weight_scales])
    chain.plus(
        f"bias of {where}",
        [
            Surd.of(int(bias) * scale * layer.input_scale)
            for bias, scale in zip(layer.bias, layer.weight_scales, strict=True)
        ],
    )
    if layer.output_scale is not None and layer.top is not None:
        chain.quantise(
            integer_staircase(
                f"activation of {where}",
                layer.output_scale,
                Fraction(0),
                (0, layer.top),
                zero_point_after_rounding=True,
            )
        )
