# SPDX-License-Identifier: Apache-2.0
"""Which networks are piecewise linear in the pulse number."""

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.piecewise_linear.network import piecewise_linear_network
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.models import random_model


def test_the_step_of_the_codes_is_in_the_slopes() -> None:
    network = piecewise_linear_network(random_model((6, 64, 1), requantised=False, pulses=100))
    assert network.step == 2
    assert network.slopes.tolist() == (2 * network.weights[:, 0]).tolist()


@pytest.mark.parametrize(
    ("model", "needs"),
    [
        (random_model((6, 8, 1), pulses=100), "a hidden layer without a requantiser"),
        (random_model((6, 8, 8, 1), requantised=False, pulses=100), "one hidden layer, .* has 2"),
        (random_model((6, 1), pulses=100), "one hidden layer, .* has 0"),
        (random_model((6, 8, 2), requantised=False, pulses=100), "one output, .* has 2"),
        (
            random_model((6, 8, 1), requantised=False, pulses=100, log_pulses=True),
            "a constant step apart, N of 'random' has a table",
        ),
        (
            random_model((6, 8, 1), requantised=False, pulses=100, input_width=6),
            "a constant step apart, N of 'random' has a map that saturates or rounds",
        ),
        (random_model((6, 8, 1), requantised=False), "no input of 'random' has the unit"),
    ],
)
def test_other_networks_are_refused_with_what_is_needed(model: IntegerMlp, needs: str) -> None:
    with pytest.raises(PulsewrightError, match=needs) as refusal:
        piecewise_linear_network(model)
    assert str(refusal.value).count(";") == 1
