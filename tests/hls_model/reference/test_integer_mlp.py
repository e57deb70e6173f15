# SPDX-License-Identifier: Apache-2.0
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.input_map import Feature, InputMap, fit_affine, fit_log_table
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.models import changed, plain_input_map, random_codes, random_model


def test_a1_has_513_parameters() -> None:
    model = random_model((6, 64, 1))
    assert model.sizes == (6, 64, 1)
    assert model.parameter_count == 513


@pytest.mark.parametrize(
    ("sizes", "parameters"), [((6, 64, 64, 1), 4673), ((6, 64, 64, 64, 1), 8833)]
)
def test_a2_and_a3_have_the_paper_s_parameters(sizes: tuple[int, ...], parameters: int) -> None:
    assert random_model(sizes).parameter_count == parameters


@settings(max_examples=25)
@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=4),
    st.integers(2, 8),
    st.integers(2, 16),
    st.sampled_from(Rounding),
    st.booleans(),
    st.booleans(),
)
def test_json_gives_the_same_model_and_the_same_text(
    sizes: list[int],
    weight_width: int,
    input_width: int,
    rounding: Rounding,
    requantised: bool,
    per_channel: bool,
) -> None:
    model = random_model(
        sizes,
        weight_width=weight_width,
        input_width=input_width,
        rounding=rounding,
        requantised=requantised,
        per_channel=per_channel,
    )
    text = model.to_json()
    again = IntegerMlp.model_validate(json.loads(text))
    assert again.to_json() == text
    assert again.digest == model.digest
    codes = random_codes(model, 10)
    assert again.infer(codes).tolist() == model.infer(codes).tolist()


def test_a_saved_model_is_read_back_with_its_tables(tmp_path: Path) -> None:
    code_format = FixedPoint(width=8, frac=7, signed=True)
    feature = Feature(name="N", unit="pulse", per_si=1, minimum=0, maximum=99)
    input_map = InputMap(
        features=(fit_log_table(feature, code_format), fit_affine(feature, code_format)),
        code_format=code_format,
    )
    model = IntegerMlp(name="tables", input_map=input_map, layers=random_model((2, 5, 1)).layers)
    path = tmp_path / "new" / "model.json"
    model.save(path)
    again = IntegerMlp.load(path)
    assert path.read_text() == model.to_json() == again.to_json()
    values = np.array([[0.0, 0.0], [17.0, 50.0], [99.0, 99.0]])
    assert again.predict(values).tolist() == model.predict(values).tolist()
    assert [p.name for p in path.parent.iterdir()] == ["model.json"]


def test_the_file_is_plain_json_with_plain_integers(tmp_path: Path) -> None:
    model = random_model((2, 3, 1))
    model.save(tmp_path / "model.json")
    document = json.loads((tmp_path / "model.json").read_text())
    assert document["format_version"] == 2
    assert document["layers"][0]["channel_shifts"] == []
    assert document["layers"][0]["weights"] == model.layers[0].weights.tolist()
    assert document["layers"][0]["rounding"] == "half_even"
    assert document["layers"][1]["output_format"] is None


def test_the_digest_is_the_sha_256_of_the_text() -> None:
    model = random_model((2, 3, 1))
    assert model.digest == hashlib.sha256(model.to_json().encode()).hexdigest()[:16]
    assert model.digest != random_model((2, 3, 1), seed=1).digest


def test_predictions_are_outputs_times_their_step() -> None:
    model = random_model((2, 3, 2))
    values = np.array([[0.0, 1.0], [-0.5, 0.25]])
    outputs = model.infer(model.input_map.codes(values))
    frac = model.layers[-1].input_format.frac + model.layers[-1].weight_format.frac
    assert model.predict(values).tolist() == (outputs / 2.0**frac).tolist()


def written(path: Path, document: object) -> Path:
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def document() -> dict:
    return json.loads(random_model((2, 3, 1)).to_json())


