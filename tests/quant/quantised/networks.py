# SPDX-License-Identifier: Apache-2.0
"""Calibrated networks with drawn weights: exactness asks for no training."""

import torch

from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.quant.curve_sources import fit_input_map
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.quantised.quantised_training import calibrate
from pulsewright.quant.settings import BitWidths, ScaleFit


def calibrated(
    sizes: tuple[int, ...], widths: BitWidths, curves: PulseCurves, seed: int = 2
) -> tuple[QuantisedMlp, InputMap]:
    torch.manual_seed(0)
    network = QuantisedMlp(sizes, widths, widths.code_format)
    start = FloatMlp(sizes)
    start.initialise(torch.Generator().manual_seed(seed))
    network.copy_parameters(start, ScaleFit.MSE)
    input_map = fit_input_map(curves, widths.code_format)
    calibrate(network, torch.from_numpy(input_map.normalised(curves.inputs)).float())
    return network, input_map
