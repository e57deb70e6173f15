# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from pulsewright.hls_model.reference.fixed_point import (
    FixedPoint,
    Rounding,
    requantise,
    round_shift,
    width_for_range,
)
from tests.hls_model.exact_reference import requantised, shifted

widths = st.integers(1, 64)
roundings = st.sampled_from(Rounding)
int40 = st.integers(-(2**40), 2**40)


def representable(width: int, signed: bool) -> range:
    """All integers of a format, from two's complement alone."""
    if signed:
        return range(-(2 ** (width - 1)), 2 ** (width - 1))
    return range(2**width)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("width", range(1, 65))
def test_limits_are_those_of_two_s_complement(width: int, signed: bool) -> None:
    number_format = FixedPoint(width=width, frac=3, signed=signed)
    integers = representable(width, signed)
    assert (number_format.minimum, number_format.maximum) == (integers[0], integers[-1])
    assert number_format.narrow_minimum == (-integers[-1] if signed else 0)


def test_eight_bit_weights_span_minus_127_to_127() -> None:
    weights = FixedPoint(width=8, frac=7, signed=True)
    assert (weights.narrow_minimum, weights.maximum) == (-127, 127)


@pytest.mark.parametrize(("frac", "step"), [(0, 1.0), (7, 1 / 128), (-3, 8.0), (64, 2**-64)])
def test_step_is_the_value_of_the_last_bit(frac: int, step: float) -> None:
    assert FixedPoint(width=8, frac=frac, signed=True).step == step


def test_text_names_sign_width_and_fraction() -> None:
    assert str(FixedPoint(width=8, frac=7, signed=True)) == "s8.7"
    assert str(FixedPoint(width=16, frac=-2, signed=False)) == "u16.-2"


@pytest.mark.parametrize(
    "values",
    [
        {"width": 0, "frac": 0, "signed": True},
        {"width": 65, "frac": 0, "signed": True},
        {"width": 8, "frac": 65, "signed": True},
        {"width": 8, "frac": -65, "signed": True},
        {"width": 8, "frac": 0},
        {"width": 8.5, "frac": 0, "signed": True},
        {"width": 8, "frac": 0, "signed": True, "scale": 2},
    ],
)
def test_impossible_formats_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FixedPoint(**values)


def test_formats_are_values() -> None:
    one, same = (FixedPoint(width=8, frac=7, signed=True) for _ in range(2))
    assert one == same
    assert hash(one) == hash(same)
    assert one != FixedPoint(width=8, frac=7, signed=False)
    with pytest.raises(ValidationError):
        one.width = 9


@given(st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40))
@example(0, 0)
@example(-1, 0)
@example(-128, 127)
@example(-129, 127)
@example(-128, 128)
def test_signed_width_is_just_enough(a: int, b: int) -> None:
    low, high = min(a, b), max(a, b)
    width = width_for_range(low, high, signed=True)
    assert low in representable(width, signed=True)
    assert high in representable(width, signed=True)
    if width > 1:
        narrower = representable(width - 1, signed=True)
        assert low not in narrower or high not in narrower


@given(st.integers(0, 2**62))
@example(0)
@example(1)
@example(255)
@example(256)
def test_unsigned_width_is_just_enough(high: int) -> None:
    width = width_for_range(0, high, signed=False)
    assert high in representable(width, signed=False)
    assert width == 1 or high not in representable(width - 1, signed=False)


def test_unsigned_width_of_a_negative_range_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot hold -5"):
        width_for_range(-5, 3, signed=False)


