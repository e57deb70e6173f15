# SPDX-License-Identifier: Apache-2.0
"""Rows of physical integers of the plain test bench, where the input map is in hardware."""

from collections.abc import Iterator, Sequence
from itertools import chain, cycle, islice, zip_longest
from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.narrow_input_map import (
    NarrowFeature,
    NarrowLine,
    narrow_features,
)

ROWS = 64
# Rows of other inputs that are looked through for one with which a code shows in a result.
CANDIDATES = 256
_SMALLEST, _LARGEST = -(1 << 31), (1 << 31) - 1


class BenchUnits(NamedTuple):
    """values: (rows, inputs) integers of units. codes: what they become. results: of these."""

    values: IntegerArray
    codes: IntegerArray
    results: IntegerArray


def bench_units(model: IntegerMlp, rows: int = ROWS) -> BenchUnits:
    """The same for the same model: the ends of each range, then pairs at steps of the codes.

    A pair is an integer at which the code of one input changes and the one before it, beside other
    inputs with which a result changes too, if there are such. Input after input has its turn; of a
    line those steps come first that the least change of slope or offset would move.
    """
    draw = np.random.default_rng(int(model.digest[8:16], 16))
    features = narrow_features(model.input_map)
    ends = np.array([draw.permutation(_ends(feature)) for feature in features]).T
    steps = [_steps(feature) for feature in features]
    turns = enumerate(chain.from_iterable(zip_longest(*steps)))
    told = [(i % len(features), step) for i, step in turns if step is not None]
    others = [one or [feature.low] for one, feature in zip(steps, features, strict=True)]
    pairs = chain.from_iterable(_pair(model, others, one, draw) for one in cycle(told))
    further = np.array(list(islice(pairs, max(rows - len(ends), 0)))).reshape(-1, len(features))
    chosen = np.concatenate([ends, further])[:rows]
    values = np.clip(chosen, _SMALLEST, _LARGEST).astype(np.int64)
    codes = model.input_map.codes_of_units(values)
    return BenchUnits(values, codes, model.infer(codes))


def _ends(feature: NarrowFeature) -> list[int]:
    return [_SMALLEST, _LARGEST, feature.low - 1, feature.low, feature.high, feature.high + 1]


def _steps(feature: NarrowFeature) -> list[int]:
    """Integers at which the code changes, by turns from below and from above close to another."""
    if not isinstance(feature, NarrowLine):
        places = np.arange(feature.low, feature.high + 1)
        return [int(place) for place in places[1:][np.diff(feature.codes(places)) != 0]]
    first, last = map(int, feature.codes(np.array([feature.low, feature.high])))
    steps = [feature.physical(code) for code in range(first + 1, last + 1)]

    def beyond(place: int) -> int:
        """How far the line is beyond the step of the codes that it passed last."""
        line = feature.multiplier * (place - feature.low) + feature.offset
        return line % (1 << feature.shift)

    just_there = sorted(steps, key=beyond)
    nearly_before = sorted(steps, key=lambda place: -beyond(place - 1))
    return [step for both in zip(just_there, nearly_before, strict=True) for step in both]


def _pair(
    model: IntegerMlp,
    others: Sequence[Sequence[int]],
    step: tuple[int, int],
    draw: np.random.Generator,
) -> Iterator[IntegerArray]:
    """Two rows (inputs,): an input at its step, and the same with the integer before."""
    drawn = [draw.choice(one, CANDIDATES) - draw.integers(2, size=CANDIDATES) for one in others]
    here = np.stack(drawn, axis=1)
    here[:, step[0]] = step[1]
    before = here.copy()
    before[:, step[0]] -= 1
    results = [model.infer(model.input_map.codes_of_units(rows)) for rows in (here, before)]
    row = int((results[0] != results[1]).any(axis=1).argmax())
    yield from (here[row], before[row])
