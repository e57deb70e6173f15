# SPDX-License-Identifier: Apache-2.0
"""QONNX's Quant node: x -> clip(round(x / scale), minimum, maximum) * scale."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.attributes import attribute
from pulsewright.hls_model.qonnx.dialect import WIDEST_BIAS
from pulsewright.hls_model.qonnx.dyadic import FloatArray, fractional_bits
from pulsewright.hls_model.qonnx.graph import label
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, Rounding
from pulsewright.hls_model.shortened import shortened

# Of numbers that are not negative; QONNX's HALF_UP rounds halves away from zero.
ROUNDINGS = {
    "ROUND": Rounding.HALF_EVEN,
    "HALF_EVEN": Rounding.HALF_EVEN,
    "HALF_UP": Rounding.HALF_UP,
    "FLOOR": Rounding.FLOOR,
    "DOWN": Rounding.FLOOR,
    "ROUND_TO_ZERO": Rounding.FLOOR,
}
ROUNDING_NAMES = {
    Rounding.HALF_EVEN: "ROUND",
    Rounding.HALF_UP: "HALF_UP",
    Rounding.FLOOR: "FLOOR",
}

_ROUND: dict[str, Callable[[FloatArray], FloatArray]] = {
    "ROUND": np.rint,
    "HALF_EVEN": np.rint,
    "HALF_UP": lambda x: np.sign(x) * np.floor(np.abs(x) + 0.5),
    "FLOOR": np.floor,
    "CEIL": np.ceil,
    "DOWN": np.trunc,
    "ROUND_TO_ZERO": np.trunc,
}


@dataclass(frozen=True)
class Quantiser:
    """fracs: of scales 2**-frac, of any shape that broadcasts to what is quantised.

    per_channel: the node has a scale with dimensions, even if its entries are equal.
    """

    where: str
    width: int
    signed: bool
    narrow: bool
    rounding: str
    fracs: IntegerArray
    per_channel: bool = False

    @property
    def maximum(self) -> int:
        """Largest integer; a narrow unsigned range ends one below the format's."""
        return (1 << (self.width - self.signed)) - 1 - (self.narrow and not self.signed)

    @property
    def minimum(self) -> int:
        """Smallest integer."""
        return -(1 << (self.width - 1)) + self.narrow if self.signed else 0

    def quantised(self, values: FloatArray) -> FloatArray:
        """Values after the quantiser, exact since scales are powers of two.

        Raises:
            PulsewrightError: scales and values have shapes that do not agree.
        """
        try:
            fracs = np.broadcast_to(self.fracs, values.shape)
        except ValueError as error:
            raise PulsewrightError(
                f"{self.where}: scales of shape {list(self.fracs.shape)} do not fit "
                f"values of shape {list(values.shape)}; give one scale, or one a channel"
            ) from error
        steps = np.clip(np.ldexp(values, fracs), self.minimum, self.maximum)
        return np.ldexp(_ROUND[self.rounding](steps), -fracs)

    def scalar_frac(self) -> int:
        """The one frac of an activation.

        Raises:
            PulsewrightError: there are several.
        """
        if (self.fracs != self.fracs.flat[0]).any():
            raise PulsewrightError(
                f"{self.where}: activations have scales by channel; give them one scale"
            )
        return int(self.fracs.flat[0])

    def number_format(self) -> FixedPoint:
        """Format of an activation that the quantiser makes.

        Raises:
            PulsewrightError: there are several scales.
        """
        return FixedPoint(width=self.width, frac=self.scalar_frac(), signed=self.signed)

    def keeps(self, minimum: int, maximum: int, frac: int) -> bool:
        """True if all multiples of 2**-frac from minimum to maximum pass as they are."""
        finer = self.scalar_frac() - frac
        return finer >= 0 and (
            self.minimum <= minimum << finer and maximum << finer <= self.maximum
        )


def parse_quantiser(
    node: onnx.NodeProto, scale: FloatArray, zero_point: FloatArray, bit_width: FloatArray
) -> Quantiser:
    """The quantiser that a Quant node is.

    Raises:
        PulsewrightError: a scale is not a power of two, the zero point is not 0, the bit width is
            not a whole number of bits, it is bipolar, or the rounding is not known.
    """
    where = label(node)
    if (zero_point != 0).any():
        raise PulsewrightError(
            f"{where}: zero point {zero_point[zero_point != 0].flat[0]!s}; "
            "train with symmetric quantisers, zero point 0"
        )
    bits = float(bit_width.flat[0]) if bit_width.size else 0.0
    if (bit_width != bits).any() or bits != int(bits) or not 1 <= bits <= WIDEST_BIAS:
        raise PulsewrightError(
            f"{where}: bit width {shortened(bit_width.tolist())}; "
            f"give one whole number of 1 to {WIDEST_BIAS}"
        )
    if not scale.size or (scale <= 0).any():
        raise PulsewrightError(f"{where}: scale {shortened(scale.tolist())}; scales are positive")
    signed, narrow = (_flag(node, name) for name in ("signed", "narrow"))
    if signed and bits == 1:
        raise PulsewrightError(
            f"{where}: a signed Quant of 1 bit is bipolar, -1 or 1; use weights of 2 to 8 bits"
        )
    rounding = attribute(node, "rounding_mode", "ROUND").upper()
    if rounding not in _ROUND:
        raise PulsewrightError(
            f"{where}: rounding_mode {shortened(rounding)}; use one of {', '.join(_ROUND)}"
        )
    fracs = fractional_bits(scale, f"{where}: scale")
    return Quantiser(where, int(bits), signed, narrow, rounding, fracs, per_channel=scale.ndim > 0)


def _flag(node: onnx.NodeProto, name: str) -> bool:
    value = attribute(node, name, 1)
    if value not in (0, 1):
        raise PulsewrightError(f"{label(node)}: attribute {name!r} is {value}; give 0 or 1")
    return bool(value)
