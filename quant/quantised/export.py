# SPDX-License-Identifier: Apache-2.0
"""From Brevitas to integers, and Brevitas' own outputs as integers to compare with.

With powers of two both evaluate in float64, where every product and sum of these networks is exact:
in float32 a 16-bit input already exceeds the 24 bits of the significand. Networks with float scales
go through `multiplier_export`.
"""

import copy
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from pydantic import ValidationError
from torch import Tensor

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.quantised.multiplier_export import export_with_multipliers
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.torch_session import quiet_torch


def export_integer_mlp(network: QuantisedMlp, input_map: InputMap, name: str) -> IntegerMlp:
    """Export the integers that `network` computes with.

    Hidden layers shift alone where all scales are powers of two, and else have multipliers.

    Raises:
        PulsewrightError: the input map does not make the network's input codes, or no multipliers
            of 32 bits do what float scales say.
    """
    try:
        if network.widths.has_float_scales:
            return export_with_multipliers(network, input_map, name)
        return _export_with_shifts(network, input_map, name)
    except ValidationError as error:
        raise PulsewrightError(
            f"the network cannot be exported as {name!r}: {error.errors()[0]['msg']}; "
            "train it with the same input map"
        ) from error


def _export_with_shifts(network: QuantisedMlp, input_map: InputMap, name: str) -> IntegerMlp:
    layers = []
    input_format = network.code_format
    with quiet_torch(), torch.no_grad():
        exact = exact_copy(network)
        for number, layer in enumerate(exact.dense, start=1):
            where = f"layer {number}"
            weight: Any = layer.quant_weight()
            fracs = fractional_bits(weight.scale, f"{where} weight")
            weight_format = FixedPoint(
                width=int(weight.bit_width), frac=int(fracs.max()), signed=True
            )
            hidden = number < len(exact.dense)
            layers.append(
                {
                    "weights": integers(weight.value, fracs[:, None], f"{where} weight"),
                    "bias": _bias(layer, input_format.frac + fracs, where),
                    "input_format": input_format,
                    "weight_format": weight_format,
                    "channel_shifts": _channel_shifts(fracs),
                    "relu": hidden,
                }
            )
            if hidden and network.widths.keeps_accumulators:
                input_format = DenseLayer.model_validate(layers[-1]).result_format
            elif hidden:
                input_format = _activation_format(exact.activations[number - 1], where)
                layers[-1]["output_format"] = input_format
    return IntegerMlp(
        name=name,
        input_map=input_map,
        layers=tuple(DenseLayer.model_validate(layer) for layer in layers),
    )


def brevitas_outputs(network: QuantisedMlp, codes: npt.NDArray[np.integer[Any]]) -> IntegerArray:
    """Brevitas' evaluation of input codes (rows, inputs) as output accumulators (rows, outputs).

    Of a network whose scales are all powers of two; others see `brevitas_comparison`.

    Raises:
        PulsewrightError: the shape is wrong, or an output is not an integer at the accumulator's
            scale, which would mean that Brevitas computes something else than integers.
    """
    if codes.ndim != 2 or codes.shape[1] != network.sizes[0]:
        raise PulsewrightError(f"input codes must be (rows, {network.sizes[0]}), got {codes.shape}")
    with quiet_torch(), torch.no_grad():
        exact = exact_copy(network)
        x = torch.from_numpy(codes.astype(np.float64)) * network.code_format.step
        last = exact.dense[-1]
        frac = int(fractional_bits(last.quant_weight().scale, "output weight").max())
        taken = exact.hidden(x[:1]).scale
        frac += int(fractional_bits(taken, "output layer's input").max())
        return integers(exact(x), np.array(frac), "output")


def exact_copy(network: QuantisedMlp) -> QuantisedMlp:
    """Copy `network` to float64, in evaluation mode."""
    return copy.deepcopy(network).double().eval()


def fractional_bits(scale: Tensor, where: str) -> IntegerArray:
    """Find frac of scales 2**-frac; (scales,), one or one a neuron.

    Raises:
        PulsewrightError: a scale is not a power of two.
    """
    scales = scale.detach().double().numpy().reshape(-1)
    significands, exponents = np.frexp(scales)
    if (significands != 0.5).any():
        raise PulsewrightError(
            f"{where} scale {scales[significands != 0.5][0]} is not a power of two; "
            "train with power-of-two scales"
        )
    fracs: IntegerArray = 1 - exponents.astype(np.int64)
    return fracs


def integers(values: Tensor, frac: IntegerArray, where: str) -> IntegerArray:
    """Return values * 2**frac, which must be integers to the last bit.

    Raises:
        PulsewrightError: one of them is not.
    """
    scaled = values.detach().cpu().numpy().astype(np.float64) * 2.0**frac
    rounded = np.rint(scaled)
    wrong = np.argwhere(rounded != scaled)
    if wrong.size:
        place = tuple(int(index) for index in wrong[0])
        bits = np.broadcast_to(frac, scaled.shape)[place]
        raise PulsewrightError(
            f"{where} {place} is {scaled[place]!r} steps of 2**-{bits}, not an integer; "
            "export the network that Brevitas evaluates, without further layers"
        )
    return rounded.astype(np.int64)


def _channel_shifts(fracs: IntegerArray) -> tuple[int, ...]:
    """How many times coarser each neuron's scale is than the finest one, in bits."""
    if (fracs == fracs[0]).all():
        return ()
    return tuple(int(shift) for shift in fracs.max() - fracs)


def _bias(layer: Any, fracs: IntegerArray, where: str) -> IntegerArray:
    """Quantise the bias to the accumulators' scales, as Brevitas does."""
    scale = torch.from_numpy(2.0 ** -fracs.astype(np.float64))
    value, *_ = layer.bias_quant.tensor_quant(layer.bias, scale)
    return integers(value, fracs, f"{where} bias")


def _activation_format(activation: Any, where: str) -> FixedPoint:
    quantiser = activation.act_quant
    return FixedPoint(
        width=int(quantiser.bit_width()),
        frac=int(fractional_bits(quantiser.scale(), f"{where} activation")[0]),
        signed=bool(quantiser.is_signed),
    )
