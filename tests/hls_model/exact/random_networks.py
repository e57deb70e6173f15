# SPDX-License-Identifier: Apache-2.0
"""Random networks of every kind that an importer takes, small enough for fractions.

All constants are float32, as a file has them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

import numpy as np

from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from tests.hls_model.exact.reference import (
    ROUNDINGS,
    BatchNormalisation,
    Quantiser,
    Reference,
    float32,
    nearest_float32,
)

Random = np.random.Generator
Made = TypeVar("Made", bound=Reference)
EPSILON = nearest_float32(1e-5)
# The smallest positive float32: what is left of the variance of an input that never changes.
TINIEST = Fraction(float(np.float32(1e-45)))


@dataclass
class RandomNetwork(Generic[Made]):
    """What was made, and what of it is to be handed on."""

    made: Made
    output: OutputKind

    def results(self, rows: np.ndarray) -> list[list[Fraction]]:
        """What exact arithmetic makes of rows of values."""
        results = [self.made.run([Fraction(float(x)) for x in row]) for row in rows]
        if self.output is OutputKind.ARGMAX:
            return [[Fraction(row.index(max(row)))] for row in results]
        return results

    def check(self, found: ImportedModel, rows: int, seed: int) -> np.ndarray:
        """The integers compute what the file says; returns the input codes of the rows."""
        values = random_rows(np.random.default_rng(seed), found.model.sizes[0], rows)
        codes = found.input_codes.codes(values)
        got, expected = self.meant(found.model, codes), self.results(values)
        if found.report.output.irrational:
            for row, reference in zip(got, expected, strict=True):
                for one, other in zip(row, reference, strict=True):
                    assert abs(one - other) <= Fraction(1, 2**40) * (1 + abs(other))
        else:
            assert got == expected
        return codes

    def meant(self, model: IntegerMlp, codes: np.ndarray) -> list[list[Fraction]]:
        """What the integers stand for that the model makes of input codes."""
        if self.output is OutputKind.ARGMAX:
            return [[Fraction(one) for one in row] for row in model.infer(codes).tolist()]
        return values_of(model, codes)


def values_of(model: IntegerMlp, codes: np.ndarray) -> list[list[Fraction]]:
    """What the model's results stand for."""
    scales = [*model.scales] * (1 if len(model.scales) > 1 else model.outputs)
    offsets = [*model.offsets] * (1 if len(model.offsets) > 1 else model.outputs)
    return [
        [scale * one + offset for scale, one, offset in zip(scales, row, offsets, strict=True)]
        for row in model.infer(codes).tolist()
    ]


def random_network(seed: int, make: Callable[[int], Made]) -> RandomNetwork[Made]:
    """One to three dense layers; `make` takes the number of inputs."""
    random = np.random.default_rng(seed)
    inputs = int(random.integers(1, 13 if random.random() < 0.2 else 7))
    made = make(inputs)
    if random.random() < 0.3:
        _affine(made, random, inputs)
    quantiser = random_quantiser(random, Fraction(1))
    made.quantise(quantiser)
    layers = int(random.integers(1, 4))
    output = OutputKind.ACCUMULATOR
    for layer in range(layers):
        last = layer == layers - 1
        if last and random.random() < 0.2 and quantiser.zero_point.denominator == 1:
            _compared(made, random, inputs, quantiser)
            return RandomNetwork(made, OutputKind.ARGMAX)
        if random.random() < 0.2:
            made.times([_signed(random, 0.3, 3.0)])
        if random.random() < 0.2:
            made.plus([_normal(random) for _ in range(inputs)])
        neurons = int(random.integers(1, 6))
        _dense(made, random, neurons, inputs)
        inputs = neurons
        if not last or random.random() < 0.3:
            quantiser = _quantise(made, random)
            # Accumulators of a file that quantises its output are none of its values.
            output = OutputKind.CODE if last else output
    return RandomNetwork(made, output)


