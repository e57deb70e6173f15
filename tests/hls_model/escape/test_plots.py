# SPDX-License-Identifier: Apache-2.0

import pytest
from hypothesis import given
from matplotlib.cbook import is_math_text

from pulsewright.hls_model.escape.plots import plot_text
from pulsewright.hls_model.escape.terminal import visible
from tests.hostile_texts import ANY_TEXT


@given(text=ANY_TEXT)
def test_a_plot_shows_the_text_and_no_formula(text: str) -> None:
    written = plot_text(text)
    assert not is_math_text(written)
    # So matplotlib draws what is no formula.
    assert written.replace(r"\$", "$") == visible(text)


@pytest.mark.parametrize("text", ["v_set", "45 nm", "A1 W4A8", "µA"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert plot_text(text) == text
