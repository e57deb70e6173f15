# SPDX-License-Identifier: Apache-2.0
"""Quantiser nodes: Quant, BipolarQuant, QuantizeLinear, and what they make of constants."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.staircase import (
    ROUNDINGS,
    Staircase,
    bipolar_staircase,
    integer_staircase,
    rounded,
)
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.qonnx.attributes import attribute
from pulsewright.hls_model.qonnx.graph import label
from pulsewright.hls_model.quantised_onnx.constants import Constant, Numbers
from pulsewright.hls_model.shortened import shortened

WIDEST_WEIGHT = 16
# Quotients of float64 are right to 2**-52, relative; nearer to a step they are taken exactly.
NEAR_A_STEP = 2.0**-40

_TENSOR = onnx.TensorProto
INTEGER_RANGES: dict[int, tuple[int, int]] = {
    _TENSOR.INT8: (-128, 127),
    _TENSOR.UINT8: (0, 255),
    _TENSOR.INT16: (-(2**15), 2**15 - 1),
    _TENSOR.UINT16: (0, 2**16 - 1),
    _TENSOR.INT4: (-8, 7),
    _TENSOR.UINT4: (0, 15),
    _TENSOR.INT32: (-(2**31), 2**31 - 1),
}


@dataclass(frozen=True)
class QuantiserNode:
    """q = clip(round(x / scale) + zero_point), or with the zero point inside the rounding.

    scale, zero_point: arrays of `Surd` that broadcast to what is quantised; scales are rational.
    bipolar: q is -1 below 0 and 1 from 0 on, before the zero point.
    """

    where: str
    scale: Numbers
    zero_point: Numbers
    limits: tuple[int, int]
    rounding: str
    zero_point_after_rounding: bool
    bipolar: bool = False

    @property
    def is_uniform(self) -> bool:
        """True if there is one scale and one zero point."""
        return _is_one(self.scale) and _is_one(self.zero_point)

    def staircase(self) -> Staircase:
        """As a staircase of values, for one scale and one zero point."""
        scale, zero_point = self.scale.flat[0].rational, self.zero_point.flat[0].rational
        return self._staircase(scale, zero_point)

    def unit_staircase(self) -> Staircase:
        """The same of values divided by the scale, plus the zero point where that is inside.

        Raises:
            PulsewrightError: zero points that differ are added after the rounding.
        """
        if not self.zero_point_after_rounding:
            return self._staircase(Fraction(1), Fraction(0))
        if not _is_one(self.zero_point):
            raise PulsewrightError(
                f"{self.where}: activations have zero points by channel; give them one"
            )
        return self._staircase(Fraction(1), self.zero_point.flat[0].rational)

    def _staircase(self, scale: Fraction, zero_point: Fraction) -> Staircase:
        if self.bipolar:
            plain = bipolar_staircase(self.where, scale)
            return plain.moved(-zero_point * scale)
        return integer_staircase(
            self.where,
            scale,
            zero_point,
            self.limits,
            self.rounding,
            zero_point_after_rounding=self.zero_point_after_rounding,
        )

    def integers_of(self, values: Numbers) -> tuple[Numbers, Numbers]:
        """The codes of float64 constants: exactly, and by one division in float32.

        Raises:
            PulsewrightError: scales and values have shapes that do not agree.
        """
        try:
            scale = np.broadcast_to(self.scale, values.shape)
            zero_point = np.broadcast_to(self.zero_point, values.shape)
        except ValueError as error:
            raise PulsewrightError(
                f"{self.where}: scales of shape {list(self.scale.shape)} do not fit values of "
                f"shape {list(values.shape)}; give one scale, or one a channel"
            ) from error
        divisors = _floats(self.scale, values.shape)
        zeros = _floats(self.zero_point, values.shape)
        if self.bipolar:
            codes = np.where(values + zeros * divisors >= 0, 1.0, -1.0)
            return codes, codes
        before = 0.0 if self.zero_point_after_rounding else zeros
        after = zeros if self.zero_point_after_rounding else 0.0
        quotients = values / divisors + before
        codes = _ROUND_FLOATS[self.rounding](quotients)
        halves = 2 * quotients
        near = np.abs(halves - np.rint(halves)) <= NEAR_A_STEP * (1 + np.abs(halves))
        if self.rounding in _STEPS_AT_HALVES:
            near &= np.rint(halves) % 2 != 0
        for place in zip(*np.nonzero(near), strict=True):
            exact = Fraction(float(values[place])) / scale[place].rational
            if not self.zero_point_after_rounding:
                exact += zero_point[place].rational
            codes[place] = rounded(exact, self.rounding)
        float32 = values.astype(np.float32) / divisors.astype(np.float32) + np.float32(before)
        others = _ROUND_FLOATS[self.rounding](float32).astype(np.float64)
        low, high = self.limits
        codes, others = (np.clip(one + after, low, high) for one in (codes, others))
        return codes, others


_STEPS_AT_HALVES = ("ROUND", "HALF_EVEN", "HALF_UP", "HALF_DOWN")
_ROUND_FLOATS: dict[str, Callable[[Numbers], Numbers]] = {
    "ROUND": np.rint,
    "HALF_EVEN": np.rint,
    "HALF_UP": lambda x: np.sign(x) * np.floor(np.abs(x) + 0.5),
    "HALF_DOWN": lambda x: np.sign(x) * np.ceil(np.abs(x) - 0.5),
    "FLOOR": np.floor,
    "CEIL": np.ceil,
    "DOWN": np.trunc,
    "ROUND_TO_ZERO": np.trunc,
    "UP": lambda x: np.sign(x) * np.ceil(np.abs(x)),
}


def _is_one(values: Numbers) -> bool:
    first = values.flat[0]
    return all(one is first or one == first for one in values.flat)


def _floats(values: Numbers, shape: tuple[int, ...]) -> Numbers:
    floats = np.array([float(one) for one in values.flat]).reshape(values.shape)
    return np.broadcast_to(floats, shape)


def quant_node(
    node: onnx.NodeProto, scale: Constant, zero_point: Constant, bits: Constant
) -> QuantiserNode:
    """QONNX's Quant: the zero point is added before the rounding.

    Raises:
        PulsewrightError: a scale is not positive, the bit width is not a whole number of bits, or
            the rounding is not known.
    """
    where = label(node)
    widths = {float(one) for one in bits.exact(where).flat}
    width = widths.pop() if len(widths) == 1 else 0.0
    if widths or width != int(width) or not 1 <= width <= 32:
        raise PulsewrightError(
            f"{where}: bit width {shortened(bits.numbers.tolist())}; give one whole number of 1 to "
            "32"
        )
    signed, narrow = (_flag(node, name) for name in ("signed", "narrow"))
    rounding = attribute(node, "rounding_mode", "ROUND").upper()
    if rounding not in ROUNDINGS:
        raise PulsewrightError(
            f"{where}: rounding_mode {shortened(rounding)}; use one of {', '.join(ROUNDINGS)}"
        )
    low = -(1 << (int(width) - 1)) + narrow if signed else 0
    high = (1 << (int(width) - signed)) - 1 - (narrow and not signed)
    return QuantiserNode(
        where,
        _scales(where, scale),
        zero_point.exact(where),
        (low, high),
        rounding,
        zero_point_after_rounding=False,
        bipolar=signed and width == 1,
    )


def bipolar_node(node: onnx.NodeProto, scale: Constant) -> QuantiserNode:
    """QONNX's BipolarQuant: -scale below 0, scale from 0 on."""
    where = label(node)
    zero = np.array(Surd.of(0), dtype=object)
    return QuantiserNode(
        where,
        _scales(where, scale),
        zero,
        (-1, 1),
        "ROUND",
        zero_point_after_rounding=False,
        bipolar=True,
    )


