# SPDX-License-Identifier: Apache-2.0
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import reloadable_formats, with_parameters
from pulsewright.hls_model.reference.requantiser import Requantiser
from tests.hls_model.exact_reference import model_output
from tests.models import changed, random_codes, random_model


@st.composite
def models(draw: st.DrawFn) -> IntegerMlp:
    output = draw(st.sampled_from(["accumulator", "code", "argmax"]))
    last = st.integers(2 if output == "argmax" else 1, 6)
    sizes = [*draw(st.lists(st.integers(1, 8), min_size=1, max_size=3)), draw(last)]
    return random_model(
        sizes,
        seed=draw(st.integers(0, 2**32 - 1)),
        weight_width=draw(st.integers(2, 8)),
        activation_width=draw(st.integers(1, 8)),
        input_width=draw(st.integers(2, 12)),
        rounding=draw(st.sampled_from(Rounding)),
        multipliers=draw(st.integers(1, 24)),
        output=output,
    )


@settings(max_examples=150)
@given(models())
def test_random_models_equal_the_reference(model: IntegerMlp) -> None:
    codes = random_codes(model, 12)
    results = model.infer(codes)
    assert results.tolist() == model_output(model, codes)
    assert results.shape == (12, model.outputs)
    assert results.dtype == np.int64
    assert results.min() >= model.output_format.minimum
    assert results.max() <= model.output_format.maximum


@settings(max_examples=50)
@given(models())
def test_json_gives_the_same_model_and_the_same_text(model: IntegerMlp) -> None:
    text = model.to_json()
    again = IntegerMlp.model_validate(json.loads(text))
    assert again.to_json() == text
    assert again.digest == model.digest
    assert again.infer(random_codes(model, 5)).tolist() == (
        model.infer(random_codes(model, 5)).tolist()
    )


@pytest.mark.parametrize(
    ("parts", "digest"),
    [
        ({}, "e36c4a30f5b4f571"),
        ({"sizes": (4, 9, 3), "per_channel": True}, "9cc3daffef26da6b"),
        (
            {"sizes": (6, 5, 4, 2), "rounding": Rounding.FLOOR, "requantised": False},
            "b6f37674ce26183e",
        ),
        (
            {
                "sizes": (3, 5, 2),
                "weight_width": 2,
                "activation_width": 3,
                "input_width": 16,
                "signed_inputs": False,
                "rounding": Rounding.HALF_UP,
            },
            "df8e54ee10da6e38",
        ),
    ],
)
def test_models_that_use_nothing_new_keep_their_digests(parts: dict, digest: str) -> None:
    """Digests of release 2 of the file format."""
    model = random_model(**parts)
    assert model.digest == digest
    assert model.format_version == 2


@pytest.mark.parametrize(
    "parts",
    [
        {"multipliers": 5},
        {"output": "code"},
        {"output": "argmax"},
    ],
)
def test_what_is_new_is_version_3(parts: dict, tmp_path: Path) -> None:
    model = random_model((3, 4, 2), **parts)
    model.save(tmp_path / "m.json")
    document = json.loads((tmp_path / "m.json").read_text())
    assert document["format_version"] == model.format_version == 3
    assert IntegerMlp.load(tmp_path / "m.json").to_json() == model.to_json()
    for version in (1, 2):
        older = document | {"format_version": version}
        if version == 1:
            for layer in older["layers"]:
                layer.pop("channel_shifts", None)
        (tmp_path / "old.json").write_text(json.dumps(older))
        with pytest.raises(PulsewrightError, match=f"has format_version {version} and what came"):
            IntegerMlp.load(tmp_path / "old.json")


def test_a_file_of_version_3_that_uses_nothing_new_is_of_version_2(tmp_path: Path) -> None:
    model = random_model((3, 4, 2))
    (tmp_path / "m.json").write_text(
        json.dumps(json.loads(model.to_json()) | {"format_version": 3})
    )
    assert IntegerMlp.load(tmp_path / "m.json").digest == model.digest


def test_the_lowest_of_equal_accumulators_wins() -> None:
    model = random_model((2, 4), output="argmax")
    weights = np.array([[1, 0], [0, 1], [1, 0], [0, 1]])
    layer = changed(model.layers[0], weights=weights, bias=[0, 0, 0, 0])
    model = changed(model, layers=(layer,))
    codes = np.array([[5, 5], [4, 5], [5, 4], [-3, -3]])
    assert model.infer(codes).tolist() == [[0], [1], [0], [0]]
    assert model.outputs == 1
    assert model.output_format == FixedPoint(width=2, frac=0, signed=False)
    values = np.array([[0.1, 0.2], [0.2, 0.1]])
    assert model.predict(values).tolist() == [[1.0], [0.0]]


def test_an_argmax_of_shifted_channels_compares_what_they_stand_for() -> None:
    model = random_model((3, 4), output="argmax", per_channel=True)
    assert any(model.layers[0].channel_shifts)
    codes = random_codes(model, 60)
    assert model.infer(codes).tolist() == model_output(model, codes)


