# SPDX-License-Identifier: Apache-2.0
"""The page's program computes the integers of the reference, in the engine of a browser."""

import json
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.flow.report.page.assets_text import asset
from pulsewright.flow.report.page.network_document import EXACT_NUMBER, exact, network_document
from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.models import random_codes, random_model

mini_racer = pytest.importorskip("py_mini_racer")

PROGRAM = """
function compute(document, physical, codes) {
  const network = Network.prepare(document);
  const texts = (list) => list.map(String);
  return JSON.stringify({
    codes: physical.map((row) => texts(Network.codesOf(network, row))),
    results: codes.map((row) => texts(Network.infer(network, row))),
  });
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator["mini_racer.MiniRacer"]:
    context = mini_racer.MiniRacer()
    # A lexical declaration is no property of the global object; the function closes over it.
    context.eval(asset("network.js") + PROGRAM)
    yield context
    context.close()


@st.composite
def models(draw: st.DrawFn) -> IntegerMlp:
    sizes = draw(st.lists(st.integers(1, 9), min_size=2, max_size=4))
    output = draw(st.sampled_from(["accumulator", "code", "argmax"]))
    if output == "argmax":
        sizes[-1] = max(sizes[-1], 2)
    pulses = draw(st.none() | st.integers(2, 100))
    return random_model(
        sizes,
        seed=draw(st.integers(0, 2**32 - 1)),
        weight_width=draw(st.integers(2, 8)),
        activation_width=draw(st.integers(2, 8)),
        input_width=draw(st.integers(4, 16)),
        rounding=draw(st.sampled_from(Rounding)),
        requantised=draw(st.booleans()),
        extreme=draw(st.booleans()),
        per_channel=draw(st.booleans()),
        pulses=pulses,
        log_pulses=pulses is not None and draw(st.booleans()),
        multipliers=draw(st.sampled_from([0, 1, 12])),
        output=output,
    )


@settings(max_examples=60)
@given(model=models(), seed=st.integers(0, 2**32 - 1))
def test_the_program_has_the_integers_of_the_reference(
    browser: "mini_racer.MiniRacer", model: IntegerMlp, seed: int
) -> None:
    random = np.random.default_rng(seed)
    ranges = [(one.minimum - 3, one.maximum + 4) for one in model.input_map.features]
    physical = np.stack([random.integers(low, high, 5) for low, high in ranges], axis=1)
    codes = random_codes(model, 20, seed=seed)
    text = browser.eval(
        f"compute({json.dumps(network_document(model))}, {physical.tolist()}, {codes.tolist()})"
    )
    found = json.loads(str(text))
    values = physical / [one.per_si for one in model.input_map.features]
    assert np.array(found["codes"], dtype=np.int64).tolist() == (
        model.input_map.codes(values).tolist()
    )
    assert np.array(found["results"], dtype=np.int64).tolist() == model.infer(codes).tolist()


def test_integers_that_a_double_would_round_are_text() -> None:
    assert exact(EXACT_NUMBER - 1) == EXACT_NUMBER - 1
    assert exact(-EXACT_NUMBER) == str(-EXACT_NUMBER)
