# SPDX-License-Identifier: Apache-2.0
import onnx
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.exporter import qonnx_model
from pulsewright.hls_model.qonnx.metadata import metadata_entries, read_metadata
from tests.models import random_model

MODEL = random_model((2, 3, 1), pulses=10, log_pulses=True)


def entries(values: dict[str, str]) -> list[onnx.StringStringEntryProto]:
    return [onnx.StringStringEntryProto(key=key, value=value) for key, value in values.items()]


def test_what_is_written_is_read() -> None:
    found = read_metadata(qonnx_model(MODEL).metadata_props)
    assert found is not None
    assert found.name == MODEL.name
    assert found.input_map == MODEL.input_map
    assert found.roundings == tuple(layer.rounding for layer in MODEL.layers)


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
    values = metadata_entries(MODEL)
    values.pop(f"pulsewright.{key}")
    if value is not None:
        values[f"pulsewright.{key}"] = value
    with pytest.raises(PulsewrightError, match=sentence):
        read_metadata(entries(values))
