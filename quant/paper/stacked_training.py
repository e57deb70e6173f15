# SPDX-License-Identifier: Apache-2.0
"""The published training for several networks at once, one for each seed."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.minibatches import Progress
from pulsewright.quant.paper.protocol import PublishedTraining
from pulsewright.quant.paper.stacked_network import StackedMlp, Workspace, squared_error_gradients
from pulsewright.quant.torch_session import quiet_torch

# Distinguishes these draws from others that are made with the same seed.
STREAM = 0x4E6574
# Masks are drawn for this many batches at once: enough to make a draw cheap, few enough to stay
# in the cache.
MASK_BATCHES = 8
MASK_BITS = 16


def draws(seed: int) -> np.random.Generator:
    """The generator of one network's parameters, orders and dropout."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([STREAM, seed])))


def train_stack(
    sizes: tuple[int, ...],
    x: Tensor,
    y: Tensor,
    seeds: Sequence[int],
    training: PublishedTraining,
    progress: Progress | None = None,
) -> StackedMlp:
    """Train one network for each seed, each on its own rows.

    x: (seeds, rows, inputs) and y: (seeds, rows, 1) of one floating-point type. A seed gives the
    same bits whatever it is stacked with, if hidden layers have a multiple of 8 neurons; others
    leave matrices unaligned, and then their place in memory decides the order of summation.
    progress: called after every epoch with (steps done, steps in all).

    Raises:
        PulsewrightError: the shapes do not fit, or the training diverges.
    """
    networks, rows = x.shape[:2]
    if len(seeds) != networks or y.shape != (networks, rows, 1) or rows == 0:
        raise PulsewrightError(
            f"{len(seeds)} seeds, inputs {tuple(x.shape)} and targets {tuple(y.shape)} do not fit; "
            "give (seeds, rows, inputs) and (seeds, rows, 1) with at least one row"
        )
    generators = [draws(seed) for seed in seeds]
    batches = math.ceil(rows / training.batch_size)
    with quiet_torch(), flushed_denormals(), torch.no_grad():
        network = StackedMlp(networks, sizes, x.dtype)
        network.initialise(generators)
        network.parameters.grad = network.gradients
        adam = torch.optim.Adam(
            [network.parameters], lr=training.learning_rate, eps=training.epsilon, fused=True
        )
        workspaces: dict[int, Workspace] = {}
        for epoch in range(1, training.epochs + 1):
            _run_epoch(network, x, y, generators, training, adam, workspaces)
            if progress is not None:
                progress(epoch * batches, training.epochs * batches)
    if not bool(torch.isfinite(network.parameters).all()):
        raise PulsewrightError(
            f"training of {sizes} on {rows} rows diverged; lower learning_rate, now "
            f"{training.learning_rate}"
        )
    return network


@contextmanager
def flushed_denormals() -> Iterator[None]:
    """Count denormal numbers as zero for the length of the block.

    The moments of a parameter whose neuron is dead decay into them, and every operation on one
    takes the processor a hundred times as long.
    """
    as_before = not bool(torch.tensor([1e-40]) * 1 > 0)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(as_before)


def _run_epoch(
    network: StackedMlp,
    x: Tensor,
    y: Tensor,
    generators: Sequence[np.random.Generator],
    training: PublishedTraining,
    adam: torch.optim.Adam,
    workspaces: dict[int, Workspace],
) -> None:
    rows = x.shape[1]
    orders = [torch.from_numpy(generator.permutation(rows)) for generator in generators]
    x = torch.stack([one[order] for one, order in zip(x, orders, strict=True)])
    y = torch.stack([one[order] for one, order in zip(y, orders, strict=True)])
    masks = kept_masks(
        generators, network.sizes[1:-1], rows, training.batch_size, training.dropout, x.dtype
    )
    for first, kept in zip(range(0, rows, training.batch_size), masks, strict=True):
        part = slice(first, min(first + training.batch_size, rows))
        size = part.stop - part.start
        if size not in workspaces:
            workspaces[size] = Workspace(network, size)
        squared_error_gradients(
            network, x[:, part], y[:, part], kept, 1 - training.dropout, workspaces[size]
        )
        adam.step()


def kept_masks(
    generators: Sequence[np.random.Generator],
    hidden: Sequence[int],
    rows: int,
    batch_size: int,
    dropout: float,
    dtype: torch.dtype,
) -> Iterator[list[Tensor] | None]:
    """Draw the masks of one epoch, batch by batch.

    hidden: neurons of each hidden layer. A batch has for each of them a mask (seeds, rows of the
    batch, neurons) of 1 (kept) and 0 (dropped), or None without dropout.
    """
    batches = math.ceil(rows / batch_size)
    if dropout == 0:
        yield from (None for _ in range(batches))
        return
    threshold = np.uint16(round((1 - dropout) * 2**MASK_BITS) - 1)
    numpy_dtype = torch.empty(0, dtype=dtype).numpy().dtype
    whole = min(batch_size, rows)
    for start in range(0, batches, MASK_BATCHES):
        count = min(MASK_BATCHES, batches - start)
        layers = [
            np.empty((len(generators), count, whole, neurons), dtype=numpy_dtype)
            for neurons in hidden
        ]
        for network, generator in enumerate(generators):
            for layer in layers:
                part = layer[network]
                words = generator.integers(0, 2**64, -(-part.size // 4), dtype=np.uint64)
                drawn = words.view(np.uint16)[: part.size].reshape(part.shape)
                np.less_equal(drawn, threshold, out=part)
        tensors = [torch.from_numpy(layer) for layer in layers]
        for batch in range(count):
            size = min(batch_size, rows - (start + batch) * batch_size)
            yield [layer[:, batch, :size] for layer in tensors]