def linear_node(
    node: onnx.NodeProto, rank: int, scale: Constant, zero_point: Constant | None
) -> QuantiserNode:
    """ONNX's QuantizeLinear and its kin: the zero point is added after the rounding.

    rank: dimensions of what is quantised.

    Raises:
        PulsewrightError: a scale is not positive, or the type of the codes is none that is read.
    """
    where = label(node)
    kind = attribute(node, "output_dtype", 0) or _TENSOR.UINT8
    kind = kind if zero_point is None else zero_point.kind
    limits = code_limits(where, kind)
    axis = attribute(node, "axis", 1)
    return QuantiserNode(
        where,
        by_axis(where, _scales(where, scale), rank, axis),
        by_axis(where, zero_points(where, zero_point, limits), rank, axis),
        limits,
        "HALF_EVEN",
        zero_point_after_rounding=True,
    )


def code_limits(where: str, kind: int) -> tuple[int, int]:
    """Smallest and largest integer of a type of codes.

    Raises:
        PulsewrightError: it is none of codes.
    """
    if kind not in INTEGER_RANGES:
        raise PulsewrightError(
            f"{where} makes codes of the type {type_name(kind)}; use int8 or uint8"
        )
    return INTEGER_RANGES[kind]


def type_name(kind: int) -> str:
    """The name of a tensor's type."""
    return str({number: word for word, number in _TENSOR.DataType.items()}.get(kind, kind)).lower()


def _scales(where: str, scale: Constant) -> Numbers:
    values = scale.exact(where)
    for one in values.flat:
        if one.sign() <= 0 or not one.is_rational:
            shown = "a root" if one.sign() > 0 else str(float(one))
            raise PulsewrightError(
                f"{where}: scale {shown}; scales are positive rational numbers, train again"
            )
    return values


def zero_points(where: str, given: Constant | None, limits: tuple[int, int]) -> Numbers:
    """Zero points of the codes' own type, 0 where there are none.

    Raises:
        PulsewrightError: one is no integer of that type.
    """
    if given is None:
        return np.array(Surd.of(0), dtype=object)
    low, high = limits
    wrong = (given.numbers < low) | (given.numbers > high) | (given.numbers % 1 != 0)
    if wrong.any():
        raise PulsewrightError(
            f"{where}: zero point {given.numbers[wrong].flat[0]:g} outside {low}..{high}; "
            "export the model again"
        )
    return given.exact(where)


def by_axis(where: str, values: Numbers, rank: int, axis: int) -> Numbers:
    """One value, or one for each place along an axis, so that it broadcasts to `rank` dimensions.

    Raises:
        PulsewrightError: it is something else.
    """
    if values.size == 1:
        return values.reshape(())
    if values.ndim != 1 or not -rank <= axis < rank:
        raise PulsewrightError(
            f"{where}: scales of shape {list(values.shape)} along axis {axis} of {rank} "
            "dimensions; give one, or one a channel"
        )
    shape = [1] * rank
    shape[axis] = values.size
    return values.reshape(shape)


def _flag(node: onnx.NodeProto, name: str) -> bool:
    value = attribute(node, name, 1)
    if value not in (0, 1):
        raise PulsewrightError(f"{label(node)}: attribute {name!r} is {value}; give 0 or 1")
    return bool(value)
