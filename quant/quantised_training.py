# SPDX-License-Identifier: Apache-2.0
"""Quantisation-aware training from the float network."""

from dataclasses import replace

import torch
from brevitas.graph.calibrate import calibration_mode

from hls_model.errors import PulsewrightError
from hls_model.fixed_point import FixedPoint
from quant.minibatches import Fit, Progress, Samples, copy_state, cosine, fit, mean_error
from quant.network import FloatMlp
from quant.output_refit import refit_output_layer
from quant.quantised_network import QuantisedMlp
from quant.settings import BitWidths, QuantisedTraining
from quant.torch_session import quiet_torch


def train_quantised_network(
    float_network: FloatMlp,
    widths: BitWidths,
    code_format: FixedPoint,
    train: Samples,
    validation: Samples,
    settings: QuantisedTraining,
    seed: int,
    progress: Progress | None = None,
) -> tuple[QuantisedMlp, Fit]:
    """Quantise, calibrate the activations on the training rows, and fine-tune.

    Inputs of `train` and `validation` are code * 2**-frac. With `settings.epochs` 0 the network
    is calibrated alone (post-training quantisation). Learned power-of-two scales flip as late as
    the last epoch, so the best state on validation is kept; then the output layer is solved in
    integers, unless the settings say not. The same seed gives the same parameters to the bit.

    Raises:
        PulsewrightError: a layer of the float network is all zeros, or the training diverges.
    """
    generator = torch.Generator().manual_seed(seed)
    _check_alive(float_network)
    with quiet_torch():
        network = QuantisedMlp(float_network.sizes, widths, code_format)
        network.copy_parameters(float_network)
        calibrate(network, train.x)
        optimiser = torch.optim.Adam(
            network.parameters(), lr=settings.learning_rate, weight_decay=0.0, fused=True
        )
        best = fit(
            network,
            train,
            validation,
            optimiser,
            cosine(settings.learning_rate),
            settings.epochs,
            settings.batch_size,
            generator,
            progress,
        )
        if settings.output_refit:
            refit_output_layer(network, train)
            best = replace(
                best, state=copy_state(network), validation_mse=mean_error(network, validation)
            )
    return network, best


def _check_alive(network: FloatMlp) -> None:
    for number, layer in enumerate(network.layers, start=1):
        if not bool(layer.weight.any()):
            raise PulsewrightError(
                f"all weights of layer {number} are zero after float training, so the network "
                "answers the same to every input; use wider or fewer hidden layers, or another seed"
            )


def calibrate(network: QuantisedMlp, x: torch.Tensor) -> None:
    """Set activation scales to the ranges on `x` (rows, inputs) of the unquantised network."""
    network.eval()
    with torch.no_grad(), calibration_mode(network):
        network(x)
