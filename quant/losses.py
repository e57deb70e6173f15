# SPDX-License-Identifier: Apache-2.0
"""What training makes small: the mean squared error, or the pinball loss of quantiles."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from pulsewright.hls_model.errors import PulsewrightError


class Loss(NamedTuple):
    """A mean over all outputs, and its gradient; both take outputs and targets, (rows, outputs).

    value: to a scalar, which can be differentiated. gradient: of that, (rows, outputs).
    """

    value: Callable[[Tensor, Tensor], Tensor]
    gradient: Callable[[Tensor, Tensor], Tensor]


def _squared_gradient(output: Tensor, target: Tensor) -> Tensor:
    return (output - target).mul_(2 / output.numel())


SQUARED_ERROR = Loss(torch.nn.functional.mse_loss, _squared_gradient)


def pinball(quantiles: tuple[float, ...]) -> Loss:
    """The loss that output k has least at the quantile `quantiles[k]` of its target.

    Koenker and Bassett, Econometrica 46, 33 (1978): q * (target - output) where the target is
    above, (1 - q) * (output - target) where it is below.

    Raises:
        PulsewrightError: no quantile, or one outside 0..1, both excluded.
    """
    if not quantiles or any(not 0 < one < 1 for one in quantiles):
        raise PulsewrightError(
            f"quantiles {list(quantiles)}; give at least one, each between 0 and 1, both excluded"
        )
    shares = torch.tensor(quantiles)

    def value(output: Tensor, target: Tensor) -> Tensor:
        above = target - output
        return torch.maximum(shares * above, (shares - 1) * above).mean()

    def gradient(output: Tensor, target: Tensor) -> Tensor:
        return ((output > target).to(output.dtype) - shares) / output.numel()

    return Loss(value, gradient)
