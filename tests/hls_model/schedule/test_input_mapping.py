# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.input_map import Feature, InputMap, fit_affine
from pulsewright.hls_model.reference.narrow_input_map import NarrowLine
from pulsewright.hls_model.schedule.input_mapping import input_mapping

PULSES = Feature(name="N", unit="pulse", per_si=1, minimum=0, maximum=99)
VOLTS = Feature(name="V", unit="mV", per_si=1000, minimum=2000, maximum=2400)
SECONDS = Feature(name="t", unit="us", per_si=10**6, minimum=5000, maximum=1_300_000)


def affine(*features: Feature, width: int = 8) -> InputMap:
    code_format = FixedPoint(width=width, frac=width - 1, signed=True)
    maps = tuple(fit_affine(feature, code_format) for feature in features)
    return InputMap(features=maps, code_format=code_format)


@pytest.mark.parametrize(
    ("features", "digits", "bits"),
    [
        ((PULSES, VOLTS, SECONDS), 3, 8),  # 23 bits of slope for 1.3 s in us
        ((VOLTS,), 2, 8),  # 15
        ((PULSES,), 1, 2),  # two codes a pulse
    ],
)
def test_a_slope_has_digits_of_eight_bits_at_most(
    features: tuple[Feature, ...], digits: int, bits: int
) -> None:
    found = input_mapping(affine(*features))
    assert (found.digits, found.digit_bits, found.latency) == (digits, bits, digits + 2)


def test_a_digit_tells_the_codes_of_a_unit() -> None:
    """661 codes a pulse at 16 bits have 10 bits, of which no shift may take any."""
    found = input_mapping(affine(PULSES, SECONDS, width=16))
    assert found.digit_bits >= 10
    assert found.digits * found.digit_bits >= 23


@pytest.mark.parametrize("width", [2, 5, 8, 12, 16])
def test_digits_from_the_lowest_on_give_the_codes(width: int) -> None:
    """As the hardware adds them: what is below the next digit is dropped in each step."""
    input_map = affine(PULSES, VOLTS, SECONDS, width=width)
    found = input_mapping(input_map)
    bits, last = found.digit_bits, found.digits - 1
    draw = np.random.default_rng(width)
    for feature, line in zip(input_map.features, found.features, strict=True):
        assert isinstance(line, NarrowLine)
        for value in draw.integers(feature.minimum, feature.maximum + 1, 200).tolist():
            distance = min(max(value, line.low), line.high) - line.low
            total = 0
            for k in range(found.digits):
                slope = line.multiplier >> k * bits & ((1 << bits) - 1)
                offset = line.offset >> k * bits
                total = (
                    distance * slope
                    + (offset if k == last else offset & ((1 << bits) - 1))
                    + (total >> bits)
                )
            code = total >> (line.shift - last * bits)
            assert code == int(feature.codes(np.array([value]))[0])
