# SPDX-License-Identifier: Apache-2.0
"""Against Brevitas and automatic differentiation, which know nothing of the folded scales."""

import copy

import pytest
import torch
from torch import nn

from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.minibatches import Fit, Samples, Schedule, cosine, fit
from pulsewright.quant.quantised.lean_network import LeanQuantisedMlp, set_lean_gradients
from pulsewright.quant.quantised.quantised_network import (
    QuantisedMlp,
    activation_threshold,
    weight_threshold,
)
from pulsewright.quant.quantised.quantised_training import calibrate
from pulsewright.quant.settings import BitWidths, ScaleFit, WeightScales

PER_TENSOR, PER_CHANNEL = WeightScales.PER_TENSOR, WeightScales.PER_CHANNEL
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.regression) for seed in (1, 2))]


def samples(rows: int, outputs: int = 1, seed: int = 0) -> Samples:
    generator = torch.Generator().manual_seed(seed)
    x = torch.randint(-127, 128, (rows, 6), generator=generator) / 128
    columns = [x[:, :1] * 0.5 + x[:, 1:2].abs(), x[:, 2:3].square(), x[:, 3:4] - x[:, 4:5]]
    return Samples(x, torch.cat(columns, dim=1)[:, :outputs])


def quantised(
    sizes: tuple[int, ...], widths: BitWidths, fit: ScaleFit = ScaleFit.MSE, seed: int = 0
) -> QuantisedMlp:
    start = FloatMlp(sizes)
    start.initialise(torch.Generator().manual_seed(seed))
    network = QuantisedMlp(sizes, widths, widths.code_format)
    network.copy_parameters(start, fit)
    calibrate(network, samples(500).x)
    return network


def brevitas_gradients(network: QuantisedMlp, x, y) -> list[torch.Tensor]:
    network.train()
    network.zero_grad()
    nn.functional.mse_loss(network(x), y).backward()
    return [
        *(layer.weight.grad for layer in network.dense),
        *(layer.bias.grad for layer in network.dense),
        *(weight_threshold(layer).grad for layer in network.dense),
        *(activation_threshold(activation).grad for activation in network.activations),
    ]


CASES = [
    ((6, 16, 1), BitWidths()),
    ((6, 16, 1), BitWidths(weights=2, activations=2, inputs=4)),
    ((6, 16, 1), BitWidths(weights=(2, 8), activations=4, weight_scales=PER_CHANNEL)),
    ((6, 9, 7, 3), BitWidths(weights=(3, 4, 5), activations=(6, 3), weight_scales=PER_CHANNEL)),
    ((6, 9, 7, 3), BitWidths(weights=5, activations=3)),
    ((6, 2), BitWidths(weights=3, weight_scales=PER_CHANNEL)),
    ((6, 16, 1), BitWidths(activations="accumulator")),
    ((6, 16, 1), BitWidths(activations="accumulator", weight_scales=PER_CHANNEL)),
]


def rows_without_zero_sums(network: QuantisedMlp, x: torch.Tensor) -> torch.Tensor:
    """Sums that are 0 as integers may be any tiny float, on either side of the ReLU's kink."""
    with torch.no_grad():
        sums = [
            network.dense[layer](network.activations_before(layer, x)).abs().amin(1)
            for layer in range(len(network.dense) - 1)
        ]
    return torch.stack([*sums, torch.ones(len(x))]).amin(0) > 1e-9


FLOAT_CASES = [
    ((6, 16, 1), BitWidths(weight_scales="per_tensor_float", activation_scales="float")),
    (
        (6, 16, 1),
        BitWidths(weights=(2, 8), activations=4, weight_scales="per_channel_float"),
    ),
    (
        (6, 9, 7, 3),
        BitWidths(
            weights=(3, 4, 5),
            activations=(6, 3),
            weight_scales="per_channel_float",
            activation_scales="float",
        ),
    ),
    ((6, 9, 7, 3), BitWidths(weights=5, activations=3, activation_scales="float")),
    ((6, 2), BitWidths(weights=3, weight_scales="per_channel_float")),
]


