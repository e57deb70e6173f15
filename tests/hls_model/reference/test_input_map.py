# SPDX-License-Identifier: Apache-2.0
import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.input_map import (
    AffineMap,
    Feature,
    InputMap,
    TableMap,
    fit_affine,
    fit_log_table,
)
from tests.hls_model.exact_reference import rounded

EIGHT_BITS = FixedPoint(width=8, frac=7, signed=True)
PULSES = Feature(name="N", unit="pulse", per_si=1, minimum=0, maximum=99)
VOLTAGE = Feature(name="V_set", unit="mV", per_si=1000, minimum=-1500, maximum=-500)


def signed(width: int) -> FixedPoint:
    return FixedPoint(width=width, frac=width - 1, signed=True)


@st.composite
def features(draw: st.DrawFn) -> Feature:
    ends = st.integers(-(2**31), 2**31 - 1)
    low, high = sorted(draw(st.lists(ends, min_size=2, max_size=2, unique=True)))
    return Feature(name="x", unit="mV", per_si=1000, minimum=low, maximum=high)


def test_n_is_coded_2n_minus_99_at_8_bits() -> None:
    n = np.arange(100)
    assert fit_affine(PULSES, EIGHT_BITS).codes(n).tolist() == [2 * i - 99 for i in range(100)]


