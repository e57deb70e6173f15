# SPDX-License-Identifier: Apache-2.0
import pytest
from jinja2 import TemplateNotFound, UndefinedError

from pulsewright.rtl.package.templates import render


def test_a_name_that_is_not_given_ends_with_an_error() -> None:
    with pytest.raises(UndefinedError, match="name"):
        render("weights.h.j2", words=[1])


def test_an_unknown_template_ends_with_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        render("no_such.j2")


def test_nothing_is_escaped_as_if_it_were_html() -> None:
    assert "a<b&c_weights[1]" in render("weights.h.j2", name="a<b&c", words=[1])