def version_1(text: str) -> dict:
    """What the release before scales per channel wrote."""
    old = json.loads(text) | {"format_version": 1}
    for layer in old["layers"]:
        del layer["channel_shifts"]
    return old


def test_a_file_of_version_1_is_the_same_model_with_one_scale_per_tensor(tmp_path: Path) -> None:
    model = random_model((3, 5, 2))
    loaded = IntegerMlp.load(written(tmp_path / "m.json", version_1(model.to_json())))
    assert loaded.to_json() == model.to_json()
    assert loaded.digest == model.digest
    assert {layer.channel_shifts for layer in loaded.layers} == {()}


@pytest.mark.parametrize("shifts", [[0, 1, 2], [0, 0, 0], [], None])
def test_channel_shifts_in_a_file_of_version_1_are_refused(tmp_path: Path, shifts: object) -> None:
    old = version_1(random_model((2, 3, 1)).to_json())
    old["layers"][0]["channel_shifts"] = shifts
    path = written(tmp_path / "m.json", old)
    with pytest.raises(PulsewrightError) as raised:
        IntegerMlp.load(path)
    assert str(raised.value) == (
        f"{path}: layers 1: channel_shifts in a file of format_version 1, "
        "they came with format_version 2; export the model again"
    )


@pytest.mark.parametrize("layers", [None, 3, [None, 1], {"0": {}}])
def test_layers_that_are_none_are_refused_in_version_1_too(tmp_path: Path, layers: object) -> None:
    old = version_1(random_model((2, 3, 1)).to_json()) | {"layers": layers}
    with pytest.raises(PulsewrightError, match=r"m\.json: layers.*; export the model again"):
        IntegerMlp.load(written(tmp_path / "m.json", old))


def test_a_saved_model_is_read_back_with_its_channel_shifts(tmp_path: Path) -> None:
    model = random_model((4, 9, 3), per_channel=True)
    assert all(any(layer.channel_shifts) for layer in model.layers)
    model.save(tmp_path / "m.json")
    again = IntegerMlp.load(tmp_path / "m.json")
    assert again.to_json() == model.to_json()
    assert [layer.channel_shifts for layer in again.layers] == [
        layer.channel_shifts for layer in model.layers
    ]
    assert again.digest != random_model((4, 9, 3)).digest


@pytest.mark.parametrize("version", [0, 4, "1", "2", 1.0, 2.0, 3.0, True, None])
def test_another_version_is_refused(tmp_path: Path, version: object) -> None:
    path = written(tmp_path / "m.json", document() | {"format_version": version})
    with pytest.raises(PulsewrightError) as raised:
        IntegerMlp.load(path)
    assert str(raised.value) == (
        f"{path} has format_version {version!r}, this release reads 1, 2 and 3; "
        "export the model again"
    )


@pytest.mark.parametrize("text", ["[]", "3", '"model"', "null", "{}"])
def test_json_that_is_no_model_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PulsewrightError, match=r"m.json has format_version None"):
        IntegerMlp.load(written(tmp_path / "m.json", text))


@pytest.mark.parametrize("text", ["", "{", "not json", '{"format_version": 1,}'])
def test_broken_json_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PulsewrightError, match=r"m.json is not JSON: .*; export the model again"):
        IntegerMlp.load(written(tmp_path / "m.json", text))