@settings(max_examples=50)
@given(
    st.lists(st.fractions(min_value=Fraction(1, 10**6), max_value=1000), min_size=2, max_size=2),
    st.lists(st.fractions(min_value=-1000, max_value=1000), min_size=2, max_size=2),
)
def test_predictions_are_the_nearest_floats_to_the_exact_values(
    scales: list[Fraction], offsets: list[Fraction]
) -> None:
    model = changed(
        random_model((2, 3, 2), multipliers=8), output_scale=scales, output_offset=offsets
    )
    values = np.array([[0.0, 1.0], [-0.5, 0.25]])
    integers = model.infer(model.input_map.codes(values)).tolist()
    assert model.predict(values).tolist() == [
        [float(s * q + o) for s, q, o in zip(scales, row, offsets, strict=True)] for row in integers
    ]
    assert model.scales == tuple(scales)
    assert model.offsets == tuple(offsets)
    assert IntegerMlp.model_validate(json.loads(model.to_json())).scales == tuple(scales)


def test_one_scale_is_that_of_all_outputs() -> None:
    model = changed(random_model((2, 3, 2)), output_scale="6/8", output_offset="-1")
    assert model.output_scale == ("3/4",)
    assert model.output_offset == ("-1/1",)
    values = np.array([[0.0, 1.0]])
    integers = model.infer(model.input_map.codes(values))
    assert model.predict(values).tolist() == (integers * 0.75 - 1).tolist()


def test_without_a_scale_an_offset_is_added_to_the_power_of_two() -> None:
    plain = random_model((2, 3, 2))
    values = np.array([[0.0, 1.0]])
    moved = changed(plain, output_offset=["1/2", "-3/4"])
    assert (
        moved.predict(values).tolist() == (plain.predict(values) + np.array([0.5, -0.75])).tolist()
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"output_scale": "0/1"}, "not positive"),
        ({"output_scale": ["1/2", "-1/2"]}, "not positive; negate weights and bias"),
        ({"output_scale": "1/0"}, "expected an exact rational"),
        ({"output_scale": "nan"}, "expected an exact rational"),
        ({"output_scale": "inf"}, "expected an exact rational"),
        ({"output_scale": "0.5"}, "expected an exact rational"),
        ({"output_scale": "1/2/3"}, "expected an exact rational"),
        ({"output_scale": "1/-2"}, "expected an exact rational"),
        ({"output_scale": " 1/2"}, "expected an exact rational"),
        ({"output_scale": "٣/2"}, "expected an exact rational"),
        ({"output_scale": 0.5}, "expected an exact rational"),
        ({"output_scale": "9" * 2001}, "expected an exact rational"),
        ({"output_scale": "9" * 400}, "past the largest float64"),
        ({"output_scale": []}, "got none"),
        ({"output_scale": ["1/2"] * 3}, "output_scale has 3 entries for 2 outputs"),
        ({"output_offset": ["1/2"] * 3}, "output_offset has 3 entries for 2 outputs"),
        ({"output": "argmax", "output_scale": ["1/2", "1/3"]}, "output_scale differs between"),
        ({"output": "argmax", "output_offset": ["1/2", "1/3"]}, "output_offset differs between"),
        ({"output": "code"}, "the output layer has no requantiser"),
        ({"output": "softmax"}, "output"),
    ],
)
def test_a_wrong_output_is_refused(fields: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        changed(random_model((2, 3, 2)), **fields)


def test_codes_are_not_taken_for_accumulators() -> None:
    model = random_model((2, 3, 2), output="code")
    for output in ("accumulator", "argmax"):
        with pytest.raises(ValidationError, match='a requantiser; set output = "code"'):
            changed(model, output=output)


def test_an_argmax_needs_two_outputs() -> None:
    with pytest.raises(ValidationError, match=r"argmax.* of one output"):
        random_model((2, 3, 1), output="argmax")


def test_loaded_parameters_keep_the_output() -> None:
    model = changed(random_model((2, 3, 2), output="argmax"), output_scale="1/3")
    parameters = [(layer.weights, layer.bias) for layer in model.layers]
    assert with_parameters(model, parameters).to_json() == model.to_json()


@pytest.mark.parametrize(
    ("fields", "meaning"),
    [
        ({}, "accumulators, of which r stands for r * 2^-21"),
        ({"output_scale": "1/1"}, "accumulators, of which r stands for r"),
        ({"output_scale": "3/10"}, "accumulators, of which r stands for r * 0.3"),
        (
            {"output_scale": "1/4", "output_offset": "-1/2"},
            "accumulators, of which r stands for r * 2^-2 - 2^-1",
        ),
        (
            {"output_scale": "7/1", "output_offset": ["3/1", "3/1"]},
            "accumulators, of which r stands for r * 7 + 3",
        ),
        (
            {"output_scale": ["1/2", "1/3"]},
            "accumulators, each with a scale and an offset of its own, which the model holds",
        ),
        ({"output": "argmax"}, "index of the largest output"),
    ],
)
def test_what_an_output_stands_for_is_said_in_words(fields: dict, meaning: str) -> None:
    model = random_model((2, 2), input_width=15)
    assert changed(model, **fields).output_meaning == meaning


def test_codes_are_called_codes() -> None:
    assert random_model((2, 2), output="code").output_meaning == "codes, of which r stands for r"


def test_reloadable_weights_are_refused_where_a_multiplier_has_no_room_for_them() -> None:
    model = random_model((6, 7, 2), multipliers=21)
    assert reloadable_formats(model).layers[0].requantiser is model.layers[0].requantiser
    first = model.layers[0]
    full = Requantiser(multiplier=np.full(7, 2**32 - 1), offset=np.full(7, 2**62 - 2**44), shift=62)
    narrow = changed(first, weights=first.weights // 64, bias=[0] * 7, requantiser=full)
    with pytest.raises(PulsewrightError, match=r"reloadable weights of layer 1: multiplier \* acc"):
        reloadable_formats(changed(model, layers=(narrow, model.layers[1])))
