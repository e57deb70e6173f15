# SPDX-License-Identifier: Apache-2.0
import pytest
import torch

from pulsewright.quant.quantised.weight_scales import fit_thresholds, scale_of
from pulsewright.quant.settings import ScaleFit, WeightScales

PER_TENSOR, PER_CHANNEL = WeightScales.PER_TENSOR, WeightScales.PER_CHANNEL
FLOATS = (WeightScales.PER_TENSOR_FLOAT, WeightScales.PER_CHANNEL_FLOAT)


def scales(weight, width, kind, fit) -> torch.Tensor:
    thresholds = fit_thresholds(weight, width, kind, fit)
    if kind in FLOATS:
        return scale_of(thresholds, 2 ** (width - 1) - 1, is_float=True)
    return torch.exp2(torch.ceil(thresholds) - width + 1)


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


@pytest.mark.parametrize("width", range(2, 9))
@pytest.mark.parametrize("kind", FLOATS)
def test_float_scales_hold_the_largest_weight_or_lose_least(width: int, kind) -> None:
    weight = torch.randn(5, 7, generator=torch.Generator().manual_seed(0)) ** 3
    rows = weight if kind.by_channel else weight.reshape(1, -1)
    limit = 2 ** (width - 1) - 1
    holding, best = (scales(weight, width, kind, fit) for fit in (ScaleFit.MAX, ScaleFit.MSE))
    assert holding.shape == best.shape == (len(rows), 1)
    # The first scale of Brevitas' default quantisers.
    assert torch.allclose(holding * limit, rows.abs().amax(1, keepdim=True))
    # Sixteen candidates a halving.
    for share in 2.0 ** (-torch.arange(100) / 16):
        tried = error(rows, holding * share, width)
        assert (error(rows, best, width) <= 1.001 * tried + 1e-6).all()


def test_powers_of_two_are_rounded_up_and_floats_are_not() -> None:
    threshold = torch.tensor([-1.5, 0.25])
    assert scale_of(threshold, 127, is_float=False).tolist() == [0.5 / 128, 2 / 128]
    expected = [2**-1.5 / 127, 2**0.25 / 127]
    assert scale_of(threshold, 127, is_float=True).tolist() == pytest.approx(expected)


def test_a_tiny_neuron_stays_near_the_others() -> None:
    weight = torch.tensor([[1.0, -0.5], [1e-9, 0.0], [0.0, 0.0]])
    scale = scales(weight, 8, PER_CHANNEL, ScaleFit.MAX)
    assert (scale[0] / scale).flatten().tolist() == [1.0, 64.0, 64.0]


def test_zeros_alone_have_a_scale() -> None:
    assert scales(torch.zeros(2, 3), 4, PER_TENSOR, ScaleFit.MSE).isfinite().all()
