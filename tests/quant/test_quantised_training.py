# SPDX-License-Identifier: Apache-2.0
import pytest
import torch

from hls_model.errors import PulsewrightError
from quant.float_training import train_float_network
from quant.minibatches import Samples
from quant.network import FloatMlp
from quant.quantised_network import QuantisedMlp
from quant.quantised_training import train_quantised_network
from quant.settings import BitWidths, FloatTraining, QuantisedTraining
from quant.torch_session import quiet_torch

WIDTHS = BitWidths()


def samples(rows: int, seed: int) -> Samples:
    codes = torch.randint(-127, 128, (rows, 6), generator=torch.Generator().manual_seed(seed))
    x = codes.float() / 128
    return Samples(x, x[:, :1] * 0.5 + x[:, 1:2].abs())


TRAIN, VALIDATION = samples(2000, 0), samples(300, 1)
FLOAT, FLOAT_FIT = train_float_network(
    (6, 16, 1), TRAIN, VALIDATION, FloatTraining(epochs=30), seed=0
)


def train(widths: BitWidths = WIDTHS, epochs: int = 10, learning_rate: float = 0.003):
    settings = QuantisedTraining(epochs=epochs, batch_size=250, learning_rate=learning_rate)
    return train_quantised_network(
        FLOAT, widths, widths.code_format, TRAIN, VALIDATION, settings, seed=0
    )


def test_fine_tuning_repairs_what_quantisation_breaks() -> None:
    widths = BitWidths(weights=4, activations=4)
    _, calibrated = train(widths, epochs=0)
    _, tuned = train(widths)
    assert calibrated.epoch == 0
    assert tuned.validation_mse < 0.8 * calibrated.validation_mse


def test_never_worse_than_calibration_on_validation() -> None:
    _, calibrated = train(epochs=0)
    _, tuned = train(epochs=2, learning_rate=1.0)
    assert tuned.validation_mse <= calibrated.validation_mse


def test_float_network_stays_as_it_is() -> None:
    before = {name: value.clone() for name, value in FLOAT.state_dict().items()}
    train(epochs=1)
    assert all(torch.equal(before[name], value) for name, value in FLOAT.state_dict().items())


def test_same_seed_same_state() -> None:
    (_, first), (_, again) = train(epochs=3), train(epochs=3)
    assert first.state.keys() == again.state.keys()
    assert all(torch.equal(first.state[name], again.state[name]) for name in first.state)


def test_state_rebuilds_the_network() -> None:
    network, best = train(epochs=2)
    with quiet_torch():
        again = QuantisedMlp(FLOAT.sizes, WIDTHS, WIDTHS.code_format)
        again.load_state_dict(best.state)
    again.eval()
    with torch.no_grad():
        assert torch.equal(again(VALIDATION.x), network(VALIDATION.x))


def test_global_generator_is_not_touched() -> None:
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    train(epochs=1)
    assert torch.equal(torch.rand(1), expected)


def test_divergence() -> None:
    broken = Samples(TRAIN.x, TRAIN.y * float("nan"))
    with pytest.raises(PulsewrightError, match="diverged in epoch 1"):
        train_quantised_network(
            FLOAT, WIDTHS, WIDTHS.code_format, broken, VALIDATION, QuantisedTraining(), seed=0
        )


def test_a_dead_float_network_is_refused_by_its_layer() -> None:
    dead = FloatMlp((6, 4, 1))
    with torch.no_grad():
        dead.dense[1].weight.zero_()
    with pytest.raises(PulsewrightError, match="all weights of layer 2 are zero"):
        train_quantised_network(
            dead, WIDTHS, WIDTHS.code_format, TRAIN, VALIDATION, QuantisedTraining(epochs=1), 0
        )
