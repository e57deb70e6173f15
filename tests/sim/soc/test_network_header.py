# SPDX-License-Identifier: Apache-2.0
"""What the compiler makes of the tables is tested in tests/firmware/test_baselines.py."""

from typing import Any

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.soc.fused_network import FusedNetwork
from pulsewright.sim.soc.network_header import network_header
from tests.models import changed, random_model


def test_the_same_network_gives_the_same_text() -> None:
    text = network_header(random_model())
    assert text == network_header(random_model())
    assert text.startswith("/* SPDX-License-Identifier: Apache-2.0 */\n")
    assert max(map(len, text.splitlines())) < 4096, "C99 promises no longer lines"
    assert f"NETWORK_DIGEST 0x{random_model().digest[:8].upper()}u" in text


def test_neurons_that_never_matter_are_left_out() -> None:
    model = random_model((3, 6, 2))
    hidden, output = model.layers
    bias = hidden.bias.copy()
    bias[1] = -(2**20)
    weights = output.weights.copy()
    weights[:, 4] = 0
    smaller = changed(model, layers=(changed(hidden, bias=bias), changed(output, weights=weights)))
    kept = [neuron.weights for neuron in FusedNetwork.of(smaller).neurons]
    assert kept == [hidden.weights[j].tolist() for j in (0, 2, 3, 5)]
    nothing = changed(
        model, layers=(hidden, changed(output, weights=np.zeros_like(output.weights)))
    )
    assert len(FusedNetwork.of(nothing).neurons) == 1
    assert "#define NETWORK_FUSED 1\n" in network_header(nothing)


@pytest.mark.parametrize(
    ("options", "weight", "code", "dot4"),
    [
        ({}, "int8_t", "int8_t", 1),
        ({"weight_width": 9, "extreme": True}, "int16_t", "int8_t", 0),
        ({"signed_inputs": False}, "int8_t", "uint8_t", 1),
        ({"signed_inputs": False, "input_width": 12}, "int8_t", "uint16_t", 0),
    ],
)
def test_types_hold_every_weight_and_every_code(
    options: dict[str, Any], weight: str, code: str, dot4: int
) -> None:
    text = network_header(random_model((4, 3, 1), **options))
    assert f"typedef {weight} network_weight;" in text
    assert f"typedef {code} network_code;" in text
    assert f"#define NETWORK_DOT4 {dot4}\n" in text
    assert ("network_0_packed" in text) == bool(dot4)


def test_what_software_cannot_hold_has_no_header() -> None:
    model = random_model((4, 3, 1))
    hidden, output = model.layers
    wide = changed(output, bias=np.array([2**31 - 1]))
    with pytest.raises(PulsewrightError, match="accumulator of layer 2 may reach 32 bits"):
        network_header(changed(model, layers=(hidden, wide)))
