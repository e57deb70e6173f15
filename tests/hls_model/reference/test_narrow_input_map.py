# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence
from contextlib import nullcontext, suppress

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.reference.input_map import (
    AffineMap,
    Feature,
    FeatureMap,
    InputMap,
    TableMap,
    fit_affine,
    fit_log_table,
)
from pulsewright.hls_model.reference.narrow_input_map import (
    NarrowLine,
    NarrowTable,
    common_shifts,
    narrow_features,
)

EIGHT_BITS = FixedPoint(width=8, frac=7, signed=True)
SMALLEST, LARGEST = -(2**31), 2**31 - 1
PULSES = Feature(name="N", unit="pulse", per_si=1, minimum=0, maximum=99)
MICROSECONDS = Feature(name="t", unit="us", per_si=10**6, minimum=5000, maximum=1_300_000)


def affine(low: int, high: int, multiplier: int, offset: int, shift: int) -> AffineMap:
    return AffineMap(
        name="x",
        unit="mV",
        per_si=1000,
        minimum=low,
        maximum=high,
        multiplier=multiplier,
        offset=offset,
        shift=shift,
    )


@st.composite
def formats(draw: st.DrawFn) -> FixedPoint:
    width = draw(st.integers(2, 16))
    return FixedPoint(width=width, frac=width - 1, signed=draw(st.booleans()))


@st.composite
def ranges(draw: st.DrawFn) -> tuple[int, int]:
    low = draw(st.integers(SMALLEST, LARGEST - 1) | st.integers(-3000, 3000))
    span = draw(st.integers(1, 4000) | st.integers(1, 2**32))
    return low, min(low + span, LARGEST)


@st.composite
def fitted(draw: st.DrawFn) -> tuple[FeatureMap, FixedPoint]:
    """What training makes."""
    low, high = draw(ranges())
    feature = Feature(name="x", unit="mV", per_si=1000, minimum=low, maximum=high)
    width = draw(st.integers(2, 12))
    return (
        fit_affine(feature, (form := FixedPoint(width=width, frac=width - 1, signed=True))),
        form,
    )


@st.composite
def foreign(draw: st.DrawFn) -> tuple[FeatureMap, FixedPoint]:
    """What a file may hold: any slope, codes that leave their format at both ends or everywhere."""
    low, high = draw(ranges())
    multiplier = draw(st.integers(1, 2**24 - 1))
    shift = draw(st.integers(0, 40))
    middle = -multiplier * draw(st.integers(low, high))
    offset = middle + draw(st.integers(-(2**20), 2**20)) * draw(st.sampled_from([0, 1, 2**shift]))
    offset = max(min(offset, 2**60 - 1), 1 - 2**60)
    return affine(low, high, multiplier, offset, shift), draw(formats())


