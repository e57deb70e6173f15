# SPDX-License-Identifier: Apache-2.0
"""Random networks of every kind that a chain takes, small enough for fractions."""

from fractions import Fraction

import numpy as np

from pulsewright.hls_model.exact.chain import ExactChain
from tests.hls_model.exact.reference import ROUNDINGS, Quantiser, Recorded, float32

Random = np.random.Generator


def random_network(seed: int) -> tuple[Recorded, bool]:
    """One to three dense layers, and whether the last one has a quantiser."""
    random = np.random.default_rng(seed)
    inputs = int(random.integers(1, 7))
    made = Recorded(ExactChain(inputs))
    if random.random() < 0.3:
        _affine(made, random, inputs)
    made.quantise(random_quantiser(random, Fraction(1)))
    layers = int(random.integers(1, 4))
    for layer in range(layers):
        if random.random() < 0.2:
            made.times([_signed(random, 0.3, 3.0)])
        if random.random() < 0.2:
            made.plus([_normal(random) for _ in range(inputs)])
        neurons = int(random.integers(1, 6))
        _dense(made, random, neurons, inputs)
        inputs = neurons
        quantised = layer < layers - 1 or random.random() < 0.3
        if quantised:
            _quantise(made, random)
    return made, quantised


def random_quantiser(random: Random, size: Fraction) -> Quantiser:
    """size: of the values, about."""
    if random.random() < 0.15:
        return Quantiser(float32(random, 0.1, 3), Fraction(0), -1, 1, "ROUND", False, bipolar=True)
    bits = int(random.integers(1, 6))
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
        zero_point += float32(random, 0.1, 0.9)
    rounding = "ROUND" if random.random() < 0.5 else str(random.choice(list(ROUNDINGS)))
    return Quantiser(scale, zero_point, low, high, rounding if not after else "ROUND", after)


def random_rows(random: Random, inputs: int, rows: int) -> np.ndarray:
    """Values as float32, at several sizes."""
    sizes = np.exp(random.uniform(np.log(0.1), np.log(4), (rows, 1)))
    return (random.standard_normal((rows, inputs)) * sizes).astype(np.float32)


def _dense(made: Recorded, random: Random, neurons: int, inputs: int) -> None:
    limit = int(random.choice([1, 3, 7, 127]))
    weights = random.integers(-limit, limit + 1, (neurons, inputs))
    if random.random() < 0.2:
        weights[random.integers(neurons)] = 0
    if random.random() < 0.4:
        scales = [float32(random, 0.5, 2) / limit for _ in range(neurons)]
    else:
        scales = [float32(random, 0.5, 2) / limit]
    made.dense(weights, scales)
    if random.random() < 0.5:
        made.plus([_normal(random) for _ in range(neurons)])
    if random.random() < 0.5:
        _batch_normalisation(made, random, neurons)
    if random.random() < 0.2:
        _affine(made, random, neurons)


def _batch_normalisation(made: Recorded, random: Random, channels: int) -> None:
    made.plus([_normal(random) for _ in range(channels)])
    # A variance of 0 is one of 1e-5 with its epsilon.
    made.divide_by_roots(
        [
            float32(random, 0.1, 10) if random.random() < 0.9 else Fraction(1, 100000)
            for _ in range(channels)
        ]
    )
    factors = [_signed(random, 0.3, 3.0) for _ in range(channels)]
    if random.random() < 0.1:
        factors[0] = Fraction(0)
    made.times(factors)
    made.plus([_normal(random) for _ in range(channels)])


def _affine(made: Recorded, random: Random, channels: int) -> None:
    made.times([_signed(random, 0.3, 3.0)])
    made.plus([_normal(random) for _ in range(channels)])


def _quantise(made: Recorded, random: Random) -> None:
    if random.random() < 0.4:
        made.clip(Fraction(0), None if random.random() < 0.6 else float32(random, 0.5, 6))
        if random.random() < 0.2:
            made.times([float32(random, 0.3, 3.0)])
    made.quantise(random_quantiser(random, Fraction(2)))
    if random.random() < 0.1:
        made.quantise(random_quantiser(random, Fraction(2)))


def _signed(random: Random, low: float, high: float) -> Fraction:
    return float32(random, low, high) * int(random.choice([1, 1, 1, -1]))


def _normal(random: Random) -> Fraction:
    return Fraction(float(np.float32(random.standard_normal())))
