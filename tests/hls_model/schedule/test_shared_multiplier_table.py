# SPDX-License-Identifier: Apache-2.0
"""The steps of the engine with one multiplier, walked through in Python: they are the network."""

from typing import Any

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.shared_multiplier_table import operand_format, step_table
from pulsewright.hls_model.schedule.shared_multiplier_timing import SharedMultiplierTiming
from tests.models import random_codes, random_model

MODELS: dict[str, dict[str, Any]] = {
    "a1": {"sizes": (6, 64, 1)},
    "one input": {"sizes": (1, 3, 2)},
    "several outputs": {"sizes": (4, 5, 6)},
}


def timing_of(model: IntegerMlp) -> SharedMultiplierTiming:
    inputs, neurons, outputs = model.sizes
    return SharedMultiplierTiming(inputs=inputs, neurons=neurons, outputs=outputs)


@pytest.mark.parametrize("name", MODELS)
def test_the_steps_compute_the_network(name: str) -> None:
    model = random_model(**MODELS[name])
    timing = timing_of(model)
    table = step_table(model, timing)
    steps = list(zip(table.weights.tolist(), table.starts.tolist(), strict=True))
    assert len(steps) == timing.steps
    hidden = model.layers[0]
    for row in random_codes(model, 5):
        outputs, code = [0] * timing.outputs, 0
        for number in range(timing.neurons + 1):
            accumulator = 0
            one_pass = steps[number * timing.pass_steps :][: timing.pass_steps]
            for place, (weight, start) in enumerate(one_pass[: timing.input_steps]):
                operand = int(row[place]) if place < timing.inputs else 0
                accumulator += weight * operand + start
            for place, (weight, start) in enumerate(one_pass[timing.input_steps :]):
                outputs[place] += weight * code + start
            shifted = max(accumulator, 0) / 2**hidden.shift
            code = min(round(shifted), hidden.result_format.maximum)
        assert outputs == model.infer(row[None]).tolist()[0]


def test_a_sum_that_has_begun_has_no_start() -> None:
    """So that what is added to it may be joined bit by bit to the one that is kept, which is 0."""
    model = random_model((4, 5, 2))
    timing = timing_of(model)
    passes = step_table(model, timing).starts.reshape(-1, timing.pass_steps)
    assert passes[:-1, 0].tolist() == model.layers[0].bias.tolist()
    assert passes[0, timing.input_steps :].tolist() == model.layers[1].bias.tolist()
    assert not passes[:, 1 : timing.input_steps].any()
    assert not passes[1:, timing.input_steps :].any()
    assert not passes[-1].any()


@pytest.mark.parametrize(
    ("signed", "requantised", "width"), [(True, True, 9), (False, True, 8), (True, False, 18)]
)
def test_an_operand_holds_inputs_and_codes(signed: bool, requantised: bool, width: int) -> None:
    model = random_model((6, 5, 1), signed_inputs=signed, requantised=requantised)
    found = operand_format(model)
    assert found.signed == signed
    codes = model.layers[0].result_format
    assert found.width == (width if requantised else codes.width + 1)
    assert found.minimum <= model.input_format.minimum
    assert found.maximum >= max(codes.maximum, model.input_format.maximum)
