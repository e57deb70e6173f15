# SPDX-License-Identifier: Apache-2.0
import pytest
import torch

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.losses import SQUARED_ERROR, Loss, pinball


@pytest.mark.parametrize("loss", [SQUARED_ERROR, pinball((0.05, 0.5))])
def test_the_gradient_is_that_of_the_value(loss: Loss) -> None:
    generator = torch.Generator().manual_seed(0)
    output, target = (torch.randn(40, 2, generator=generator) for _ in range(2))
    output.requires_grad_()
    loss.value(output, target).backward()
    assert output.grad is not None
    assert torch.allclose(loss.gradient(output.detach().clone(), target), output.grad)


def test_a_constant_has_the_least_pinball_loss_at_the_quantile() -> None:
    target = torch.arange(101.0)[:, None]
    for quantile in (0.05, 0.5, 0.9):
        loss = pinball((quantile,))
        values = [float(loss.value(torch.full((101, 1), float(c)), target)) for c in range(101)]
        assert values.index(min(values)) == round(100 * quantile)


@pytest.mark.parametrize("quantiles", [(), (0.0,), (0.5, 1.0), (float("nan"),)])
def test_bad_quantiles(quantiles: tuple[float, ...]) -> None:
    with pytest.raises(PulsewrightError, match="between 0 and 1, both excluded"):
        pinball(quantiles)