def test_a_half_written_model_is_refused(tmp_path: Path) -> None:
    text = random_model((2, 3, 1)).to_json()
    with pytest.raises(PulsewrightError, match="is not JSON"):
        IntegerMlp.load(written(tmp_path / "m.json", text[: len(text) // 2]))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(b"\xff\xfe\x00model")
    with pytest.raises(PulsewrightError, match="is not JSON"):
        IntegerMlp.load(tmp_path / "m.json")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError) as raised:
        IntegerMlp.load(tmp_path / "none.json")
    assert str(raised.value) == (
        f"cannot read model {tmp_path / 'none.json'}: No such file or directory; "
        "name a file such as model.json"
    )


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"cannot read model .*: Is a directory"):
        IntegerMlp.load(tmp_path)


def test_a_fault_inside_is_named_by_its_place(tmp_path: Path) -> None:
    faulty = document()
    faulty["layers"][1]["weights"] = [[0.5, 1, 2]]
    with pytest.raises(PulsewrightError, match=r"m.json: layers 2: weights = .*got float64"):
        IntegerMlp.load(written(tmp_path / "m.json", faulty))


@pytest.mark.parametrize("field", ["name", "input_map", "layers"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    faulty = document()
    del faulty[field]
    with pytest.raises(PulsewrightError, match=f"m.json: key '{field}' is missing; add it"):
        IntegerMlp.load(written(tmp_path / "m.json", faulty))


def test_an_unknown_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"m\.json: unknown key 'scale'; "):
        IntegerMlp.load(written(tmp_path / "m.json", document() | {"scale": 2}))


def parts(**changes: object) -> dict[str, object]:
    model = random_model((3, 5, 4, 1))
    return {"name": "x", "input_map": model.input_map, "layers": model.layers} | changes


def layers_of(*sizes: int, **formats: object):
    return random_model(sizes, **formats).layers


def test_features_and_inputs_must_agree() -> None:
    with pytest.raises(ValidationError, match="4 features feed a layer of 3 inputs"):
        IntegerMlp(**parts(input_map=plain_input_map(4, 8)))


def test_code_format_and_first_layer_must_agree() -> None:
    with pytest.raises(ValidationError, match=r"the input map makes s6.5, layer 1 takes s8.7"):
        IntegerMlp(**parts(input_map=plain_input_map(3, 6)))


def test_neurons_and_the_next_layer_s_inputs_must_agree() -> None:
    layers = (layers_of(3, 5, 1)[0], *layers_of(3, 4, 2, 1)[1:])
    with pytest.raises(ValidationError, match="layer 1 has 5 neurons, layer 2 has 4 inputs"):
        IntegerMlp(**parts(layers=layers))


def test_formats_between_layers_must_agree() -> None:
    first, second, _ = layers_of(3, 5, 4, 1)
    other = layers_of(3, 5, 4, 1, activation_width=7)[2]
    with pytest.raises(ValidationError, match=r"layer 2 makes u8.\S+, layer 3 takes u7.\S+"):
        IntegerMlp(**parts(layers=(first, second, other)))


def test_a_hidden_layer_needs_its_relu() -> None:
    first, second, third = layers_of(3, 5, 4, 1, requantised=False)
    linear = changed(second, relu=False)
    with pytest.raises(ValidationError, match="layer 2 is hidden and needs a ReLU"):
        IntegerMlp(**parts(layers=(first, linear, third)))


def test_the_output_layer_is_linear() -> None:
    with pytest.raises(ValidationError, match="the output layer is linear"):
        IntegerMlp(**parts(layers=layers_of(3, 5, 4, 1)[:2]))


@pytest.mark.parametrize("name", ["", "x" * 81])
def test_a_name_is_1_to_80_characters(name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        IntegerMlp(**parts(name=name))


@pytest.mark.parametrize("place", ["model", "name", "unit"])
@pytest.mark.parametrize("text", ["a\nb", "\x1b[31m", "\u202eb", "\udcff"])
def test_a_text_with_what_cannot_be_seen_is_refused(tmp_path: Path, place: str, text: str) -> None:
    faulty = document()
    if place == "model":
        faulty["name"] = text
    else:
        faulty["input_map"]["features"][0][place] = text
    with pytest.raises(PulsewrightError) as caught:
        IntegerMlp.load(written(tmp_path / "m.json", faulty))
    assert str(caught.value).isprintable()


def test_a_model_has_a_layer() -> None:
    with pytest.raises(ValidationError, match="layers"):
        IntegerMlp(**parts(layers=()))


def test_saving_under_a_file_names_the_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PulsewrightError, match=r"cannot write .*model.json"):
        random_model((2, 1)).save(tmp_path / "file" / "model.json")
    assert os.listdir(tmp_path) == ["file"]
