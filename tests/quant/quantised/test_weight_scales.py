# SPDX-License-Identifier: Apache-2.0
import pytest
import torch

from pulsewright.quant.quantised.weight_scales import fit_thresholds
from pulsewright.quant.settings import ScaleFit, ScaleGranularity

PER_TENSOR, PER_CHANNEL = ScaleGranularity.PER_TENSOR, ScaleGranularity.PER_CHANNEL


def scales(weight, width, granularity, fit) -> torch.Tensor:
    return torch.exp2(torch.ceil(fit_thresholds(weight, width, granularity, fit)) - width + 1)


def error(weight: torch.Tensor, scale: torch.Tensor, width: int) -> torch.Tensor:
    limit = 2 ** (width - 1) - 1
    return ((weight / scale).round().clamp(-limit, limit) * scale - weight).square().sum(-1)


@pytest.mark.parametrize("width", range(2, 9))
@pytest.mark.parametrize("seed", range(5))
def test_max_is_the_finest_scale_that_holds_every_weight(width: int, seed: int) -> None:
    weight = torch.randn(5, 7, generator=torch.Generator().manual_seed(seed))
    limit = 2 ** (width - 1) - 1
    for granularity, rows in ((PER_CHANNEL, weight), (PER_TENSOR, weight.reshape(1, -1))):
        scale = scales(weight, width, granularity, ScaleFit.MAX)
        largest = rows.abs().amax(1, keepdim=True)
        assert scale.shape == (len(rows), 1)
        assert (largest <= limit * scale).all()
        assert (largest > limit * scale / 2).all()


@pytest.mark.parametrize("width", range(2, 9))
@pytest.mark.parametrize("seed", range(5))
def test_mse_is_the_best_power_of_two(width: int, seed: int) -> None:
    weight = torch.randn(5, 7, generator=torch.Generator().manual_seed(seed)) ** 3
    for granularity, rows in ((PER_CHANNEL, weight), (PER_TENSOR, weight.reshape(1, -1))):
        if granularity is PER_CHANNEL:
            rows = weight / weight.abs().amax(1, keepdim=True)
        scale = scales(
            rows if granularity is PER_CHANNEL else weight, width, granularity, ScaleFit.MSE
        )
        chosen = error(rows, scale, width)
        for exponent in range(-14, 6):
            assert (chosen <= error(rows, torch.tensor(2.0**exponent), width) + 1e-6).all()


def test_a_tiny_neuron_stays_near_the_others() -> None:
    weight = torch.tensor([[1.0, -0.5], [1e-9, 0.0], [0.0, 0.0]])
    scale = scales(weight, 8, PER_CHANNEL, ScaleFit.MAX)
    assert (scale[0] / scale).flatten().tolist() == [1.0, 64.0, 64.0]


def test_zeros_alone_have_a_scale() -> None:
    assert scales(torch.zeros(2, 3), 4, PER_TENSOR, ScaleFit.MSE).isfinite().all()
