# SPDX-License-Identifier: Apache-2.0
"""`QuantisedMlp` without Brevitas' cost per step: the same values, the same gradients.

A training step of these networks takes Brevitas 3 ms, of which the arithmetic is a tenth; the rest
is Python. Here the gradients are written out, and scales are folded into the weights: powers of two
without changing a bit, floats to the last digits of a float32. Learned scales are Brevitas' own
(`weight_scales.scale_of`): their logarithm v is what is trained, and all roundings pass their
gradient straight through.
"""

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from pulsewright.quant.losses import SQUARED_ERROR, Loss
from pulsewright.quant.quantised.quantised_network import (
    QuantisedMlp,
    activation_threshold,
    weight_threshold,
)
from pulsewright.quant.quantised.weight_scales import scale_of
from pulsewright.quant.settings import ActivationScales

LN2 = math.log(2)


class _Weights(NamedTuple):
    """One layer's weights: `exact` = weight / scale, `integer` its rounding, and the scale."""

    exact: Tensor
    integer: Tensor
    scale: Tensor


class LeanQuantisedMlp(nn.Module):
    """Trains the parameters of a Brevitas network; they are copied in and out.

    forward: (rows, inputs) of code * 2**-frac to (rows, outputs), bit for bit what Brevitas gives
    where all scales are powers of two.
    """

    def __init__(self, network: QuantisedMlp) -> None:
        super().__init__()
        layers = len(network.sizes) - 1
        self.weight_limits = [
            2 ** (network.widths.weight_width(number, layers) - 1) - 1 for number in range(layers)
        ]
        self.keeps_accumulators = network.widths.keeps_accumulators
        self.hidden_layers = layers - 1
        self.activation_tops = [
            2 ** network.widths.activation_width(number, layers) - 1
            for number in range(0 if self.keeps_accumulators else layers - 1)
        ]
        self.float_weight_scales = network.widths.weight_scales.are_floats
        self.float_activation_scales = network.widths.activation_scales is ActivationScales.FLOAT
        self.code_step = network.code_format.step
        self.weights = _parameters(layer.weight for layer in network.dense)
        self.biases = _parameters(layer.bias for layer in network.dense)
        self.weight_thresholds = _parameters(weight_threshold(layer) for layer in network.dense)
        self.activation_thresholds = _parameters(
            activation_threshold(activation) for activation in network.activations
        )

    def copy_to(self, network: QuantisedMlp) -> None:
        """Give the parameters to a Brevitas network of the same sizes and formats."""
        with torch.no_grad():
            for layer, weight, bias, threshold in zip(
                network.dense, self.weights, self.biases, self.weight_thresholds, strict=True
            ):
                layer.weight.copy_(weight)
                layer.bias.copy_(bias)
                weight_threshold(layer).copy_(threshold)
            for activation, threshold in zip(
                network.activations, self.activation_thresholds, strict=True
            ):
                activation_threshold(activation).copy_(threshold)

    def forward(self, x: Tensor) -> Tensor:
        """Evaluate; no gradient flows back through this."""
        output: Tensor = self._run(x)[-1]
        return output

    def set_gradients(self, x: Tensor, y: Tensor, loss: Loss = SQUARED_ERROR) -> None:
        """Set every parameter's gradient of the loss of outputs for `x` against `y`.

        x: (rows, inputs), y: (rows, outputs).
        """
        with torch.no_grad():
            self._set_gradients(x, y, loss)

    def _weight_scales(self) -> list[Tensor]:
        return [
            scale_of(threshold, limit, is_float=self.float_weight_scales)
            for threshold, limit in zip(self.weight_thresholds, self.weight_limits, strict=True)
        ]

    def _activation_scales(self) -> list[Tensor]:
        return [
            scale_of(threshold, top, is_float=self.float_activation_scales)
            for threshold, top in zip(self.activation_thresholds, self.activation_tops, strict=True)
        ]

    def _run(self, x: Tensor) -> list[Any]:
        """What the backward pass needs, and the output last.

        Activations are kept in steps of their scale, so that rounding is all that is left to do;
        the scale is folded into the next layer's weights.
        """
        ones = torch.ones(())
        weight_scales = self._weight_scales()
        # Accumulators are kept in steps of 1, and are not rounded.
        activation_scales = (
            [ones] * self.hidden_layers if self.keeps_accumulators else self._activation_scales()
        )
        input_scales = [ones, *activation_scales]
        bias_input_scales = [ones * self.code_step, *activation_scales]
        if self.keeps_accumulators:
            for number, scale in enumerate(weight_scales[:-1]):
                bias_input_scales[number + 1] = bias_input_scales[number] * scale.min()
        output_scales = [*activation_scales, ones]
        layers, values = [], [x]
        sums: list[Tensor] = []
        for number, (weight, bias, scale) in enumerate(
            zip(self.weights, self.biases, weight_scales, strict=True)
        ):
            limit = self.weight_limits[number]
            exact = weight / scale
            integer = exact.round().clamp_(-limit, limit)
            bias_scale = (bias_input_scales[number] * scale).reshape(-1)
            bias_exact = bias / bias_scale
            bias_integer = bias_exact.round()
            gain = scale * (input_scales[number] / output_scales[number])
            folded = integer * gain
            offset = bias_integer * (bias_scale / output_scales[number])
            total = torch.addmm(offset, values[-1], folded.T)
            sums.append(total)
            if self.keeps_accumulators and number < self.hidden_layers:
                values.append(total.clamp_min(0))
            elif number < self.hidden_layers:
                values.append(total.round().clamp_(0, self.activation_tops[number]))
            layers.append((_Weights(exact, integer, scale), bias_exact, bias_integer, folded, gain))
        return [layers, values, sums, bias_input_scales, output_scales, sums[-1]]

    def _set_gradients(self, x: Tensor, y: Tensor, loss: Loss) -> None:
        layers, values, sums, bias_input_scales, output_scales, output = self._run(x)
        gradient = loss.gradient(output, y)
        # Of the logarithm to base e of the scale of what the layer takes.
        from_inputs = torch.zeros(())
        for number in reversed(range(len(layers))):
            weights, bias_exact, bias_integer, folded, gain = layers[number]
            if self.keeps_accumulators and number < self.hidden_layers:
                gradient = gradient * (sums[number] > 0)
            elif number < self.hidden_layers:
                top = self.activation_tops[number]
                taken = torch.dot(gradient.reshape(-1), values[number + 1].reshape(-1))
                # ReLU, and saturation: above top + 1/2 the rounded sum leaves the format.
                gradient = torch.ops.aten.hardtanh_backward(gradient, sums[number], 0.0, top + 0.5)
                given = torch.dot(gradient.reshape(-1), sums[number].reshape(-1))
                self.activation_thresholds[number].grad = (taken - given + from_inputs) * LN2
            by_integer = (gradient.T @ values[number]) * gain
            inside = weights.integer == weights.exact.round()
            self.weights[number].grad = by_integer * inside / weights.scale
            bias_scale = (bias_input_scales[number] * weights.scale).reshape(-1)
            by_bias = gradient.sum(0) / output_scales[number]
            self.biases[number].grad = by_bias
            by_bias_scale = by_bias * (bias_integer - bias_exact) * bias_scale
            by_weight_scale = by_integer * (weights.integer - weights.exact * inside)
            threshold = self.weight_thresholds[number]
            per_channel = by_weight_scale.sum(1) + by_bias_scale
            threshold.grad = (per_channel if threshold.numel() > 1 else per_channel.sum()).reshape(
                threshold.shape
            ) * LN2
            from_inputs = by_bias_scale.sum()
            if number:
                gradient = gradient @ folded


def set_lean_gradients(network: nn.Module, x: Tensor, y: Tensor, loss: Loss) -> None:
    """`LeanQuantisedMlp.set_gradients` as `minibatches.fit` calls it."""
    assert isinstance(network, LeanQuantisedMlp)
    network.set_gradients(x, y, loss)


def _parameters(values: Any) -> nn.ParameterList:
    return nn.ParameterList(nn.Parameter(value.detach().clone()) for value in values)