@pytest.mark.parametrize(("sizes", "widths"), FLOAT_CASES)
@pytest.mark.parametrize("seed", SEEDS)
def test_float_scales_have_the_values_and_gradients_of_brevitas(sizes, widths, seed: int) -> None:
    """In float64, where no code depends on the last digits of a folded scale."""
    network = quantised(sizes, widths, seed=seed).double()
    data = samples(300, sizes[-1], seed)
    for activation in network.activations:
        activation_threshold(activation).data -= 1.3
    kept = rows_without_zero_sums(network, data.x.double())
    x, y = data.x[kept].double(), data.y[kept].double()
    assert len(x) > 100
    lean = LeanQuantisedMlp(network)
    expected = brevitas_gradients(network, x, y)
    with torch.no_grad():
        assert torch.allclose(lean(x), network(x), rtol=1e-12, atol=1e-12)
    lean.set_gradients(x, y)
    got = [parameter.grad for parameter in lean.parameters()]
    for mine, theirs in zip(got, expected, strict=True):
        assert mine.shape == theirs.shape
        assert (mine - theirs).abs().max() <= 1e-9 * theirs.abs().max()


@pytest.mark.parametrize(("sizes", "widths"), CASES)
@pytest.mark.parametrize("seed", SEEDS)
def test_values_and_gradients_are_those_of_brevitas(sizes, widths, seed: int) -> None:
    network = quantised(sizes, widths, seed=seed)
    data = samples(300, sizes[-1], seed)
    # Some sums saturate and some scales are far from fitted, so that every mask matters.
    for activation in network.activations:
        activation_threshold(activation).data -= 1.3
    lean = LeanQuantisedMlp(network)
    expected = brevitas_gradients(network, data.x, data.y)
    with torch.no_grad():
        assert torch.equal(lean(data.x), network(data.x))
    lean.set_gradients(data.x, data.y)
    got = [parameter.grad for parameter in lean.parameters()]
    assert len(got) == len(expected)
    for mine, theirs in zip(got, expected, strict=True):
        assert mine.shape == theirs.shape
        assert (mine - theirs).abs().max() <= 2e-5 * theirs.abs().max() + 1e-7


def train(network: nn.Module, gradients=None, epochs: int = 8) -> Fit:
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    return fit(
        network,
        samples(640),
        samples(100, seed=1),
        optimiser,
        Schedule(cosine(0.01), epochs=epochs, batch_size=64),
        generator=torch.Generator().manual_seed(0),
        gradients=gradients,
    )


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize(
    "widths",
    [
        BitWidths(),
        BitWidths(weights=4, activations=4, weight_scales=PER_CHANNEL),
        BitWidths(weights=6, weight_scales="per_channel_float", activation_scales="float"),
    ],
)
def test_what_is_learned_is_what_the_plain_brevitas_loop_learns(widths) -> None:
    network = quantised((6, 12, 1), widths)
    lean = LeanQuantisedMlp(network)
    plain = copy.deepcopy(network)
    mine, theirs = train(lean, set_lean_gradients), train(plain)
    lean.copy_to(network)
    with torch.no_grad():
        start = quantised((6, 12, 1), widths).eval()
        moved = float((plain.dense[0].weight - start.dense[0].weight).abs().max())
        difference = float((plain.dense[0].weight - network.dense[0].weight).abs().max())
    assert moved > 0.05
    # Sums are added in another order; Adam turns what that changes into no more than this.
    assert difference < 0.02 * moved
    assert mine.validation_error == pytest.approx(theirs.validation_error, rel=0.02)


def test_copied_back_brevitas_gives_the_same_bits() -> None:
    network = quantised((6, 12, 1), BitWidths(weights=5, weight_scales=PER_CHANNEL))
    lean = LeanQuantisedMlp(network)
    train(lean, set_lean_gradients, epochs=2)
    lean.copy_to(network)
    data = samples(200)
    network.eval()
    with torch.no_grad():
        assert torch.equal(network(data.x), lean(data.x))


def test_the_brevitas_network_is_not_touched_before() -> None:
    network = quantised((6, 12, 1), BitWidths())
    before = {name: value.clone() for name, value in network.state_dict().items()}
    train(LeanQuantisedMlp(network), set_lean_gradients, epochs=2)
    after = network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
