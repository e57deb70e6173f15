# SPDX-License-Identifier: Apache-2.0
"""Multiplier, offset and shift of a requantiser as constants of a graph, exactly or not at all."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.requantiser import Requantiser

FloatType = type[np.float32] | type[np.float64]


class RequantiserConstants(NamedTuple):
    """What an accumulator is multiplied by and what is added, (neurons,) or one for all.

    narrow: the codes end one below their format's maximum. ceiling: what is clipped to before the
    quantiser, where they end further below.
    """

    factors: npt.NDArray[np.float64]
    offsets: npt.NDArray[np.float64]
    narrow: bool
    ceiling: float | None


def requantiser_constants(
    requantiser: Requantiser, layer: DenseLayer, where: str
) -> RequantiserConstants:
    """Those of `layer`, whose accumulator is a tensor of integers * 2**-accumulator_frac.

    Powers of two times integers of at most 53 bits, which float64 holds.

    Raises:
        PulsewrightError: QONNX has no quantiser that rounds so.
    """
    target = layer.result_format
    if layer.rounding is Rounding.HALF_UP and target.signed:
        raise PulsewrightError(
            f"{where} rounds signed codes half up, QONNX's HALF_UP away from zero; "
            'export accumulators (output = "accumulator"), or round half to even'
        )
    shift = requantiser.shift + target.frac
    below = target.maximum - requantiser.largest_code(target)
    narrow = below == 1 and not target.signed and target.width > 1
    return RequantiserConstants(
        factors=_scaled(requantiser.multiplier, layer.accumulator_frac - shift),
        offsets=_scaled(requantiser.offset, -shift),
        narrow=narrow,
        ceiling=None if narrow or below == 0 else _step(target, requantiser.largest_code(target)),
    )


def requantiser_bits(layer: DenseLayer) -> int:
    """Bits of the largest product, offset or sum of a layer's requantiser; 0 without one."""
    requantiser = layer.requantiser
    if requantiser is None:
        return 0
    sums = np.concatenate(requantiser.scaled_ranges(*layer.neuron_ranges))
    offsets = np.tile(requantiser.offset.astype(object), 2)
    largest = np.abs(np.concatenate([sums, sums - offsets, offsets, _objects(requantiser)])).max()
    return (int(largest) - 1).bit_length()


def exact_floats(name: str, values: tuple[Fraction, ...], dtype: FloatType) -> list[float]:
    """The rationals as floating-point numbers.

    Raises:
        PulsewrightError: one of them is none.
    """
    floats = [float(dtype(float(value))) for value in values]
    for value, rounded in zip(values, floats, strict=True):
        if Fraction(rounded) != value:
            raise PulsewrightError(
                f"{name} {float(value):g} is no {np.dtype(dtype).name} number, and the graph would "
                "hold another; export without output scale and offset"
            )
    return floats


def _objects(requantiser: Requantiser) -> npt.NDArray[np.object_]:
    return requantiser.multiplier.astype(object)


def _scaled(values: npt.NDArray[np.int64], exponent: int) -> npt.NDArray[np.float64]:
    distinct = values[:1] if (values == values[0]).all() else values
    scaled: npt.NDArray[np.float64] = np.ldexp(distinct.astype(np.float64), exponent)
    return scaled


def _step(target: FixedPoint, code: int) -> float:
    return float(np.ldexp(float(code), -target.frac))