def telling(feature: FeatureMap, code_format: FixedPoint, drawn: Sequence[int]) -> IntegerArray:
    """Ends of the ranges, integers where the code changes with those beside them, and `drawn`."""
    places = {SMALLEST, LARGEST, feature.minimum, feature.maximum, *drawn}
    if isinstance(feature, AffineMap):
        codes = range(code_format.minimum - 1, code_format.maximum + 2)
        for code in codes if len(codes) < 300 else (*codes[:100], *codes[-100:]):
            doubled = ((2 * code - 1) << feature.shift) // 2 - feature.offset
            places.add(doubled // feature.multiplier)
    near = {place + by for place in places for by in (-2, -1, 0, 1, 2)}
    inside = [place for place in sorted(near) if SMALLEST <= place <= LARGEST]
    return np.array(inside, dtype=np.int64)


def saturated(feature: FeatureMap, code_format: FixedPoint, physical: IntegerArray) -> list[int]:
    codes = np.clip(feature.codes(physical), code_format.minimum, code_format.maximum)
    return [int(code) for code in codes]


@given(fitted() | foreign(), st.lists(st.integers(SMALLEST, LARGEST), max_size=20))
@example((fit_affine(MICROSECONDS, EIGHT_BITS), EIGHT_BITS), [])
@example((affine(0, 9, 5, -7, 0), EIGHT_BITS), [])
@example((affine(-40, 900, 1, 2**50, 0), EIGHT_BITS), [])
@example((affine(-40, 900, 1, -(2**50), 3), EIGHT_BITS), [])
def test_codes_are_those_of_the_map(made: tuple[FeatureMap, FixedPoint], drawn: list[int]) -> None:
    feature, code_format = made
    input_map = InputMap(features=(feature,), code_format=code_format)
    saturates = isinstance(feature, AffineMap) and feature.multiplier > 1 << feature.shift
    with suppress(PulsewrightError) if saturates else nullcontext():
        check_one(input_map, drawn)


def check_one(input_map: InputMap, drawn: Sequence[int]) -> None:
    (feature,), code_format = input_map.features, input_map.code_format
    (narrow,) = narrow_features(input_map)
    physical = telling(feature, code_format, drawn)
    assert narrow.codes(physical).tolist() == saturated(feature, code_format, physical)
    assert SMALLEST <= narrow.low <= narrow.high <= LARGEST
    if isinstance(narrow, NarrowLine):
        assert isinstance(feature, AffineMap)
        assert narrow.shift <= feature.shift
        assert narrow.multiplier <= feature.multiplier


@given(fitted())
def test_what_training_makes_is_a_line(made: tuple[FeatureMap, FixedPoint]) -> None:
    feature, code_format = made
    (narrow,) = narrow_features(InputMap(features=(feature,), code_format=code_format))
    assert isinstance(narrow, NarrowLine)


def test_a_count_is_its_own_line() -> None:
    feature = fit_affine(PULSES, EIGHT_BITS)
    (narrow,) = narrow_features(InputMap(features=(feature,), code_format=EIGHT_BITS))
    assert narrow == NarrowLine(0, 99, 2, -99, 0)


def test_a_line_has_fewer_bits_than_the_map() -> None:
    """400 mV in 254 codes: the map's 23 bits of slope are 15."""
    volts = Feature(name="V", unit="mV", per_si=1000, minimum=2000, maximum=2400)
    feature = fit_affine(volts, EIGHT_BITS)
    (narrow,) = narrow_features(InputMap(features=(feature,), code_format=EIGHT_BITS))
    assert isinstance(narrow, NarrowLine)
    assert feature.multiplier.bit_length() == 23
    assert narrow.multiplier.bit_length() == 15


def test_a_table_saturates_and_its_equal_ends_go() -> None:
    feature = TableMap(
        name="x",
        unit="pulse",
        per_si=1,
        minimum=3,
        maximum=9,
        table=[-900, -500, 1, 5, 3, 700, 800],
    )
    (narrow,) = narrow_features(InputMap(features=(feature,), code_format=EIGHT_BITS))
    assert narrow == NarrowTable(4, (-128, 1, 5, 3, 127))
    log = fit_log_table(PULSES, EIGHT_BITS)
    (narrow,) = narrow_features(InputMap(features=(log,), code_format=EIGHT_BITS))
    physical = np.arange(-5, 120)
    assert narrow.codes(physical).tolist() == saturated(log, EIGHT_BITS, physical)


def test_a_saturation_within_a_step_of_several_codes_is_a_table() -> None:
    (narrow,) = narrow_features(
        InputMap(features=(affine(-100, 100, 5, 1, 0),), code_format=EIGHT_BITS)
    )
    assert isinstance(narrow, NarrowTable)
    wide = FixedPoint(width=16, frac=15, signed=True)
    with pytest.raises(PulsewrightError, match=r"table of at most 4096.*leave input_map out"):
        narrow_features(InputMap(features=(affine(-9000, 9000, 5, 1, 0),), code_format=wide))


@given(
    st.lists(
        st.builds(
            lambda multiplier, offset, shift: NarrowLine(-9, 90, multiplier, offset, shift),
            st.integers(1, 2**24),
            st.integers(-(2**40), 2**40),
            st.integers(0, 36),
        ),
        max_size=8,
    )
)
def test_common_shifts_change_no_code_and_widen_no_multiplier(lines: list[NarrowLine]) -> None:
    widest = max((line.multiplier.bit_length() for line in lines), default=0)
    shared = common_shifts(lines, widest)
    for line, other in zip(lines, shared, strict=True):
        assert other.multiplier.bit_length() <= widest
        exact = [(line.multiplier * int(x) + line.offset) >> line.shift for x in range(99)]
        moved = [(other.multiplier * int(x) + other.offset) >> other.shift for x in range(99)]
        assert exact == moved
        assert (other.low, other.high) == (line.low, line.high)
    assert len({line.shift for line in shared}) <= len({line.shift for line in lines})


def test_lines_share_a_shift_where_their_multipliers_have_room() -> None:
    """Shifts 0 to 21, 15 to 23 and 34 alone: two of them are enough."""
    lines = [
        NarrowLine(0, 99, 2, -99, 0),
        NarrowLine(0, 400, 20807, 5, 15),
        NarrowLine(0, 10**6, 4385615, 7, 34),
    ]
    assert [line.shift for line in common_shifts(lines, 23)] == [21, 21, 34]
    assert [line.shift for line in common_shifts(lines, 24, least=16)] == [22, 22, 35]
    with_room = common_shifts(lines, 36, least=20)
    assert [(line.shift, line.multiplier) for line in with_room] == [
        (34, 2 << 34),
        (34, 20807 << 19),
        (34, 4385615),
    ]
