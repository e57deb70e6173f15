# SPDX-License-Identifier: Apache-2.0
"""Quantisation-aware training from the float network."""

from dataclasses import replace

import torch
from brevitas.graph.calibrate import calibration_mode

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.minibatches import (
    Fit,
    Progress,
    Samples,
    Schedule,
    copy_state,
    cosine,
    fit,
    mean_error,
)
from pulsewright.quant.quantised.integer_refinement import refine_last_two_layers
from pulsewright.quant.quantised.lean_network import LeanQuantisedMlp, set_lean_gradients
from pulsewright.quant.quantised.output_refit import refit_output_layer
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.settings import BitWidths, QuantisedTraining, Refinement
from pulsewright.quant.torch_session import quiet_torch

SEED_BITS = 31


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
    the last epoch, so the best state on validation is kept. Then better integers are searched for,
    as `settings.refinement` says, and kept if validation agrees; and of all `settings.restarts` the
    best on validation is kept. The same seed gives the same parameters to the bit.

    Raises:
        PulsewrightError: a layer of the float network is all zeros, the widths are for another
            number of layers, or the training diverges.
    """
    _check_alive(float_network)
    kept: tuple[QuantisedMlp, Fit] | None = None
    with quiet_torch():
        taught = _taught(float_network, train, settings.teacher)
        for restart in range(settings.restarts):
            network = QuantisedMlp(float_network.sizes, widths, code_format)
            network.copy_parameters(float_network, settings.scale_fit)
            calibrate(network, train.x)
            # No other seed that a user may give has the same draws.
            draws = seed + (restart << SEED_BITS)
            best = _fine_tune(
                network, taught, validation, settings, draws, _part(progress, restart, settings)
            )
            best = _refine(network, train, validation, settings.refinement, draws, best)
            if kept is None or best.validation_error < kept[1].validation_error:
                kept = network, best
    assert kept is not None
    return kept


def _fine_tune(
    network: QuantisedMlp,
    train: Samples,
    validation: Samples,
    settings: QuantisedTraining,
    seed: int,
    progress: Progress | None,
) -> Fit:
    lean = LeanQuantisedMlp(network)
    best = fit(
        lean,
        train,
        validation,
        torch.optim.Adam(
            lean.parameters(), lr=settings.learning_rate, weight_decay=0.0, fused=True
        ),
        Schedule(cosine(settings.learning_rate), settings.epochs, settings.batch_size),
        torch.Generator().manual_seed(seed),
        progress,
        set_lean_gradients,
    )
    lean.copy_to(network)
    return replace(best, state=copy_state(network))


def _refine(
    network: QuantisedMlp,
    train: Samples,
    validation: Samples,
    refinement: Refinement,
    seed: int,
    trained: Fit,
) -> Fit:
    """Search for better integers, and keep them if they are better on validation."""
    if refinement is Refinement.OUTPUT_LAYER:
        refit_output_layer(network, train)
    elif refinement is Refinement.LAST_TWO_LAYERS:
        refine_last_two_layers(network, train, seed)
    error = mean_error(network, validation)
    if error < trained.validation_error:
        return replace(trained, state=copy_state(network), validation_error=error)
    network.load_state_dict(trained.state)
    return trained


def _part(progress: Progress | None, restart: int, settings: QuantisedTraining) -> Progress | None:
    if progress is None:
        return None
    return lambda done, total: progress(restart * total + done, settings.restarts * total)


def _taught(network: FloatMlp, train: Samples, share: float) -> Samples:
    if not share:
        return train
    with torch.no_grad():
        return replace(train, y=torch.lerp(train.y, network(train.x), share))


def _check_alive(network: FloatMlp) -> None:
    for number, layer in enumerate(network.layers, start=1):
        if not bool(layer.weight.any()):
            raise PulsewrightError(
                f"all weights of layer {number} are zero after float training, so the network "
                "answers the same to every input; use wider or fewer hidden layers, or another seed"
            )


def calibrate(network: QuantisedMlp, x: torch.Tensor) -> None:
    """Set activation scales to the ranges on `x` (rows, inputs) of the unquantised network.

    Accumulators have no scale of their own, and nothing is done.
    """
    network.eval()
    if network.widths.keeps_accumulators:
        return
    with torch.no_grad(), calibration_mode(network):
        network(x)
