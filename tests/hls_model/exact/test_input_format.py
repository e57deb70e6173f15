# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.exact.input_format import parse_input_format
from pulsewright.hls_model.exact.surd import Surd


@pytest.mark.parametrize("text", ["s16.10", "u1.0", "u8.-2", "s2.0", "bipolar"])
def test_formats_are_written_as_they_are_read(text: str) -> None:
    assert str(parse_input_format(text)) == text


@pytest.mark.parametrize(
    "text", ["16.10", "s17.0", "s1.0", "u0.0", "s8", "S8.0", "s8.99", "", "s8.0 ", "bipolar "]
)
def test_a_format_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"such as s16\.10, or bipolar"):
        parse_input_format(text)


def test_codes_stand_for_their_values() -> None:
    made = parse_input_format("s4.1").staircase("input")
    assert [made.value(code) for code in (0, 15)] == [-4, 3.5]
    signs = parse_input_format("bipolar").staircase("input")
    assert [signs.value(signs.code(Surd.of(one))) for one in (-1, 1)] == [-1, 1]
