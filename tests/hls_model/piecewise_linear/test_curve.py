# SPDX-License-Identifier: Apache-2.0
"""Curves and reaches by switches against one inference for every pulse number."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.piecewise_linear.curve import curve, find_switches, pieces, reach
from pulsewright.hls_model.piecewise_linear.network import piecewise_linear_network
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.models import random_codes, random_model


@st.composite
def models(draw: st.DrawFn) -> IntegerMlp:
    inputs = draw(st.integers(1, 4))
    input_width = draw(st.integers(4, 10))
    signed = draw(st.booleans())
    most = 1 << (input_width - signed)
    return random_model(
        sizes=(inputs, draw(st.integers(1, 12)), 1),
        seed=draw(st.integers(0, 1000)),
        weight_width=draw(st.integers(2, 8)),
        input_width=input_width,
        requantised=False,
        extreme=draw(st.booleans()),
        per_channel=draw(st.booleans()),
        pulses=draw(st.integers(2, min(most, 60))),
        pulse_input=draw(st.integers(0, inputs - 1)),
        signed_inputs=signed,
    )


def inferred(model: IntegerMlp, codes: np.ndarray, first: int, last: int) -> np.ndarray:
    """Outputs at the pulse numbers first..last, each by an inference of its own."""
    network = piecewise_linear_network(model)
    rows = np.tile(codes, (last - first + 1, 1))
    numbers = slice(first - network.sweep.minimum, last - network.sweep.minimum + 1)
    rows[:, network.sweep.input_index] = network.sweep.codes[numbers]
    return model.infer(rows)[:, 0]


@given(models(), st.data())
@settings(max_examples=40, deadline=None)
def test_a_curve_is_what_inferences_give(model: IntegerMlp, data: st.DataObject) -> None:
    network = piecewise_linear_network(model)
    sweep = network.sweep
    first = data.draw(st.integers(sweep.minimum, sweep.maximum))
    last = data.draw(st.sampled_from([first, sweep.maximum]))
    codes = random_codes(model, 4, seed=data.draw(st.integers(0, 100)))
    for row in codes:
        expected = inferred(model, row, first, last)
        assert curve(network, row, first, last).tolist() == expected.tolist()


@given(models(), st.data())
@settings(max_examples=40, deadline=None)
def test_a_reach_is_the_first_inference_at_the_target(
    model: IntegerMlp, data: st.DataObject
) -> None:
    network = piecewise_linear_network(model)
    sweep = network.sweep
    first = data.draw(st.integers(sweep.minimum, sweep.maximum))
    codes = random_codes(model, 3, seed=data.draw(st.integers(0, 100)))[1]
    outputs = inferred(model, codes, first, sweep.maximum)
    # The levels at which the answer changes, and both ends of what an output may be.
    edge = data.draw(st.sampled_from(outputs.tolist())) + data.draw(st.integers(-1, 1))
    for target in (edge, model.output_format.minimum, model.output_format.maximum + 1):
        reached = np.flatnonzero(outputs >= target)
        expected = first + int(reached[0]) if reached.size else None
        assert reach(network, codes, first, sweep.maximum, target) == expected


def test_switches_of_every_slope_and_side() -> None:
    slopes = np.arange(-9, 10)
    for accumulator in range(-40, 41):
        switches = find_switches(slopes, np.full(slopes.shape, accumulator))
        for slope, pulses, distance in zip(
            slopes.tolist(), switches.pulses.tolist(), switches.distances.tolist(), strict=True
        ):
            sides = [accumulator + slope * n >= 0 for n in range(100)]
            expected = sides.index(not sides[0]) if len(set(sides)) == 2 else 0
            assert pulses == expected
            assert distance == (abs(accumulator + slope * pulses) if pulses else 0)


def test_pieces_join_and_cover_the_sweep() -> None:
    model = random_model((3, 40, 1), requantised=False, pulses=50)
    network = piecewise_linear_network(model)
    found = pieces(network, random_codes(model, 2)[0], 5, 44)
    assert len(found) > 3
    assert found[0].first == 5
    for piece, following in itertools.pairwise(found):
        assert piece.first + piece.pulses == following.first
    assert found[-1].first + found[-1].pulses == 45