@given(st.lists(int40, min_size=1, max_size=20), st.integers(-20, 63), roundings)
@example([-1, 1], 63, Rounding.HALF_UP)
@example([-(2**40), 2**40], 41, Rounding.HALF_EVEN)
def test_round_shift_is_exact_rational_rounding(
    values: list[int], shift: int, rounding: Rounding
) -> None:
    observed = round_shift(np.array(values, dtype=np.int64), shift, rounding)
    assert observed.dtype == np.int64
    assert observed.tolist() == [shifted(value, shift, rounding.value) for value in values]


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("shift", [1, 2, 3, 7])
def test_every_remainder_of_either_sign_is_rounded_right(rounding: Rounding, shift: int) -> None:
    values = np.arange(-4 * 2**shift, 4 * 2**shift + 1)
    expected = [shifted(value, shift, rounding.value) for value in values.tolist()]
    assert round_shift(values, shift, rounding).tolist() == expected


def test_the_roundings_differ_on_ties_alone() -> None:
    """2.5, 3.5, -2.5 and their neighbours a quarter away, by hand."""
    quarters = np.array([9, 10, 11, 13, 14, 15, -9, -10, -11])
    by_hand = {
        Rounding.HALF_EVEN: [2, 2, 3, 3, 4, 4, -2, -2, -3],
        Rounding.HALF_UP: [2, 3, 3, 3, 4, 4, -2, -2, -3],
        Rounding.FLOOR: [2, 2, 2, 3, 3, 3, -3, -3, -3],
    }
    for rounding, expected in by_hand.items():
        assert round_shift(quarters, 2, rounding).tolist() == expected


def test_half_even_is_the_rounding_of_brevitas() -> None:
    """torch.round and numpy.rint send ties to the even neighbour."""
    values = np.arange(-64, 65)
    expected = np.rint(values / 8).astype(np.int64)
    assert round_shift(values, 3, Rounding.HALF_EVEN).tolist() == expected.tolist()


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("shift", [64, 65, 128, 192])
def test_a_shift_past_the_machine_word_is_refused_or_exact(rounding: Rounding, shift: int) -> None:
    """Formats allow shifts up to 192 = 64 + 64 + 64."""
    values = [-(2**62), -5, -1, 0, 1, 5, 2**62]
    try:
        observed = round_shift(np.array(values), shift, rounding).tolist()
    except ValueError:
        return
    assert observed == [shifted(value, shift, rounding.value) for value in values]


def test_arrays_keep_their_shape() -> None:
    values = np.arange(24).reshape(2, 3, 4)
    assert round_shift(values, 2, Rounding.HALF_EVEN).shape == (2, 3, 4)
    target = FixedPoint(width=2, frac=0, signed=False)
    assert requantise(values, 2, Rounding.HALF_EVEN, target).shape == (2, 3, 4)


@given(
    st.lists(int40, min_size=1, max_size=20),
    st.integers(-8, 45),
    roundings,
    st.integers(1, 16),
    st.booleans(),
)
def test_requantise_rounds_then_saturates(
    values: list[int], shift: int, rounding: Rounding, width: int, signed: bool
) -> None:
    integers = representable(width, signed)
    target = FixedPoint(width=width, frac=0, signed=signed)
    observed = requantise(np.array(values, dtype=np.int64), shift, rounding, target).tolist()
    assert observed == [
        requantised(value, shift, rounding.value, integers[0], integers[-1]) for value in values
    ]


@pytest.mark.parametrize(
    ("rounding", "accumulators"),
    [
        # (last that gives 254, first that gives 255, first that would overflow) at shift 4.
        (Rounding.FLOOR, (255 * 16 - 1, 255 * 16, 256 * 16)),
        (Rounding.HALF_UP, (254 * 16 + 7, 254 * 16 + 8, 255 * 16 + 8)),
        (Rounding.HALF_EVEN, (254 * 16 + 8, 254 * 16 + 9, 255 * 16 + 8)),
    ],
)
def test_saturation_begins_after_the_rounding(
    rounding: Rounding, accumulators: tuple[int, int, int]
) -> None:
    target = FixedPoint(width=8, frac=0, signed=False)
    observed = requantise(np.array(accumulators), 4, rounding, target)
    assert observed.tolist() == [254, 255, 255]
