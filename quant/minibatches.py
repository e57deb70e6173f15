# SPDX-License-Identifier: Apache-2.0
"""The training loop that the float and the quantised network share."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Schedule:
    """How long, in which steps and how fast.

    learning_rate: from progress 0..1 to the learning rate of a step. batch_size: rows of a step.
    """

    learning_rate: Callable[[float], float]
    epochs: int
    batch_size: int

    def steps_of_an_epoch(self, rows: int) -> int:
        """Steps in which all rows are seen once."""
        return math.ceil(rows / self.batch_size)


def fit(
    network: nn.Module,
    train: Samples,
    validation: Samples,
    optimiser: torch.optim.Optimizer,
    schedule: Schedule,
    generator: torch.Generator,
    progress: Progress | None = None,
    gradients: Gradients | None = None,
) -> Fit:
    """Minimise the loss of `train` and leave `network` in its best state on validation.

    The starting state counts as epoch 0. gradients: by automatic differentiation unless given.

    Raises:
        PulsewrightError: the loss stops being finite.
    """
    rows = len(train.x)
    steps = schedule.steps_of_an_epoch(rows)
    best = Fit(copy_state(network), mean_error(network, validation), 0)
    for epoch in range(1, schedule.epochs + 1):
        network.train()
        order = torch.randperm(rows, generator=generator)
        shuffled = replace(train, x=train.x[order], y=train.y[order])
        _see_once(network, shuffled, optimiser, schedule, epoch - 1, gradients or differentiate)
        error = mean_error(network, validation)
        if not math.isfinite(error):
            raise PulsewrightError(
                f"training diverged in epoch {epoch} (validation error {error}); "
                "lower learning_rate"
            )
        if error < best.validation_error or not math.isfinite(best.validation_error):
            best = Fit(copy_state(network), error, epoch)
        if progress is not None:
            progress(epoch * steps, schedule.epochs * steps)
    network.load_state_dict(best.state)
    network.eval()
    return best


def _see_once(
    network: nn.Module,
    samples: Samples,
    optimiser: torch.optim.Optimizer,
    schedule: Schedule,
    epochs_before: int,
    set_gradients: Gradients,
) -> None:
    """One epoch: a step for each part of the samples, in their order."""
    rows = len(samples.x)
    steps = schedule.steps_of_an_epoch(rows)
    for number, first in enumerate(range(0, rows, schedule.batch_size)):
        progress = (epochs_before * steps + number) / (schedule.epochs * steps)
        for group in optimiser.param_groups:
            group["lr"] = schedule.learning_rate(progress)
        optimiser.zero_grad(set_to_none=True)
        part = slice(first, first + schedule.batch_size)
        set_gradients(network, samples.x[part], samples.y[part], samples.loss)
        optimiser.step()


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
