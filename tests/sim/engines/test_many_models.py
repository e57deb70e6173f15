# SPDX-License-Identifier: Apache-2.0
"""A thousand drawn networks, a thousand vectors each: model, C++ kernel and both simulators."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.emulator import Emulator
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.engines.checked_engine import CheckedEngine
from pulsewright.sim.engines.run import write_engines
from pulsewright.sim.simulators import Simulator
from tests.formats.drawn import DrawnNetwork, networks, wider_networks
from tests.formats.ways import reason_of

ROWS, STALLED_ROWS = 1000, 100
# Verilator takes as long for twenty small engines as for two.
TOGETHER = 20
PROGRAMS = 50


class EnoughError(Exception):
    """All networks that are wanted were drawn."""


def is_worth_a_simulation(network: DrawnNetwork) -> bool:
    """It has a hidden layer, and constant weights, most of them there; each row is one of its own.

    Hypothesis likes networks of zeros, of which a thousand would say little.
    """
    folded, layers = network.folded, network.model.layers
    there = [np.count_nonzero(layer.weights) / layer.weights.size for layer in layers]
    fits = not folded.reloadable and not folded.incremental
    return fits and len(layers) > 1 and min(there) > 0.5


def drawn_networks(number: int, count: int) -> list[DrawnNetwork]:
    """So many of seed `number`, no two of the same sizes, folding and uncommon kinds."""
    found: dict[object, DrawnNetwork] = {}

    @seed(number)
    @settings(
        max_examples=50_000,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(network=networks() | wider_networks())
    def draw(network: DrawnNetwork) -> None:
        if is_worth_a_simulation(network):
            folding = tuple((layer.pe, layer.simd) for layer in network.folded.layers)
            kind = (network.model.sizes, folding, *network.kinds)
            found.setdefault(kind, network)
        if len(found) == count:
            raise EnoughError

    with pytest.raises(EnoughError):
        draw()
    return list(found.values())


def vectors(model: IntegerMlp) -> IntegerArray:
    """Codes (rows, inputs): every corner that there is room for, single inputs, then uniform ones.

    Inputs of the extremes drive accumulators to theirs; uniform ones seldom do.
    """
    code, inputs = model.input_format, model.sizes[0]
    random = np.random.default_rng(int(model.digest[:8], 16))
    rows = random.integers(code.minimum, code.maximum + 1, (ROWS, inputs))
    extremes = rows[: ROWS // 4]
    extremes[:] = np.where(random.integers(0, 2, extremes.shape), code.minimum, code.maximum)
    extremes[0], extremes[1] = code.minimum, code.maximum
    # What drives one neuron of the first layer to its largest and to its smallest sum.
    weights = model.layers[0].weights
    for place, row in enumerate(weights):
        extremes[2 + 2 * place] = np.where(row > 0, code.maximum, code.minimum)
        extremes[3 + 2 * place] = np.where(row > 0, code.minimum, code.maximum)
    return rows


def check_kernel(name: str, network: DrawnNetwork, codes: IntegerArray, folder: Path) -> bool:
    """The C++ kernel gives the same, or refuses for a reason that is known."""
    try:
        kernel = Emulator.build(name, network.model, network.folded, folder)
    except PulsewrightError as error:
        reason_of(str(error))
        return False
    assert np.array_equal(kernel.infer(codes), network.model.infer(codes)), network.model
    return True


def check(number: int, count: int, simulators: list[Simulator], folder: Path) -> None:
    drawn = drawn_networks(number, count)
    engines = [
        CheckedEngine(one.model, one.folded, vectors(one.model), STALLED_ROWS) for one in drawn
    ]
    compiled = [
        check_kernel("drawn", network, engine.codes, folder / f"kernel{place}")
        for place, (network, engine) in enumerate(zip(drawn, engines, strict=True))
    ]
    assert sum(compiled) > count // 2
    written = write_engines(engines, folder / "engines")
    for simulator in simulators:
        for engine, outcome in zip(engines, written.run(simulator), strict=True):
            assert outcome.is_right, (number, outcome, engine.model)
            assert outcome.results == ROWS + STALLED_ROWS


def test_a_few_models_on_icarus(tmp_path: Path) -> None:
    check(0, 2, [Simulator.ICARUS], tmp_path)


@pytest.mark.regression
@pytest.mark.parametrize("program", range(PROGRAMS))
def test_twenty_models_in_one_program(program: int, tmp_path: Path) -> None:
    check(1 + program, TOGETHER, list(Simulator), tmp_path)
