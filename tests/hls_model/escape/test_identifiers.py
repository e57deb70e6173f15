# SPDX-License-Identifier: Apache-2.0

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import (
    checked_coprocessor_name,
    checked_identifier,
    checked_module_name,
    checked_short_name,
    identifier_parts,
)
from tests.hostile_texts import ANY_TEXT


@pytest.mark.parametrize("name", ["a1_int8", "small", "my_net", "x", "w2", "test", "memristor"])
def test_a_good_name_is_taken(name: str) -> None:
    assert checked_coprocessor_name(name) == name
    assert checked_identifier(f"{name}_obi") == f"{name}_obi"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("while", "that is a keyword of C; choose another name, such as while_mlp"),
        ("template", "that is a keyword of C++"),
        ("module", "that is a keyword of Verilog"),
        ("always_ff", "that is a keyword of SystemVerilog"),
        ("stdint", "that is a header of the C library"),
        ("registers", "that is a word that generated files use themselves"),
        ("engine", "that is a word that generated files use themselves"),
        ("obi", "that is a word that generated files use themselves"),
        ("pulsewright_dense", "begin with 'pulsewright' are those of the driver and the kernel"),
        ("pulsewright", "begin with 'pulsewright' are those of the driver and the kernel"),
        ("A1", "use at most 40 lower-case letters"),
        ("a" * 41, "use at most 40 lower-case letters"),
        ("a\n", "use at most 40 lower-case letters"),
        ("", "use at most 40 lower-case letters"),
    ],
)
def test_a_name_of_others_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(PulsewrightError) as caught:
        checked_coprocessor_name(name)
    assert sentence in str(caught.value)


def test_a_folder_may_bear_any_short_name() -> None:
    assert checked_short_name("while") == "while"


@pytest.mark.parametrize("name", ["while", "logic", "module", "namespace"])
def test_a_keyword_is_no_identifier(name: str) -> None:
    with pytest.raises(PulsewrightError, match=rf"'{name}' is a .* such as {name}_mlp"):
        checked_identifier(name)


@pytest.mark.parametrize("name", ["small", "medium", "large"])
def test_names_may_begin_with_a_charge_strength_but_no_module_is_called_so(name: str) -> None:
    assert checked_identifier(name) == name
    assert checked_module_name(f"{name}_obi") == f"{name}_obi"
    with pytest.raises(PulsewrightError, match=rf"'{name}' is a charge .* such as {name}_mlp"):
        checked_module_name(name)


@pytest.mark.parametrize("name", ["while", "logic", "9", "a b", ""])
def test_what_is_no_identifier_is_no_module(name: str) -> None:
    with pytest.raises(PulsewrightError):
        checked_module_name(name)


@given(text=ANY_TEXT)
def test_what_is_no_identifier_is_refused(text: str) -> None:
    if re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,190}", text):
        # No keyword begins with a capital.
        assert checked_identifier(f"Q_{text}") == f"Q_{text}"
        return
    with pytest.raises(PulsewrightError) as caught:
        checked_identifier(text)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1000


@given(texts=st.lists(ANY_TEXT | st.sampled_from(["a b", "a_b", "A b", "a_b_1", "a"]), max_size=9))
def test_parts_of_identifiers_are_all_different(texts: list[str]) -> None:
    parts = identifier_parts(texts)
    assert len(set(parts)) == len(parts) == len(texts)
    assert all(re.fullmatch("[a-z0-9_]*", part) for part in parts)


def test_a_number_tells_apart_what_c_cannot() -> None:
    assert identifier_parts(["a b", "a_b", "a_b_1", "µ", "v_set"]) == [
        "a_b_0",
        "a_b_1_",
        "a_b_1",
        "_",
        "v_set",
    ]
