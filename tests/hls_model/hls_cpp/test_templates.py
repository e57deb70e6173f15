# SPDX-License-Identifier: Apache-2.0
import pytest
from jinja2 import UndefinedError

from pulsewright.hls_model.hls_cpp.layer_widths import Width
from pulsewright.hls_model.hls_cpp.templates import _environment, render


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'name' is undefined"):
        render("vitis.tcl.j2")


def test_the_script_names_the_top_function() -> None:
    text = render("vitis.tcl.j2", name="net")
    assert "set_top net_infer" in text
    assert text.endswith("exit\n")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ width | integer }}", "pulsewright::Integer<5, true>"),
        ("{{ yes | boolean }}{{ no | boolean }}", "truefalse"),
    ],
)
def test_filters_write_cpp(source: str, expected: str) -> None:
    template = _environment().from_string(source)
    assert template.render(width=Width(5, signed=True), yes=True, no=False) == expected
