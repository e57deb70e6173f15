# SPDX-License-Identifier: Apache-2.0
"""The network in Brevitas, with the arithmetic of `hls_model` and nothing else.

Scales are powers of two or floats: one a tensor, or for weights one a neuron. Weights are signed
and narrow, hidden activations unsigned, biases 32-bit integers at the accumulator's scale, and the
output is the accumulator. All scales are learned as logarithms, so that a step of training changes
small and large ones by the same share.
"""

from itertools import pairwise
from typing import Any, cast

import torch
from brevitas.inject.enum import RestrictValueType
from brevitas.nn import QuantLinear, QuantReLU
from brevitas.quant.fixed_point import (
    Int8WeightPerChannelFixedPointMSE,
    Int8WeightPerTensorFixedPointMSE,
    Uint8ActPerTensorFixedPoint,
)
from brevitas.quant.scaled_int import (
    Int8WeightPerChannelFloatMSE,
    Int8WeightPerTensorFloatMSE,
    Int32Bias,
    Uint8ActPerTensorFloat,
)
from brevitas.quant_tensor import IntQuantTensor
from torch import Tensor, nn

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.quant.float_network.network import FloatMlp, check_sizes
from pulsewright.quant.quantised.weight_scales import fit_thresholds
from pulsewright.quant.settings import ActivationScales, BitWidths, ScaleFit, WeightScales

WEIGHT_QUANTISERS = {
    WeightScales.PER_TENSOR: Int8WeightPerTensorFixedPointMSE,
    WeightScales.PER_CHANNEL: Int8WeightPerChannelFixedPointMSE,
    WeightScales.PER_TENSOR_FLOAT: Int8WeightPerTensorFloatMSE.let(
        restrict_scaling_type=RestrictValueType.LOG_FP
    ),
    WeightScales.PER_CHANNEL_FLOAT: Int8WeightPerChannelFloatMSE.let(
        restrict_scaling_type=RestrictValueType.LOG_FP
    ),
}
ACTIVATION_QUANTISERS = {
    ActivationScales.POWER_OF_TWO: Uint8ActPerTensorFixedPoint,
    ActivationScales.FLOAT: Uint8ActPerTensorFloat.let(
        restrict_scaling_type=RestrictValueType.LOG_FP
    ),
}
# What Brevitas is told of accumulators; it does not look at it.
ACCUMULATOR_BITS = 32


class QuantisedMlp(nn.Module):
    """`FloatMlp` with quantised weights, activations and biases.

    Built outside `quiet_torch` it draws from Torch's global generator, as Brevitas layers do.

    Raises:
        PulsewrightError: the sizes do not make a network, or the widths are for another one.
    """

    def __init__(self, sizes: tuple[int, ...], widths: BitWidths, code_format: FixedPoint) -> None:
        super().__init__()
        check_sizes(sizes)
        layers = len(sizes) - 1
        widths.check_layers(layers)
        self.sizes, self.widths, self.code_format = sizes, widths, code_format
        self.dense: Any = nn.ModuleList(
            QuantLinear(
                inputs,
                neurons,
                bias=True,
                weight_quant=WEIGHT_QUANTISERS[widths.weight_scales],
                weight_bit_width=widths.weight_width(number, layers),
                bias_quant=Int32Bias,
            )
            for number, (inputs, neurons) in enumerate(pairwise(sizes))
        )
        self.activations: Any = nn.ModuleList(
            QuantReLU(
                act_quant=ACTIVATION_QUANTISERS[widths.activation_scales],
                bit_width=widths.activation_width(number, layers),
                return_quant_tensor=True,
            )
            for number in range(0 if widths.keeps_accumulators else layers - 1)
        )

    def copy_parameters(self, network: FloatMlp, scale_fit: ScaleFit) -> None:
        """Start from the float network's weights and biases, and fit the weight scales to them."""
        self.eval()
        layers = len(self.dense)
        with torch.no_grad():
            for number, (layer, source) in enumerate(zip(self.dense, network.layers, strict=True)):
                layer.weight.copy_(source.weight)
                layer.bias.copy_(source.bias)
                # Brevitas fits a scale on the first use, and until then the state lacks it.
                layer.quant_weight()
                threshold = weight_threshold(layer)
                fitted = fit_thresholds(
                    source.weight,
                    self.widths.weight_width(number, layers),
                    self.widths.weight_scales,
                    scale_fit,
                )
                threshold.copy_(fitted.reshape(threshold.shape))

    def forward(self, x: Tensor) -> Tensor:
        """(rows, inputs) of code * 2**-frac to (rows, outputs) of scaled read currents."""
        output: Tensor = self.dense[-1](self.hidden(x))
        return output

    def hidden(self, x: Tensor) -> Any:
        """What the output layer gets: the last activations, as a Brevitas quantised tensor."""
        return self.activations_before(len(self.dense) - 1, x)

    def activations_before(self, layer: int, x: Tensor) -> Any:
        """What layer 0, 1, .. gets, as a Brevitas quantised tensor."""
        value: Any = IntQuantTensor(
            x,
            scale=torch.tensor(self.code_format.step, dtype=x.dtype),
            zero_point=torch.tensor(0.0, dtype=x.dtype),
            bit_width=torch.tensor(float(self.code_format.width), dtype=x.dtype),
            signed=self.code_format.signed,
            training=self.training,
        )
        for number, dense in enumerate(self.dense[:layer]):
            if self.widths.keeps_accumulators:
                value = self._accumulators(dense, value)
            else:
                value = self.activations[number](dense(value))
        return value

    def _accumulators(self, dense: Any, value: Any) -> IntQuantTensor:
        """ReLU of what a layer makes of `value`, at the finest scale of its neurons."""
        return IntQuantTensor(
            torch.relu(dense(value)),
            scale=value.scale * dense.quant_weight().scale.min(),
            zero_point=torch.zeros_like(value.zero_point),
            bit_width=torch.full_like(value.bit_width, ACCUMULATOR_BITS),
            signed=False,
            training=self.training,
        )

    def activation_scale(self, layer: int) -> Tensor:
        """Scale of what hidden layer 0, 1, .. hands on; of codes alone."""
        scale: Tensor = self.activations[layer].act_quant.scale()
        return scale


def weight_threshold(layer: Any) -> nn.Parameter:
    """Learned logarithm v of a dense layer's weight scale, see `weight_scales.scale_of`.

    Shape () or (1,) for one scale a tensor, (neurons, 1) for one a neuron.
    """
    return cast(nn.Parameter, layer.weight_quant.tensor_quant.scaling_impl.value)


def activation_threshold(activation: Any) -> nn.Parameter:
    """Learned logarithm v of a hidden layer's activation scale, shape (); see `scale_of`."""
    quantiser = activation.act_quant.fused_activation_quant_proxy.tensor_quant
    return cast(nn.Parameter, quantiser.scaling_impl.value)
