# SPDX-License-Identifier: Apache-2.0
"""The network in Brevitas, with the arithmetic of `hls_model` and nothing else.

Every scale is one power of two per tensor. Weights are signed and narrow, hidden activations
unsigned, biases 32-bit integers at the accumulator's scale, and the output is the accumulator.
"""

from itertools import pairwise
from typing import Any

import torch
from brevitas.nn import QuantLinear, QuantReLU
from brevitas.quant.fixed_point import (
    Int8WeightPerTensorFixedPointMSE,
    Uint8ActPerTensorFixedPoint,
)
from brevitas.quant.scaled_int import Int32Bias
from brevitas.quant_tensor import IntQuantTensor
from torch import Tensor, nn

from hls_model.fixed_point import FixedPoint
from quant.network import FloatMlp, check_sizes
from quant.settings import BitWidths


class QuantisedMlp(nn.Module):
    """`FloatMlp` with quantised weights, activations and biases.

    Built outside `quiet_torch` it draws from Torch's global generator, as Brevitas layers do.

    Raises:
        PulsewrightError: the sizes do not make a network.
    """

    def __init__(self, sizes: tuple[int, ...], widths: BitWidths, code_format: FixedPoint) -> None:
        super().__init__()
        check_sizes(sizes)
        self.sizes, self.widths, self.code_format = sizes, widths, code_format
        self.dense: Any = nn.ModuleList(
            QuantLinear(
                inputs,
                neurons,
                bias=True,
                weight_quant=Int8WeightPerTensorFixedPointMSE,
                weight_bit_width=widths.weights,
                bias_quant=Int32Bias,
            )
            for inputs, neurons in pairwise(sizes)
        )
        self.activations: Any = nn.ModuleList(
            QuantReLU(
                act_quant=Uint8ActPerTensorFixedPoint,
                bit_width=widths.activations,
                return_quant_tensor=True,
            )
            for _ in sizes[1:-1]
        )

    def copy_parameters(self, network: FloatMlp) -> None:
        """Start from the float network's weights and biases, and fit the weight scales to them."""
        self.eval()
        with torch.no_grad():
            for layer, source in zip(self.dense, network.layers, strict=True):
                layer.weight.copy_(source.weight)
                layer.bias.copy_(source.bias)
                # The scale was fitted to the random weights the layer was built with.
                layer.weight_quant.init_tensor_quant()
                # Brevitas fits it on the first use, and until then the state lacks it.
                layer.quant_weight()

    def forward(self, x: Tensor) -> Tensor:
        """(rows, inputs) of code * 2**-frac to (rows, outputs) of scaled read currents."""
        output: Tensor = self.dense[-1](self.hidden(x))
        return output

    def hidden(self, x: Tensor) -> Any:
        """What the output layer gets: the last activations, as a Brevitas quantised tensor."""
        value: Any = IntQuantTensor(
            x,
            scale=torch.tensor(self.code_format.step, dtype=x.dtype),
            zero_point=torch.tensor(0.0, dtype=x.dtype),
            bit_width=torch.tensor(float(self.code_format.width), dtype=x.dtype),
            signed=self.code_format.signed,
            training=self.training,
        )
        for layer, activation in zip(self.dense, self.activations, strict=False):
            value = activation(layer(value))
        return value
