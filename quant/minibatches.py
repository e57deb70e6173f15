# SPDX-License-Identifier: Apache-2.0
"""The training loop that the float and the quantised network share."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.losses import SQUARED_ERROR, Loss

Progress = Callable[[int, int], None]
"""Called with (steps done, steps in all)."""

Gradients = Callable[[nn.Module, Tensor, Tensor, Loss], None]
"""Sets the gradients of the loss of a network's outputs for x against y."""


@dataclass(frozen=True)
class Samples:
    """Inputs (rows, features) and targets (rows, outputs), float32, held whole in memory.

    loss: how far outputs are from the targets.
    """

    x: Tensor
    y: Tensor
    loss: Loss = SQUARED_ERROR


@dataclass(frozen=True)
class Fit:
    """The best state on validation, its loss there, and the epoch it comes from."""

    state: dict[str, Tensor]
    validation_error: float
    epoch: int


def fit(
    network: nn.Module,
    train: Samples,
    validation: Samples,
    optimiser: torch.optim.Optimizer,
    learning_rate: Callable[[float], float],
    epochs: int,
    batch_size: int,
    generator: torch.Generator,
    progress: Progress | None = None,
    gradients: Gradients | None = None,
) -> Fit:
    """Minimise the loss of `train` and leave `network` in its best state on validation.

    learning_rate: from progress 0..1 to the learning rate of the step. The starting state
    counts as epoch 0. gradients: by automatic differentiation unless given.

    Raises:
        PulsewrightError: the loss stops being finite.
    """
    set_gradients = gradients or differentiate
    rows = len(train.x)
    batches = math.ceil(rows / batch_size)
    total = epochs * batches
    best = Fit(copy_state(network), mean_error(network, validation), 0)
    step = 0
    for epoch in range(1, epochs + 1):
        network.train()
        order = torch.randperm(rows, generator=generator)
        x, y = train.x[order], train.y[order]
        for first in range(0, rows, batch_size):
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(step / total)
            optimiser.zero_grad(set_to_none=True)
            part = slice(first, first + batch_size)
            set_gradients(network, x[part], y[part], train.loss)
            optimiser.step()
            step += 1
        error = mean_error(network, validation)
        if not math.isfinite(error):
            raise PulsewrightError(
                f"training diverged in epoch {epoch} (validation error {error}); "
                "lower learning_rate"
            )
        if error < best.validation_error or not math.isfinite(best.validation_error):
            best = Fit(copy_state(network), error, epoch)
        if progress is not None:
            progress(step, total)
    network.load_state_dict(best.state)
    network.eval()
    return best


def differentiate(network: nn.Module, x: Tensor, y: Tensor, loss: Loss) -> None:
    """Automatic differentiation."""
    loss.value(network(x), y).backward()  # type: ignore[no-untyped-call]


def copy_state(network: nn.Module) -> dict[str, Tensor]:
    """A copy of all parameters that later steps leave alone."""
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def mean_error(network: nn.Module, samples: Samples) -> float:
    """The loss of the samples; leaves the network in evaluation mode."""
    network.eval()
    with torch.no_grad():
        return float(samples.loss.value(network(samples.x), samples.y))


def cosine(peak: float) -> Callable[[float], float]:
    """From `peak` down to zero along half a cosine."""
    return lambda done: peak * (1 + math.cos(math.pi * done)) / 2


def one_cycle(peak: float, warm_up: float = 0.1) -> Callable[[float], float]:
    """Up to `peak` in the first tenth, then down to zero, both along half a cosine."""

    def rate(done: float) -> float:
        if done < warm_up:
            return peak * (1 - 0.96 * (1 + math.cos(math.pi * done / warm_up)) / 2)
        return peak * (1 + math.cos(math.pi * (done - warm_up) / (1 - warm_up))) / 2

    return rate
