# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import LONGEST_SENTENCE, one_line, shortened

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (8, "8"),
        ("eight", "'eight'"),
        ("\x1b[31m", r"'\x1b[31m'"),
        ("a" * 1000, f"{'a' * 40!r}... (1000 characters)"),
        ([1, 2], "[1, 2]"),
        (list(range(1000)), "[0, 1, 2, 3, 4, 5, ...] (1000 entries)"),
        ({"pe": 1, "simd": 2}, "a table with the keys 'pe', 'simd'"),
        ({}, "a table with the keys none"),
        (1 << 20_000, "an integer of 20001 bits"),
        (float("nan"), "nan"),
    ],
    ids=range(10),
)
def test_a_value_as_a_sentence_shows_it(value: object, shown: str) -> None:
    assert shortened(value) == shown


@pytest.mark.parametrize("examples", [25, pytest.param(100, marks=pytest.mark.regression)])
def test_any_value_fits_a_line(examples: int) -> None:
    @settings(max_examples=examples)
    @given(values)
    def check(value: object) -> None:
        text = shortened(value)
        assert text.isprintable()
        assert 0 < len(text) < 130

    check()


@given(st.text(max_size=2000))
def test_any_sentence_fits_a_line_and_keeps_its_ends(text: str) -> None:
    sentence = one_line(f"cannot read {text}; name another")
    assert sentence.isprintable()
    assert len(sentence) <= LONGEST_SENTENCE
    assert sentence.startswith("cannot read ")
    assert sentence.endswith("; name another")
    assert str(PulsewrightError(sentence)) == sentence


def test_what_a_file_says_cannot_draw_on_the_terminal() -> None:
    assert str(PulsewrightError("has columns \x1b]0;title\x07, b\nc")) == (
        r"has columns \x1b]0;title\x07, b\nc"
    )
