# SPDX-License-Identifier: Apache-2.0
"""History networks for tests: one that says the same whatever it is asked, and random ones."""

import numpy as np

from pulsewright.hls_model.closed_loop.history import PulseSetting, history_map
from pulsewright.hls_model.closed_loop.population import Population
from pulsewright.hls_model.closed_loop.rule import INPUTS
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

CODES = FixedPoint(width=8, frac=7, signed=True)
WEIGHTS = FixedPoint(width=8, frac=6, signed=True)
FRAC = CODES.frac + WEIGHTS.frac
SETTING = PulseSetting(
    *(np.array(ends) for ends in ((2000, 2400), (-900, 0), *[(5_000, 1_300_000)] * 3))
)


def constant_history_model(low: float, median: float) -> IntegerMlp:
    """Outputs of `low` and `median` octaves, whatever the inputs."""
    layer = DenseLayer(
        weights=np.zeros((2, INPUTS), dtype=np.int64),
        bias=np.array([round(low * 2**FRAC), round(median * 2**FRAC)]),
        input_format=CODES,
        weight_format=WEIGHTS,
        relu=False,
    )
    return IntegerMlp(name="constant", input_map=history_map(SETTING, 99, CODES), layers=(layer,))


def random_history_model(seed: int) -> IntegerMlp:
    """13-4-2 with random weights; its outputs span a few octaves."""
    random = np.random.default_rng(seed)
    hidden = FixedPoint(width=8, frac=6, signed=False)
    first = DenseLayer(
        weights=random.integers(-40, 41, (4, INPUTS)),
        bias=random.integers(-(2**FRAC), 2**FRAC, 4),
        input_format=CODES,
        weight_format=WEIGHTS,
        output_format=hidden,
        relu=True,
    )
    last = DenseLayer(
        weights=random.integers(-40, 41, (2, 4)),
        bias=random.integers(-(2**12), 2**12, 2),
        input_format=hidden,
        weight_format=WEIGHTS,
        relu=False,
    )
    return IntegerMlp(
        name="random", input_map=history_map(SETTING, 99, CODES), layers=(first, last)
    )


# 4800 units of rise an octave of 1 + N.
LINEAR_POPULATION = Population(rise=tuple(600 * entry for entry in range(55)))


def random_population(seed: int) -> Population:
    """A table of 2 to 100 entries that rises by 1 to 600 units a step."""
    random = np.random.default_rng(seed)
    steps = random.integers(1, 601, random.integers(1, 100))
    return Population(rise=tuple(np.cumsum([0, *steps]).tolist()))
