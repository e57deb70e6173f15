# SPDX-License-Identifier: Apache-2.0
"""Training in floating point: the warm start of quantisation-aware training."""

from dataclasses import replace

import torch

from pulsewright.quant.float_network.network import FloatMlp, check_sizes
from pulsewright.quant.float_network.pruning import pruned_for
from pulsewright.quant.float_network.stages import Stage, stages
from pulsewright.quant.minibatches import Fit, Progress, Samples, Schedule, fit, one_cycle
from pulsewright.quant.settings import FloatTraining
from pulsewright.quant.torch_session import quiet_torch


def train_float_network(
    sizes: tuple[int, ...],
    train: Samples,
    validation: Samples,
    settings: FloatTraining,
    seed: int,
    progress: Progress | None = None,
) -> tuple[FloatMlp, Fit]:
    """Train a new network in the stages of `stages`; the same seed gives the same bits.

    The best state on validation is kept at the end of every stage.

    Raises:
        PulsewrightError: the sizes do not make a network, or the training diverges.
    """
    check_sizes(sizes)
    generator = torch.Generator().manual_seed(seed)
    first, *later = stages(sizes, settings)
    with quiet_torch():
        network = FloatMlp(first.sizes)
        network.initialise(generator)
        best = _fit_stage(network, train, validation, first, settings, generator, 0, progress)
        done = first.epochs
        for stage in later:
            network = pruned_for(network, stage.sizes, train, validation)
            best = _fit_stage(
                network, train, validation, stage, settings, generator, done, progress
            )
            done += stage.epochs
    return network, best


def _fit_stage(
    network: FloatMlp,
    train: Samples,
    validation: Samples,
    stage: Stage,
    settings: FloatTraining,
    generator: torch.Generator,
    epochs_done: int,
    progress: Progress | None,
) -> Fit:
    batches = -(-len(train.x) // settings.batch_size)

    def report(step: int, _steps: int) -> None:
        if progress is not None:
            progress(epochs_done * batches + step, settings.epochs * batches)

    best = fit(
        network,
        train,
        validation,
        torch.optim.AdamW(
            network.parameters(),
            lr=stage.learning_rate,
            weight_decay=settings.weight_decay,
            fused=True,
        ),
        Schedule(one_cycle(stage.learning_rate), stage.epochs, settings.batch_size),
        generator,
        report,
    )
    return replace(best, epoch=epochs_done + best.epoch)