@pytest.mark.parametrize("width", range(7, 17))
def test_every_pulse_moves_the_code_by_the_same_whole_number(width: int) -> None:
    codes = fit_affine(PULSES, signed(width)).codes(np.arange(100))
    limit = 2 ** (width - 1) - 1
    assert set(np.diff(codes).tolist()) == {2 * limit // 99}
    assert -limit <= codes[0]
    assert codes[-1] <= limit
    assert abs(int(codes[0] + codes[-1])) <= 1


@given(features(), st.integers(2, 16), st.lists(st.integers(-(2**31), 2**31 - 1), max_size=10))
def test_affine_codes_are_exact_rational_arithmetic(
    feature: Feature, width: int, physical: list[int]
) -> None:
    fitted = fit_affine(feature, signed(width))
    values = [feature.minimum, feature.maximum, *physical]
    expected = []
    for value in values:
        inside = min(max(value, feature.minimum), feature.maximum)
        exact = Fraction(fitted.multiplier * inside + fitted.offset, 2**fitted.shift)
        expected.append(rounded(exact, "half_up"))
    assert fitted.codes(np.array(values)).tolist() == expected


@given(features(), st.integers(2, 16), st.integers(0, 2**32))
@example(Feature(name="x", unit="mV", per_si=1, minimum=0, maximum=1), 16, 0)
@example(Feature(name="x", unit="mV", per_si=1, minimum=-(2**31), maximum=2**31 - 1), 2, 5)
def test_the_fitted_map_is_min_max_to_the_nearest_code(
    feature: Feature, width: int, position: int
) -> None:
    """The multiplier's rounding may move a tie, never a code by more."""
    span, limit = feature.maximum - feature.minimum, 2 ** (width - 1) - 1
    fitted = fit_affine(feature, signed(width))
    value = feature.minimum + position % (span + 1)
    ideal = limit * (Fraction(2 * (value - feature.minimum), span) - 1)
    (code,) = fitted.codes(np.array([value])).tolist()
    assert abs(code - ideal) <= Fraction(51, 100)
    assert fitted.codes(np.array([feature.minimum, feature.maximum])).tolist() == [-limit, limit]


def test_values_outside_the_operating_range_saturate() -> None:
    fitted = fit_affine(VOLTAGE, EIGHT_BITS)
    assert fitted.codes(np.array([-9999, -1500, -500, 9999])).tolist() == [-127, -127, 127, 127]
    table = TableMap(**PULSES.model_dump(), table=list(range(-50, 50)))
    assert table.codes(np.array([-7, 0, 99, 1000])).tolist() == [-50, -50, 49, 49]


def test_codes_outside_the_format_saturate() -> None:
    wild = TableMap(**PULSES.model_copy(update={"maximum": 1}).model_dump(), table=[-1000, 1000])
    input_map = InputMap(features=(wild,), code_format=EIGHT_BITS)
    assert input_map.codes(np.array([[0.0], [1.0]])).tolist() == [[-128], [127]]


@given(st.lists(st.integers(-127, 127), min_size=2, max_size=50), st.integers(-1000, 1000))
def test_a_table_is_read_at_physical_minus_minimum(table: list[int], minimum: int) -> None:
    mapped = TableMap(
        name="x",
        unit="us",
        per_si=10**6,
        minimum=minimum,
        maximum=minimum + len(table) - 1,
        table=table,
    )
    physical = np.arange(minimum, minimum + len(table))
    assert mapped.codes(physical).tolist() == table
    assert mapped.unrounded(physical).tolist() == table


@pytest.mark.parametrize("entries", [0, 1, 99, 101])
def test_a_table_of_the_wrong_length_is_refused(entries: int) -> None:
    with pytest.raises(ValidationError, match=f"N needs 100 table entries, has {entries}"):
        TableMap(**PULSES.model_dump(), table=[0] * entries)


@pytest.mark.parametrize("width", [2, 3, 8, 12, 16])
def test_the_log_table_is_the_logarithm_to_the_nearest_code(width: int) -> None:
    limit = 2 ** (width - 1) - 1
    fitted = fit_log_table(PULSES, signed(width))
    with localcontext() as context:
        context.prec = 40
        unit = [Decimal(1 + n).ln() / Decimal(100).ln() for n in range(100)]
        expected = [int(((2 * u - 1) * limit).to_integral_value()) for u in unit]
    assert fitted.codes(np.arange(100)).tolist() == expected
    assert fitted.table[0] == -limit
    assert fitted.table[-1] == limit


def test_a_log_table_starts_at_the_feature_s_minimum() -> None:
    feature = Feature(name="N", unit="pulse", per_si=1, minimum=10, maximum=17)
    expected = [round(127 * (2 * math.log(1 + i) / math.log(8) - 1)) for i in range(8)]
    assert fit_log_table(feature, EIGHT_BITS).codes(np.arange(10, 18)).tolist() == expected


@pytest.mark.parametrize("fit", [fit_affine, fit_log_table])
def test_an_unsigned_code_format_is_refused_or_spanned(fit: Callable[..., TableMap]) -> None:
    """Its narrow range starts at 0: a map to -255..255 would lose half of the feature."""
    unsigned = FixedPoint(width=8, frac=7, signed=False)
    try:
        fitted = fit(PULSES, unsigned)
    except (PulsewrightError, ValueError):
        return
    codes = fitted.codes(np.arange(100))
    assert codes.min() >= 0
    assert codes.max() <= 255
    assert codes.max() - codes.min() > 127


def two_features() -> InputMap:
    return InputMap(
        features=(fit_affine(PULSES, EIGHT_BITS), fit_affine(VOLTAGE, EIGHT_BITS)),
        code_format=EIGHT_BITS,
    )


def test_si_values_become_integers_of_their_unit() -> None:
    values = np.array([[3.0, -0.75], [2.5, -0.7505], [3.5, -1.2345]])
    # Half to even: 2.5 pulses are 2, 3.5 are 4; -750.5 mV is -750, -1234.5 mV is -1234.
    assert two_features().physical(values).tolist() == [[3, -750], [2, -750], [4, -1234]]


def test_codes_are_each_feature_s_own() -> None:
    codes = two_features().codes(np.array([[0.0, -1.5], [99.0, -0.5], [50.0, -1.0]]))
    assert codes.dtype == np.int64
    assert codes.tolist() == [[-99, -127], [99, 127], [1, 0]]


def test_huge_si_values_saturate_without_overflow() -> None:
    codes = two_features().codes(np.array([[1e300, -1e300], [-1e300, 1e300]]))
    assert codes.tolist() == [[99, -127], [-99, 127]]


@given(st.integers(-2000, 0), st.integers(0, 99))
def test_normalised_values_lie_within_half_a_step_of_the_codes(millivolt: int, n: int) -> None:
    input_map = two_features()
    values = np.array([[float(n), millivolt / 1000]])
    difference = input_map.normalised(values) - input_map.codes(values) * 2.0**-7
    assert np.abs(difference).max() <= 2.0**-8


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_refused_with_its_row_and_feature(value: float) -> None:
    values = np.zeros((5, 2))
    values[3, 1] = value
    for method in (two_features().physical, two_features().codes, two_features().normalised):
        with pytest.raises(PulsewrightError, match=f"row 3 has V_set = {value}; remove"):
            method(values)


@pytest.mark.parametrize("shape", [(4, 3), (2,), (1, 1, 2)])
def test_a_wrong_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(PulsewrightError, match=r"must be \(rows, 2\), got \(") as raised:
        two_features().codes(np.zeros(shape))
    assert str(shape) in str(raised.value)


@pytest.mark.parametrize(("minimum", "maximum"), [(5, 5), (6, 5)])
def test_a_constant_feature_is_refused_by_name(minimum: int, maximum: int) -> None:
    with pytest.raises(ValidationError, match=r"feature t_off is constant at . us; remove it"):
        Feature(name="t_off", unit="us", per_si=10**6, minimum=minimum, maximum=maximum)


@pytest.mark.parametrize(
    "changes",
    [
        {"multiplier": 0},
        {"multiplier": 2**24},
        {"shift": -1},
        {"shift": 61},
        {"offset": 2**60},
        {"per_si": 0},
        {"maximum": 2**31},
        {"minimum": -(2**31) - 1},
    ],
)
def test_numbers_that_could_overflow_are_refused(changes: dict[str, int]) -> None:
    fields = PULSES.model_dump() | {"multiplier": 2, "offset": -99, "shift": 0}
    with pytest.raises(ValidationError, match=next(iter(changes))):
        AffineMap(**(fields | changes))


def test_the_largest_affine_map_does_not_overflow() -> None:
    """2**31 * (2**24 - 1) + 2**60 stays below 2**63."""
    largest = AffineMap(
        name="x",
        unit="mV",
        per_si=1,
        minimum=-(2**31),
        maximum=2**31 - 1,
        multiplier=2**24 - 1,
        offset=2**60 - 1,
        shift=60,
    )
    ends = [-(2**31), 2**31 - 1]
    expected = [rounded(Fraction((2**24 - 1) * end + 2**60 - 1, 2**60), "half_up") for end in ends]
    assert largest.codes(np.array(ends)).tolist() == expected


def test_a_map_without_features_is_refused() -> None:
    with pytest.raises(ValidationError, match="features"):
        InputMap(features=(), code_format=EIGHT_BITS)


@pytest.mark.parametrize("maximum", [4095, 4096])
def test_a_log_table_is_at_most_4096_entries(maximum: int) -> None:
    feature = Feature(name="N", unit="pulse", per_si=1, minimum=0, maximum=maximum)
    if maximum == 4095:
        assert len(fit_log_table(feature, EIGHT_BITS).table) == 4096
    else:
        with pytest.raises((ValidationError, PulsewrightError), match="4096"):
            fit_log_table(feature, EIGHT_BITS)


def test_a_range_longer_than_a_table_is_refused_with_what_to_do() -> None:
    feature = Feature(name="pulse_number", unit="pulse", per_si=1, minimum=0, maximum=4095)
    code_format = FixedPoint(width=8, frac=7, signed=True)
    assert len(fit_log_table(feature, code_format).table) == 4096
    longer = feature.model_copy(update={"maximum": 4999})
    with pytest.raises(PulsewrightError) as raised:
        fit_log_table(longer, code_format)
    assert str(raised.value) == (
        "pulse_number has the 5000 values 0 to 4999, a table of its logarithm takes 4096; "
        'use shorter curves, or pulse_number = "affine" in [network]'
    )
