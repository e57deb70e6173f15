# SPDX-License-Identifier: Apache-2.0
"""Training in floating point: the warm start of quantisation-aware training."""

import torch

from quant.minibatches import Fit, Progress, Samples, fit, one_cycle
from quant.network import FloatMlp
from quant.settings import FloatTraining
from quant.torch_session import quiet_torch


def train_float_network(
    sizes: tuple[int, ...],
    train: Samples,
    validation: Samples,
    settings: FloatTraining,
    seed: int,
    progress: Progress | None = None,
) -> tuple[FloatMlp, Fit]:
    """Train a new network; the same seed gives the same parameters to the bit.

    Raises:
        PulsewrightError: the sizes do not make a network, or the training diverges.
    """
    generator = torch.Generator().manual_seed(seed)
    with quiet_torch():
        network = FloatMlp(sizes)
        network.initialise(generator)
        optimiser = torch.optim.AdamW(
            network.parameters(),
            lr=settings.learning_rate,
            weight_decay=settings.weight_decay,
            fused=True,
        )
        best = fit(
            network,
            train,
            validation,
            optimiser,
            one_cycle(settings.learning_rate),
            settings.epochs,
            settings.batch_size,
            generator,
            progress,
        )
    return network, best
