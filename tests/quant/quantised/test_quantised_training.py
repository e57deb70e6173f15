# SPDX-License-Identifier: Apache-2.0
from functools import cache

import pytest
import torch

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.float_network.float_training import train_float_network
from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.minibatches import Samples, mean_error
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.quantised.quantised_training import train_quantised_network
from pulsewright.quant.settings import BitWidths, FloatTraining, QuantisedTraining, Refinement
from pulsewright.quant.torch_session import quiet_torch

WIDTHS = BitWidths()
# The search through a hidden layer takes ten times as long as the training here.
ENDS_OF_REFINEMENT = pytest.mark.parametrize(
    "refinement",
    [
        Refinement.OUTPUT_LAYER,
        pytest.param(Refinement.LAST_TWO_LAYERS, marks=pytest.mark.regression),
    ],
)


def samples(rows: int, seed: int) -> Samples:
    codes = torch.randint(-127, 128, (rows, 6), generator=torch.Generator().manual_seed(seed))
    x = codes.float() / 128
    return Samples(x, x[:, :1] * 0.5 + x[:, 1:2].abs())


TRAIN, VALIDATION = samples(2000, 0), samples(300, 1)


@cache
def float_network() -> FloatMlp:
    """Trained when a test asks for it, and not where tests are only collected."""
    network, _ = train_float_network(
        (6, 16, 1), TRAIN, VALIDATION, FloatTraining(epochs=30), seed=0
    )
    return network


def train(
    widths: BitWidths = WIDTHS,
    epochs: int = 10,
    learning_rate: float = 0.003,
    refinement: Refinement = Refinement.NONE,
    teacher: float = 0.0,
):
    settings = QuantisedTraining(
        epochs=epochs,
        batch_size=250,
        learning_rate=learning_rate,
        refinement=refinement,
        teacher=teacher,
    )
    return train_quantised_network(
        float_network(), widths, widths.code_format, TRAIN, VALIDATION, settings, seed=0
    )


def test_fine_tuning_repairs_what_quantisation_breaks() -> None:
    widths = BitWidths(weights=4, activations=4)
    _, calibrated = train(widths, epochs=0)
    _, tuned = train(widths)
    assert calibrated.epoch == 0
    assert tuned.validation_error < 0.8 * calibrated.validation_error


def test_never_worse_than_calibration_on_validation() -> None:
    _, calibrated = train(epochs=0)
    _, tuned = train(epochs=2, learning_rate=1.0)
    assert tuned.validation_error <= calibrated.validation_error


@pytest.mark.parametrize(
    ("refinement", "ratio"),
    [
        (Refinement.OUTPUT_LAYER, 1.0),
        pytest.param(Refinement.LAST_TWO_LAYERS, 0.8, marks=pytest.mark.regression),
    ],
)
def test_refinement_repairs_more(refinement: Refinement, ratio: float) -> None:
    widths = BitWidths(weights=4, activations=4)
    (_, plain), (_, refined) = (
        train(widths, refinement=one) for one in (Refinement.NONE, refinement)
    )
    assert refined.validation_error <= ratio * plain.validation_error


def test_a_refinement_that_validation_refuses_is_not_kept() -> None:
    """With the rows of one point the search fits that point and nothing else."""
    one = Samples(TRAIN.x[:1].repeat(250, 1), TRAIN.y[:1].repeat(250, 1) + 3)
    settings = QuantisedTraining(epochs=0, refinement=Refinement.LAST_TWO_LAYERS)
    plain = QuantisedTraining(epochs=0, refinement=Refinement.NONE)
    (refined, fit), (_, expected) = (
        train_quantised_network(
            float_network(), WIDTHS, WIDTHS.code_format, one, VALIDATION, given, seed=0
        )
        for given in (settings, plain)
    )
    assert fit.validation_error == expected.validation_error
    state = refined.state_dict()
    assert all(torch.equal(state[name], expected.state[name]) for name in state)


@pytest.mark.parametrize(
    ("bits", "refinement"),
    [
        (4, Refinement.NONE),
        pytest.param(3, Refinement.LAST_TWO_LAYERS, marks=pytest.mark.regression),
    ],
)
def test_the_best_restart_on_validation_is_kept(bits: int, refinement: Refinement) -> None:
    def trained(restarts: int) -> float:
        settings = QuantisedTraining(
            epochs=2, batch_size=250, restarts=restarts, refinement=refinement
        )
        widths = BitWidths(weights=bits, activations=bits)
        network, best = train_quantised_network(
            float_network(), widths, WIDTHS.code_format, TRAIN, VALIDATION, settings, seed=0
        )
        assert mean_error(network, VALIDATION) == best.validation_error
        return best.validation_error

    errors = [trained(restarts) for restarts in (1, 2, 3, 4)]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < errors[0]


def test_a_teacher_replaces_its_share_of_the_targets() -> None:
    with torch.no_grad():
        blended = Samples(TRAIN.x, 0.25 * TRAIN.y + 0.75 * float_network()(TRAIN.x))
    states = [
        train_quantised_network(
            float_network(),
            WIDTHS,
            WIDTHS.code_format,
            data,
            VALIDATION,
            QuantisedTraining(epochs=3, batch_size=250, teacher=share, refinement=Refinement.NONE),
            seed=0,
        )[1].state
        for data, share in ((TRAIN, 0.75), (blended, 0.0), (TRAIN, 0.0))
    ]
    for name, value in states[0].items():
        assert torch.allclose(value, states[1][name], atol=1e-4)
    assert not torch.allclose(states[0]["dense.0.weight"], states[2]["dense.0.weight"], atol=1e-4)


@ENDS_OF_REFINEMENT
def test_float_network_stays_as_it_is(refinement: Refinement) -> None:
    before = {name: value.clone() for name, value in float_network().state_dict().items()}
    train(epochs=1, teacher=0.5, refinement=refinement)
    assert all(
        torch.equal(before[name], value) for name, value in float_network().state_dict().items()
    )


@ENDS_OF_REFINEMENT
def test_same_seed_same_state(refinement: Refinement) -> None:
    (_, first), (_, again) = (train(epochs=3, refinement=refinement) for _ in range(2))
    assert first.state.keys() == again.state.keys()
    assert all(torch.equal(first.state[name], again.state[name]) for name in first.state)


def test_state_rebuilds_the_network() -> None:
    network, best = train(epochs=2)
    with quiet_torch():
        again = QuantisedMlp(float_network().sizes, WIDTHS, WIDTHS.code_format)
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
            float_network(),
            WIDTHS,
            WIDTHS.code_format,
            broken,
            VALIDATION,
            QuantisedTraining(),
            seed=0,
        )


def test_a_dead_float_network_is_refused_by_its_layer() -> None:
    dead = FloatMlp((6, 4, 1))
    with torch.no_grad():
        dead.dense[1].weight.zero_()
    with pytest.raises(PulsewrightError, match="all weights of layer 2 are zero"):
        train_quantised_network(
            dead, WIDTHS, WIDTHS.code_format, TRAIN, VALIDATION, QuantisedTraining(epochs=1), 0
        )
