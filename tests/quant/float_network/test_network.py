# SPDX-License-Identifier: Apache-2.0
import pytest
import torch

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.torch_session import quiet_torch


def test_parameter_counts() -> None:
    def count(*sizes: int) -> int:
        return sum(parameter.numel() for parameter in FloatMlp(sizes).parameters())

    assert (count(6, 64, 1), count(6, 64, 64, 1), count(6, 64, 64, 64, 1)) == (513, 4673, 8833)


def test_seed_tells_the_parameters() -> None:
    def weights(seed: int) -> torch.Tensor:
        network = FloatMlp((6, 8, 1))
        network.initialise(torch.Generator().manual_seed(seed))
        return network.layers[0].weight

    assert torch.equal(weights(4), weights(4))
    assert not torch.equal(weights(4), weights(5))


@pytest.mark.parametrize("sizes", [(), (6,), (6, 0, 1), (6, 5000, 1), (6, -1)])
def test_bad_sizes(sizes: tuple[int, ...]) -> None:
    with pytest.raises(PulsewrightError, match=r"layer sizes are .*; give inputs and outputs"):
        FloatMlp(sizes)


def test_session_gives_torch_back() -> None:
    threads = torch.get_num_threads()
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    with quiet_torch():
        assert torch.get_num_threads() == 1
        torch.rand(10)
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.rand(3), expected)
