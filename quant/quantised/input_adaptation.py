# SPDX-License-Identifier: Apache-2.0
"""A float network moved from one input map to another of the same kind, such as one of fewer bits.

So one float network is the start of all input widths. Maps of two widths differ by a gain and an
offset a feature, which the first layer takes in.
"""

import numpy as np
import numpy.typing as npt
import torch

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.quant.float_network.network import FloatMlp

FEATURE_KINDS_DIFFER = (
    "the float network was trained with the maps {old}, the input map has {new}; train it again "
    "with the same kind of map for every feature"
)


def adapt_inputs(
    network: FloatMlp, old: InputMap, new: InputMap, values: npt.NDArray[np.float64]
) -> None:
    """Change the first layer so that it takes the inputs of `new` where it took those of `old`.

    values: (rows, features) in SI units, over which the two maps are fitted to each other.

    Raises:
        PulsewrightError: a feature has an affine map in one and a table in the other.
    """
    if old == new:
        return
    kinds = [[feature.kind for feature in one.features] for one in (old, new)]
    if kinds[0] != kinds[1]:
        raise PulsewrightError(FEATURE_KINDS_DIFFER.format(old=kinds[0], new=kinds[1]))
    wanted, given = old.normalised(values), new.normalised(values)
    centre = given.mean(0)
    spread = given - centre
    gain = (spread * wanted).sum(0) / np.square(spread).sum(0)
    offset = wanted.mean(0) - gain * centre
    layer = network.layers[0]
    with torch.no_grad():
        layer.bias.add_(layer.weight @ torch.from_numpy(offset).to(layer.weight.dtype))
        layer.weight.mul_(torch.from_numpy(gain).to(layer.weight.dtype))