def random_quantiser(random: Random, size: Fraction) -> Quantiser:
    """size: of the values, about."""
    if random.random() < 0.15:
        return Quantiser(
            float32(random, 0.1, 3), Fraction(0), -1, 1, "ROUND", after=False, bipolar=True
        )
    bits = int(random.choice([1, 2, 3, 4, 5, 5, 6, 8]))
    signed = bits > 1 and random.random() < 0.5
    narrow = random.random() < 0.3 and bits > 1
    low = -(1 << (bits - 1)) + narrow if signed else 0
    high = (1 << (bits - signed)) - 1 - (narrow and not signed)
    after = random.random() < 0.5
    scale = float32(random, 0.5, 2) * size / 2 ** (bits - 1)
    if random.random() < 0.2:
        scale = Fraction(2) ** round(float(np.log2(float(scale))))
    zero_point = Fraction(int(random.integers(low, high + 1)) if random.random() < 0.4 else 0)
    if not after and random.random() < 0.2:
        zero_point = nearest_float32(zero_point + float32(random, 0.1, 0.9))
    rounding = "ROUND" if random.random() < 0.5 else str(random.choice(list(ROUNDINGS)))
    return Quantiser(scale, zero_point, low, high, rounding if not after else "ROUND", after)


def random_rows(random: Random, inputs: int, rows: int) -> np.ndarray:
    """Values as float32, at several sizes."""
    sizes = np.exp(random.uniform(np.log(0.1), np.log(4), (rows, 1)))
    return (random.standard_normal((rows, inputs)) * sizes).astype(np.float32)


def _weights(random: Random, neurons: int, inputs: int) -> tuple[np.ndarray, int]:
    """Bipolar, ternary or wider ones, and the largest that there may be."""
    limit = int(random.choice([1, 1, 3, 7, 127]))
    if limit == 1 and random.random() < 0.5:
        return random.choice([-1, 1], (neurons, inputs)), limit
    weights = random.integers(-limit, limit + 1, (neurons, inputs))
    if random.random() < 0.2:
        weights[random.integers(neurons)] = 0
    return weights, limit


def _dense(made: Reference, random: Random, neurons: int, inputs: int) -> None:
    weights, limit = _weights(random, neurons, inputs)
    count = neurons if random.random() < 0.4 else 1
    made.dense(weights, [nearest_float32(float32(random, 0.5, 2) / limit) for _ in range(count)])
    if random.random() < 0.5:
        made.plus([_normal(random) for _ in range(neurons)])
    if random.random() < 0.5:
        _batch_normalisation(made, random, neurons)
    if random.random() < 0.2:
        _affine(made, random, neurons)


def _compared(made: Reference, random: Random, inputs: int, quantiser: Quantiser) -> None:
    """An output layer whose sums compare: one scale, and biases of whole steps."""
    neurons = int(random.integers(2, 6))
    weights, _ = _weights(random, neurons, inputs)
    scale = Fraction(1, 2 ** int(random.integers(0, 8)))
    made.dense(weights, [scale])
    biases = [quantiser.scale * scale * one for one in random.integers(-9, 10, neurons).tolist()]
    if random.random() < 0.7 and all(one == nearest_float32(one) for one in biases):
        made.plus(biases)


def _batch_normalisation(made: Reference, random: Random, channels: int) -> None:
    gamma = [_signed(random, 0.3, 3.0) for _ in range(channels)]
    if random.random() < 0.1:
        gamma[0] = Fraction(0)
    made.normalise(
        BatchNormalisation(
            gamma,
            [_normal(random) for _ in range(channels)],
            [_normal(random) for _ in range(channels)],
            [
                float32(random, 0.1, 10)
                if random.random() < 0.9
                else [Fraction(0), TINIEST][int(random.integers(2))]
                for _ in range(channels)
            ],
            EPSILON,
        )
    )


def _affine(made: Reference, random: Random, channels: int) -> None:
    factor = [_signed(random, 0.3, 3.0)]
    if random.random() < 0.3:
        made.divide(factor)
    else:
        made.times(factor)
    made.plus([_normal(random) for _ in range(channels)])


def _quantise(made: Reference, random: Random) -> Quantiser:
    if random.random() < 0.4:
        made.clip(Fraction(0), None if random.random() < 0.6 else float32(random, 0.5, 6))
        if random.random() < 0.2:
            made.times([float32(random, 0.3, 3.0)])
    quantiser = random_quantiser(random, Fraction(2))
    made.quantise(quantiser)
    if random.random() < 0.1:
        quantiser = random_quantiser(random, Fraction(2))
        made.quantise(quantiser)
    return quantiser


def _signed(random: Random, low: float, high: float) -> Fraction:
    return float32(random, low, high) * int(random.choice([1, 1, 1, -1]))


def _normal(random: Random) -> Fraction:
    return Fraction(float(np.float32(random.standard_normal())))
