# SPDX-License-Identifier: Apache-2.0
"""TFLite files against LiteRT's reference kernels, code by code; and what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.reference.inference import forward
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.tflite.importer import import_tflite
from tests.hls_model.public_models import needs_public_models, public_file, public_vectors
from tests.hls_model.quantised_onnx.agreement import rows_at_thresholds
from tests.hls_model.tflite.files import FLOAT32, INT8, INT16, INT32, UINT8, Made, chain, executed
from tests.hls_model.tflite.fractions import exact_codes

ROWS = 2000


def imported(folder: Path, data: bytes, output: OutputKind = OutputKind.CODE) -> ImportedModel:
    path = folder / "model.tflite"
    path.write_bytes(data)
    return import_tflite(path, output=output)


@pytest.mark.parametrize("per_channel", [False, True])
def test_the_codes_are_those_of_the_executor(tmp_path: Path, per_channel: bool) -> None:
    data = chain((20, 16, 12, 6), 1, per_channel=per_channel)
    found = imported(tmp_path, data)
    rows = np.random.default_rng(1).integers(-128, 128, (ROWS, 20))
    codes = found.model.infer(found.input_codes.codes(rows))
    assert (codes == executed(data, rows)).all()
    assert len(np.unique(codes)) > 200
    assert found.report.output.code_offset == 0


@pytest.mark.parametrize("per_channel", [False, True])
def test_rows_at_the_nearest_thresholds(tmp_path: Path, per_channel: bool) -> None:
    """Between the rows of a pair the smallest change of one input changes a hidden code."""
    data = chain((20, 16, 12, 6), 1, per_channel=per_channel)
    found = imported(tmp_path, data)
    rows = rows_at_thresholds(found, ROWS)
    hidden = forward(found.model.layers[:1], rows)
    assert (hidden[0::2] != hidden[1::2]).any(axis=1).all()
    codes = found.model.infer(rows)
    assert (codes == executed(data, rows)).all()
    # A float32 product of XNNPACK may fall on the other side of a step; fractions tell which is.
    differing = np.flatnonzero((codes != executed(data, rows, "BUILTIN")).any(axis=1))
    assert len(differing) <= 40
    for row in [*differing, 0, 1, 2]:
        expected, near = exact_codes(tmp_path / "model.tflite", rows[row].tolist())
        assert codes[row].tolist() == expected
        assert near < 1e-4 or row not in differing


def test_exact_halves_go_to_the_even_code_as_with_xnnpack(tmp_path: Path) -> None:
    """Scales that are powers of two; the reference kernels round halves away from zero."""
    weights = np.array([[1, 0, 0], [0, -1, 3]], dtype=np.int8)
    data = layer(
        Made(),
        weights=weights,
        scale=[0.25],
        weight_scale=[0.5],
        out_scale=[0.5],
        bias_scale=[0.125],
        bias=np.zeros(2, dtype=np.int32),
    )
    found = imported(tmp_path, data)
    rows = np.random.default_rng(6).integers(-60, 61, (300, 3))
    codes = found.model.infer(rows) + found.report.output.code_offset
    assert (codes == executed(data, rows, "BUILTIN")).all()
    differs = codes != executed(data, rows)
    halves = rows @ weights.astype(np.int64).T % 4 == 2
    assert differs.any()
    assert halves[differs].all()


def test_floats_at_both_ends_are_quantised_as_the_executor_does(tmp_path: Path) -> None:
    data = chain((20, 16, 12, 6), 3, float_ends=True)
    found = imported(tmp_path, data)
    rows = (np.random.default_rng(2).standard_normal((ROWS, 20)) * 1.5).astype(np.float32)
    codes = found.model.infer(found.input_codes.codes(rows))
    values = codes * float(found.model.scales[0]) + float(found.model.offsets[0])
    assert np.abs(values - executed(data, rows)).max() < 1e-4


def test_one_multiplier_serves_layers_of_one_scale(tmp_path: Path) -> None:
    found = imported(tmp_path, chain((20, 16, 12, 6), 1))
    for layer in found.report.layers:
        assert layer.requantiser.shared
        assert layer.requantiser.multiplier_bits <= 21


def test_a_softmax_is_dropped_with_a_remark(tmp_path: Path) -> None:
    found = imported(tmp_path, chain((8, 6, 4), 4, softmax=True), OutputKind.ARGMAX)
    assert any("SOFTMAX" in one and "left out" in one for one in found.report.remarks)
    assert any("quantises the output and was left out" in one for one in found.report.remarks)
    plain = imported(tmp_path, chain((8, 6, 4), 4), OutputKind.ARGMAX)
    rows = np.random.default_rng(3).integers(-128, 128, (100, 8))
    assert (found.model.infer(rows) == plain.model.infer(rows)).all()


@needs_public_models
def test_the_public_autoencoder_code_by_code() -> None:
    path, vectors = public_file("ad01_int8.tflite"), public_vectors("ad01.npz")
    found = import_tflite(path, output=OutputKind.CODE)
    codes = vectors["x"].astype(np.int64)
    for number in range(1, 10):
        hidden = forward(found.model.layers[:number], codes)
        # Hidden codes start at the file's -128, the zero point of its ReLUs.
        lowest = 127 - (found.report.layers[number - 1].requantiser.codes - 1)
        assert (hidden + lowest == vectors[f"hidden{number}_code"]).all()
    assert (found.model.infer(codes) == vectors["output_integer"]).all()
    assert (found.model.infer(codes) == vectors["y"]).all()
    sums = import_tflite(path).model
    assert (sums.infer(codes) == vectors["output_accumulator"]).all()


WEIGHTS = np.array([[1, -2, 3], [4, 5, -6]], dtype=np.int8)


def layer(made: Made, **changes: Any) -> bytes:
    """One dense layer whose parts may be others."""
    given = {
        "kind": INT8,
        "scale": [0.1],
        "zero": [0],
        "weights": WEIGHTS,
        "weight_kind": INT8,
        "weight_scale": [0.02],
        "weight_zero": [0],
        "bias": np.array([1, 2], dtype=np.int32),
        "bias_kind": INT32,
        "bias_scale": [0.002],
        "out_kind": INT8,
        "out_scale": [0.3],
        "out_zero": [0],
        "operator": "FULLY_CONNECTED",
        "activation": "NONE",
    } | changes
    start = made.tensor("in", [1, 3], given["kind"], given["scale"], given["zero"])
    weights = made.tensor(
        "weights",
        given["weights"].shape,
        given["weight_kind"],
        given["weight_scale"],
        given["weight_zero"],
        given["weights"],
    )
    bias = made.tensor("bias", [2], given["bias_kind"], given["bias_scale"], [0], given["bias"])
    end = made.tensor("out", [1, 2], given["out_kind"], given["out_scale"], given["out_zero"])
    made.operator(given["operator"], [start, weights, bias], [end], given["activation"])
    return made.data(start, end)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scale": [0.0]}, r"tensor 'in': scale 0.0"),
        ({"out_scale": [-0.5]}, r"tensor 'out': scale -0.5"),
        ({"weight_scale": [float("nan")]}, r"tensor 'weights': scale nan"),
        ({"weight_scale": [float("inf")]}, r"tensor 'weights': scale inf"),
        ({"out_zero": [200]}, r"tensor 'out': zero point 200 outside -128..127"),
        ({"weight_zero": [-129]}, r"tensor 'weights': zero point -129 outside"),
        ({"weight_scale": [0.1] * 3, "weight_zero": [0] * 3}, r"has 3 scales .* for 2 neurons"),
        ({"scale": [], "zero": []}, r"tensor 'in' has 0 scales"),
        ({"kind": INT16}, r"tensor 'in' is INT16; activations of INT8"),
        ({"out_kind": INT16}, r"tensor 'out' is INT16"),
        (
            {"weights": WEIGHTS.astype(np.float32), "weight_kind": FLOAT32},
            r"'out' \(FULLY_CONNECTED\).* tensor 'weights' is FLOAT32 and no constant of int8",
        ),
        ({"kind": FLOAT32}, r"'out' \(FULLY_CONNECTED\): activations of FLOAT32"),
        (
            {"bias": np.array([1, 2], dtype=np.int8), "bias_kind": INT8},
            r"tensor 'bias' is INT8 of shape \[2\]",
        ),
        ({"operator": "CONV_2D"}, r"'out' \(CONV_2D\): operator CONV_2D is not read"),
        ({"activation": "TANH"}, r"'out' .*activation TANH is not read"),
        ({"weights": WEIGHTS[:, :2]}, r"'out' .*: weights of 2 inputs for 3 values"),
    ],
)
def test_what_is_refused_is_named_with_its_value(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(PulsewrightError, match=words):
        imported(tmp_path, layer(Made(), **changes))


def test_uint8_files_are_read_too(tmp_path: Path) -> None:
    data = layer(
        Made(),
        kind=UINT8,
        zero=[100],
        weights=(WEIGHTS.astype(np.int64) + 128).astype(np.uint8),
        weight_kind=UINT8,
        weight_zero=[128],
        out_kind=UINT8,
        out_zero=[128],
    )
    found = imported(tmp_path, data)
    rows = np.random.default_rng(4).integers(0, 256, (100, 3))
    sums = (rows - 100) @ WEIGHTS.astype(np.int64).T + [1, 2]
    scale = float(np.float32(0.1)) * float(np.float32(0.02)) / float(np.float32(0.3))
    expected = np.clip(np.rint(sums * scale) + 128, 0, 255)
    assert (found.model.infer(found.input_codes.codes(rows)) == expected).all()


def test_clips_of_fused_activations(tmp_path: Path) -> None:
    """RELU6 and RELU_N1_TO_1 end where the quantiser has 6, -1 and 1."""
    rows = np.random.default_rng(5).integers(-128, 128, (300, 3))
    for activation, low, high in (("RELU6", 0, 20), ("RELU_N1_TO_1", -3, 3)):
        data = layer(Made(), activation=activation, weight_scale=[0.5])
        found = imported(tmp_path, data)
        codes = found.model.infer(rows) + found.report.output.code_offset
        assert (codes.min(), codes.max()) == (low, high)


def test_a_file_that_is_none_or_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.tflite"
    whole = chain((6, 5, 3), 1)
    for data, words in (
        (b"", "not TFLite"),
        (b"PK\x03\x04" * 9, "not TFLite"),
        (whole[: len(whole) // 2], "damaged, or only a part"),
    ):
        path.write_bytes(data)
        with pytest.raises(PulsewrightError, match=words):
            import_tflite(path)
    with pytest.raises(PulsewrightError, match="cannot read it: No such file"):
        import_tflite(tmp_path / "other.tflite")


def spoilt(whole: bytes, seed: int) -> bytes:
    random = np.random.default_rng(seed)
    data = bytearray(whole)
    for _ in range(int(random.integers(1, 6))):
        data[random.integers(8, len(data))] = random.integers(256)
    return bytes(data)


@pytest.mark.parametrize("seed", [258, 433, 768])
def test_options_that_lead_out_of_the_file_are_damage(tmp_path: Path, seed: int) -> None:
    with pytest.raises(PulsewrightError, match="damaged, or only a part"):
        imported(tmp_path, spoilt(chain((6, 5, 3), 1), seed))


@pytest.mark.parametrize(
    "seeds", [range(60), pytest.param(range(60, 4000), marks=pytest.mark.regression)]
)
def test_spoilt_files_end_in_a_sentence_or_a_model(tmp_path: Path, seeds: range) -> None:
    whole = chain((6, 5, 3), 1)
    sentences = []
    for seed in seeds:
        try:
            imported(tmp_path, spoilt(whole, seed))
        except PulsewrightError as error:
            sentences.append(str(error))
    assert all(one.startswith("TFLite model ") for one in sentences)
    assert len(sentences) > len(seeds) // 10
