# SPDX-License-Identifier: Apache-2.0
import onnx
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.exporter import qonnx_model
from pulsewright.hls_model.qonnx.metadata import metadata_entries, read_metadata
from tests.hostile_texts import BREAKS_OUT
from tests.models import changed, random_model

MODEL = random_model((2, 3, 1), pulses=10, log_pulses=True)


def fits(text: str) -> bool:
    """True if a model may hold it."""
    return text.isprintable() and len(text) <= 80


def entries(values: dict[str, str]) -> list[onnx.StringStringEntryProto]:
    return [onnx.StringStringEntryProto(key=key, value=value) for key, value in values.items()]


def test_what_is_written_is_read() -> None:
    found = read_metadata(qonnx_model(MODEL).metadata_props)
    assert found is not None
    assert found.name == MODEL.name
    assert found.input_map == MODEL.input_map
    assert found.roundings == tuple(layer.rounding for layer in MODEL.layers)


@pytest.mark.parametrize("text", [text for text in BREAKS_OUT if fits(text)])
def test_so_are_texts_of_all_kinds(text: str) -> None:
    first, *others = MODEL.input_map.features
    features = (changed(first, name=text, unit=text), *others)
    input_map = changed(MODEL.input_map, features=features)
    model = changed(MODEL, name=f"x{text}"[:80], input_map=input_map)
    found = read_metadata(qonnx_model(model).metadata_props)
    assert found is not None
    assert (found.name, found.input_map) == (model.name, model.input_map)


def test_other_metadata_are_none_of_ours() -> None:
    assert read_metadata(entries({"author": "x", "pulse": "y"})) is None


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("version", "2", r"metadata pulsewright\.version is '2', this release reads '1'"),
        ("input_map", "{", r"metadata pulsewright\.input_map: it is not JSON"),
        ("input_map", "{}", r"metadata pulsewright\.input_map: key 'features' is missing"),
        ("rounding", "half_even,up", r"metadata pulsewright\.rounding: 'up' is not a valid"),
        ("name", None, r"metadata pulsewright\.name: it is missing"),
        ("rounding", None, r"metadata pulsewright\.rounding: it is missing"),
        ("version", None, r"metadata pulsewright\.version is None"),
    ],
)
def test_a_key_that_is_wrong_is_named(key: str, value: str | None, sentence: str) -> None:
    values = metadata_entries(MODEL, onnx.GraphProto())
    values.pop(f"pulsewright.{key}")
    if value is not None:
        values[f"pulsewright.{key}"] = value
    with pytest.raises(PulsewrightError, match=sentence):
        read_metadata(entries(values))
