# SPDX-License-Identifier: Apache-2.0
"""What a network's output integers are, and the exact rationals that say what they stand for."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.shortened import shortened

# Digits of a numerator or denominator: more than the product of a dozen float32 numbers has.
MOST_DIGITS = 2000


class OutputKind(StrEnum):
    """What a network hands on.

    ACCUMULATOR: those of the last layer. CODE: what the last layer's requantiser makes of them.
    ARGMAX: the index of the largest one, the lowest index of equal ones; a single number.
    """

    ACCUMULATOR = "accumulator"
    CODE = "code"
    ARGMAX = "argmax"


def _rational(value: Any) -> str:
    """`value`, a string "p/q" or "p" or a Fraction, in lowest terms as "p/q"."""
    refused = f'expected an exact rational as "p/q", got {shortened(value)}'
    if isinstance(value, str):
        parts = value.split("/")
        if len(parts) > 2 or any(len(part) > MOST_DIGITS for part in parts):
            raise ValueError(refused)
        digits = [part.removeprefix("-") if i == 0 else part for i, part in enumerate(parts)]
        if not all(part.isascii() and part.isdigit() for part in digits) or (
            len(parts) == 2 and int(parts[1]) == 0
        ):
            raise ValueError(refused)
        value = Fraction(int(parts[0]), int(parts[1]) if len(parts) == 2 else 1)
    if not isinstance(value, Fraction):
        raise ValueError(refused)
    try:
        float(value)
    except OverflowError as error:
        raise ValueError(refused + ", past the largest float64") from error
    return f"{value.numerator}/{value.denominator}"


def _rationals(value: Any) -> tuple[str, ...]:
    """One rational or a sequence of them; see `_rational`."""
    several = value if isinstance(value, list | tuple) else (value,)
    if not several:
        raise ValueError("expected one rational, or one for each output, got none")
    return tuple(_rational(one) for one in several)


Rationals = Annotated[tuple[str, ...], BeforeValidator(_rationals)]


def check_rationals(
    name: str, values: Sequence[str] | None, outputs: int, kind: OutputKind
) -> None:
    """See that there are one or `outputs` of them, and of an argmax equal ones.

    Raises:
        ValueError: there are not.
    """
    if values is None:
        return
    if len(values) not in (1, outputs):
        raise ValueError(
            f"{name} has {len(values)} entries for {outputs} outputs; give one, or one for each"
        )
    if kind is OutputKind.ARGMAX and len(set(values)) > 1:
        raise ValueError(
            f'{name} differs between outputs, and output = "argmax" compares their integers; '
            'give all outputs one, or set output = "accumulator"'
        )


def rational_values(
    integers: IntegerArray, scales: Sequence[Fraction], offsets: Sequence[Fraction]
) -> npt.NDArray[np.float64]:
    """The float64 nearest to scale * integer + offset, for integers (rows, outputs).

    scales, offsets: one, or one for each output.
    """
    outputs = integers.shape[1]
    columns = [
        _column(integers[:, i], scales[i % len(scales)], offsets[i % len(offsets)])
        for i in range(outputs)
    ]
    return np.stack(columns, axis=1)


def output_meaning(
    kind: OutputKind, scales: Sequence[Fraction], offsets: Sequence[Fraction]
) -> str:
    """What output integers are and what one, r, stands for, in a few words."""
    if kind is OutputKind.ARGMAX:
        return "index of the largest output"
    what = "codes" if kind is OutputKind.CODE else "accumulators"
    if len(set(scales)) > 1 or len(set(offsets)) > 1:
        return f"{what}, each with a scale and an offset of its own, which the model holds"
    scale, offset = scales[0], offsets[0]
    step = f"r * {_number(scale)}" if scale != 1 else "r"
    shifted = f" {'-' if offset < 0 else '+'} {_number(abs(offset))}" if offset else ""
    return f"{what}, of which r stands for {step}{shifted}"


def _number(value: Fraction) -> str:
    """A power of two as one, another rational with the digits that its float64 needs."""
    numerator, denominator = value.numerator, value.denominator
    if numerator == 1 and denominator & (denominator - 1) == 0:
        return f"2^-{denominator.bit_length() - 1}"
    if denominator == 1:
        return str(numerator)
    return repr(float(value))


def _column(
    integers: npt.NDArray[np.int64], scale: Fraction, offset: Fraction
) -> npt.NDArray[np.float64]:
    # Python divides integers of any size with one rounding.
    denominator = scale.denominator * offset.denominator
    factor = scale.numerator * offset.denominator
    constant = offset.numerator * scale.denominator
    return np.array(
        [(factor * integer + constant) / denominator for integer in integers.tolist()],
        dtype=np.float64,
    )
