# SPDX-License-Identifier: Apache-2.0
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.flow.inputs.imported_recipe import recipe_name, recipe_text, toml_text
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import checked_coprocessor_name
from pulsewright.hls_model.exact.input_format import parse_input_format
from pulsewright.hls_model.importer import ImportChoices
from pulsewright.hls_model.reference.network_output import OutputKind


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_comes_back_from_toml(text: str) -> None:
    assert tomllib.loads(f"text = {toml_text(text)}") == {"text": text}


@given(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=60))
def test_any_file_gives_a_name(stem: str) -> None:
    name = recipe_name(Path(f"{stem}.onnx"))
    assert checked_coprocessor_name(name) == name


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Jet-Tagger v2.onnx", "jet_tagger_v2"),
        ("784.tflite", "net_784"),
        ("module.onnx", "net_module"),
        ("ü.onnx", "net"),
    ],
)
def test_names_are_like_those_of_the_files(file: str, name: str) -> None:
    assert recipe_name(Path(file)) == name


def test_choices_are_in_the_recipe() -> None:
    choices = ImportChoices(OutputKind.ARGMAX, parse_input_format("s16.10"))
    text = recipe_text(Path("a/net.onnx"), Path("a/b"), choices, 30, 7)
    assert tomllib.loads(text) == {
        "name": "net",
        "model": {"path": "../net.onnx", "input": "s16.10", "output": "argmax"},
        "engine": {"initiation_interval": 30},
    }


def test_a_name_that_is_no_unicode_is_refused() -> None:
    assert toml_text("é😀") == '"é😀"'
    with pytest.raises(PulsewrightError, match=r"is no Unicode, .*; give the file another name"):
        toml_text("\udcff.onnx")
