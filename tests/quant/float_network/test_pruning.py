# SPDX-License-Identifier: Apache-2.0
import itertools

import pytest
import torch

from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.float_network.pruning import DAMPINGS, pruned, pruned_for, select
from pulsewright.quant.minibatches import Samples, mean_error
from pulsewright.quant.torch_session import quiet_torch


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def network(sizes: tuple[int, ...], seed: int = 0) -> FloatMlp:
    with quiet_torch():
        made = FloatMlp(sizes)
    made.initialise(generator(seed))
    return made


def samples_of(source: FloatMlp, rows: int = 500) -> Samples:
    x = torch.rand(rows, source.sizes[0], generator=generator(1)) * 2 - 1
    with torch.no_grad():
        return Samples(x, source(x))


def padded(small: FloatMlp, sizes: tuple[int, ...]) -> FloatMlp:
    """Make a wider network of the same function: the new neurons are dead or repeat others."""
    wide = network(sizes, 5)
    with torch.no_grad():
        for source, target in zip(small.layers, wide.layers, strict=True):
            outputs, inputs = source.weight.shape
            target.weight.zero_()
            target.bias.fill_(-1.0)
            target.weight[:outputs, :inputs] = source.weight
            target.bias[:outputs] = source.bias
            target.weight[outputs : outputs + 1, :inputs] = source.weight[:1]
            target.bias[outputs : outputs + 1] = source.bias[:1]
    return wide


@pytest.mark.parametrize("sizes", [(6, 5, 1), (6, 5, 4, 2)])
def test_dead_and_double_neurons_go_first(sizes) -> None:
    small = network(sizes)
    samples = samples_of(small)
    wide = padded(small, (6, *(size + 3 for size in sizes[1:-1]), sizes[-1]))
    with torch.no_grad():
        assert torch.allclose(wide(samples.x), samples.y, atol=1e-6)
        again = pruned(wide, sizes, samples, 1e-6)
        assert again.sizes == sizes
        assert torch.allclose(again(samples.x), samples.y, atol=1e-3)


def test_same_size_fits_the_output_layer() -> None:
    source = network((6, 5, 1))
    samples = samples_of(source)
    with torch.no_grad():
        source.layers[-1].weight.zero_()
        again = pruned(source, (6, 5, 1), samples, 1e-6)
        assert torch.allclose(again(samples.x), samples.y, atol=1e-4)


def test_all_neurons_dead() -> None:
    source = network((6, 5, 1))
    samples = samples_of(source)
    with torch.no_grad():
        source.layers[0].weight.zero_()
        source.layers[0].bias.fill_(-1.0)
        again = pruned(source, (6, 2, 1), samples, 1e-6)
        assert torch.allclose(again(samples.x), samples.y.mean(), atol=1e-5)


def test_network_stays_as_it_is() -> None:
    source = network((6, 5, 1))
    before = {name: value.clone() for name, value in source.state_dict().items()}
    pruned(source, (6, 2, 1), samples_of(source), 1e-6)
    assert all(torch.equal(before[name], value) for name, value in source.state_dict().items())


def test_selection_is_the_least_squares_fit_of_the_columns_kept() -> None:
    x = torch.randn(200, 6, generator=generator(0), dtype=torch.float64)
    y = x[:, [1, 4]] @ torch.tensor([[1.0, 2.0], [3.0, -1.0]], dtype=torch.float64) + 7
    y += 0.1 * torch.randn(200, 2, generator=generator(1), dtype=torch.float64)
    kept, weight, bias = select(x, y, 2, 1e-9)
    assert kept.tolist() == [1, 4]
    columns = torch.cat([x[:, kept], torch.ones(200, 1, dtype=torch.float64)], 1)
    fitted = torch.linalg.lstsq(columns, y).solution
    assert torch.allclose(torch.cat([weight, bias[:, None]], 1), fitted.T, atol=1e-4)


def test_each_step_removes_the_column_that_costs_least() -> None:
    x = torch.randn(100, 5, generator=generator(2), dtype=torch.float64)
    x[:, 3] += x[:, 0]
    y = torch.randn(100, 1, generator=generator(3), dtype=torch.float64) + x[:, :2].sum(1)[:, None]

    def error(columns: tuple[int, ...]) -> float:
        spread = x[:, columns] - x[:, columns].mean(0)
        wanted = y - y.mean()
        return float((spread @ torch.linalg.lstsq(spread, wanted).solution - wanted).square().sum())

    best = min(itertools.combinations(range(5), 4), key=error)
    assert tuple(select(x, y, 4, 1e-9)[0].tolist()) == best


def test_validation_chooses_the_damping() -> None:
    source = network((6, 12, 1))
    train, validation = samples_of(source, 15), samples_of(source, 300)
    noise = torch.randn(train.y.shape, generator=generator(4))
    train = Samples(train.x, train.y + noise)
    with torch.no_grad():
        errors = [
            mean_error(pruned(source, (6, 8, 1), train, damping), validation)
            for damping in DAMPINGS
        ]
        best = pruned_for(source, (6, 8, 1), train, validation)
        assert mean_error(best, validation) == min(errors)
