# SPDX-License-Identifier: Apache-2.0
"""Files as other tools write them: executors and we agree, but where float32 cannot decide."""

import itertools
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.qonnx.exporter import qonnx_model
from pulsewright.hls_model.qonnx.importer import model_from_proto
from pulsewright.hls_model.quantised_onnx.importer import (
    import_quantised_onnx,
    imported_from_proto,
)
from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.inference import forward
from pulsewright.hls_model.reference.network_output import OutputKind
from tests.hls_model.public_models import needs_public_models, public_file, public_vectors
from tests.hls_model.qonnx.graphs import GraphBuilder, small_builder
from tests.hls_model.quantised_onnx.agreement import (
    by_onnxruntime,
    by_qonnx,
    check_in_fractions,
    differing_rows,
    float_rows,
    rows_at_thresholds,
    values,
    values_of_codes,
)
from tests.hls_model.quantised_onnx.made_files import (
    ONNXRUNTIME,
    brevitas_files,
    onnxruntime_file,
)
from tests.models import random_model


@pytest.fixture(scope="module")
def brevitas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return brevitas_files(tmp_path_factory.mktemp("brevitas"))


# Torch's exporter takes most of half a minute.
@pytest.mark.regression
@pytest.mark.parametrize("kind", ["qonnx", "qcdq"])
def test_brevitas_default_quantisers(brevitas: dict[str, Path], kind: str) -> None:
    path, rows = brevitas[kind], float_rows()
    imported = import_quantised_onnx(path)
    executed = by_qonnx(path, rows) if kind == "qonnx" else by_onnxruntime(path, rows)
    assert len(differing_rows(imported, path, rows, executed)) <= 3
    assert imported.report.layers[0].negated_rows > 0
    assert any("BatchNormalization" in one for one in imported.report.layers[0].folded)


@pytest.mark.regression
def test_both_files_of_brevitas_are_one_network(brevitas: dict[str, Path]) -> None:
    models = [import_quantised_onnx(brevitas[kind], name="one").model for kind in brevitas]
    assert models[0].digest == models[1].digest


@pytest.mark.parametrize("kind", sorted(ONNXRUNTIME))
def test_static_quantisation_of_onnxruntime(tmp_path: Path, kind: str) -> None:
    path = onnxruntime_file(tmp_path, kind)
    imported = import_quantised_onnx(path, output=OutputKind.CODE)
    rows = float_rows()
    assert len(differing_rows(imported, path, rows, by_onnxruntime(path, rows))) <= 3


def check_rows_at_thresholds(imported: ImportedModel, path: Path) -> None:
    """Pairs of rows between which the smallest change of one input changes a hidden code."""
    codes = rows_at_thresholds(imported, 400)
    hidden = forward(imported.model.layers[:1], codes)
    assert (hidden[0::2] != hidden[1::2]).any(axis=1).all()
    rows = values_of_codes(imported, codes)
    assert (imported.input_codes.codes(rows) == codes).all()
    differing_rows(imported, path, rows, by_onnxruntime(path, rows))
    check_in_fractions(imported, path, rows[:40])


@pytest.mark.parametrize(
    "kind",
    [
        "int8_per_channel",
        *(
            pytest.param(kind, marks=pytest.mark.regression)
            for kind in sorted(set(ONNXRUNTIME) - {"int8_per_channel"})
        ),
    ],
)
def test_rows_at_the_nearest_thresholds(tmp_path: Path, kind: str) -> None:
    path = onnxruntime_file(tmp_path, kind)
    check_rows_at_thresholds(import_quantised_onnx(path, output=OutputKind.CODE), path)


@pytest.mark.regression
def test_rows_at_the_nearest_thresholds_of_brevitas(brevitas: dict[str, Path]) -> None:
    check_rows_at_thresholds(import_quantised_onnx(brevitas["qcdq"]), brevitas["qcdq"])


def wide_network(sizes: tuple[int, ...], weight_bits: int, code_bits: int) -> onnx.ModelProto:
    """Scales by channel, batch normalisation with factors of both signs, signed codes."""
    random = np.random.default_rng(10)
    builder = GraphBuilder((1, sizes[0]))
    tensor = builder.quant("in", 0.031, 8)
    for number, (inputs, neurons) in enumerate(itertools.pairwise(sizes)):
        weights = (random.standard_normal((neurons, inputs)) / np.sqrt(inputs)).astype(np.float32)
        scales = np.abs(weights).max(axis=1, keepdims=True) / (2 ** (weight_bits - 1) - 1)
        made = builder.quant(builder.constant(weights), scales, weight_bits, narrow=1)
        made = builder.node("Transpose", [made], perm=[1, 0])
        tensor = builder.node("MatMul", [tensor, made])
        if number < len(sizes) - 2:
            parts = (
                random.standard_normal(neurons),
                random.standard_normal(neurons),
                random.standard_normal(neurons) / 10,
                np.abs(random.standard_normal(neurons)) + 0.05,
            )
            named = [builder.constant(one) for one in parts]
            tensor = builder.node("BatchNormalization", [tensor, *named], epsilon=1e-5)
            tensor = builder.quant(tensor, 2.5 / 2**code_bits, code_bits, narrow=1)
    return builder.proto(tensor)


@pytest.mark.regression
@pytest.mark.parametrize(
    ("sizes", "weight_bits", "code_bits"),
    [((490, 256, 256, 256, 12), 3, 3), ((784, 64, 64, 64, 10), 2, 2), ((640, 128, 8, 640), 8, 8)],
)
def test_wide_networks(
    tmp_path: Path, sizes: tuple[int, ...], weight_bits: int, code_bits: int
) -> None:
    path = tmp_path / "wide.onnx"
    onnx.save(wide_network(sizes, weight_bits, code_bits), path)
    imported = import_quantised_onnx(path)
    rows = np.random.default_rng(11).standard_normal((2000, sizes[0])).astype(np.float32)
    assert differing_rows(imported, path, rows, values(imported, rows)) == []
    assert all(one.negated_rows > 0 for one in imported.report.layers[:-1])
    # Gains of a layer's neurons that are far apart, and one shift for all.
    assert max(one.weight_bits for one in imported.report.layers) <= 16


@settings(max_examples=12)
@given(st.integers(0, 10**6), st.sampled_from(Rounding), st.booleans())
def test_powers_of_two_give_the_model_that_qonnx_reads(
    seed: int, rounding: Rounding, per_channel: bool
) -> None:
    model = random_model((3, 4, 2), seed=seed, rounding=rounding, per_channel=per_channel)
    proto = qonnx_model(model)
    imported = imported_from_proto(proto)
    assert imported.model.digest == model.digest
    assert [layer.requantiser is None for layer in imported.report.layers] == [False, True]
    # Without our metadata as well.
    del proto.metadata_props[:]
    plain = imported_from_proto(proto)
    assert plain.model.digest == model_from_proto(proto).digest


def test_an_output_quantiser_of_powers_of_two_is_dropped_with_a_remark() -> None:
    builder, tensor = small_builder()
    tensor = builder.node("MatMul", [tensor, builder.weights([[2], [-3]], 0.5)])
    proto = builder.proto(builder.quant(tensor, 2.0, 4))
    imported = imported_from_proto(proto)
    assert imported.model.digest == model_from_proto(proto, drop_output_quantiser=True).digest
    assert "Quant_7" in str(imported.report.output_quantiser)
    assert any("was left out" in one for one in imported.report.remarks)
    largest = imported_from_proto(proto, output=OutputKind.CODE)
    assert largest.model.layers[-1].requantiser is not None


@needs_public_models
@pytest.mark.parametrize("name", ["TFC_1W1A", "TFC_2W2A"])
def test_public_networks_code_by_code(name: str) -> None:
    vectors = public_vectors(f"{name.lower()}.npz")
    imported = import_quantised_onnx(public_file(f"{name}.onnx"))
    codes = imported.input_codes.codes(vectors["x"].reshape(len(vectors["x"]), -1))
    bipolar = name == "TFC_1W1A"
    assert ((2 * codes - 1 if bipolar else codes) == vectors["input_code"]).all()
    for number in (1, 2, 3):
        hidden = forward(imported.model.layers[:number], codes)
        hidden = 2 * hidden - 1 if bipolar else hidden - 1
        assert (hidden == vectors[f"hidden{number}_code"]).all()
    sums = imported.model.infer(codes)
    # A step of a bipolar layer is twice that of its sums of -1 and 1.
    assert (sums * (2 if bipolar else 1) == vectors["output_integer"]).all()
    assert float(imported.model.scales[0]) == pytest.approx(
        float(vectors["output_scale"]) * (2 if bipolar else 1), rel=1e-12
    )
    assert np.abs(values(imported, vectors["x"].reshape(200, -1)) - vectors["y"]).max() < 1e-5
    largest = import_quantised_onnx(public_file(f"{name}.onnx"), output=OutputKind.ARGMAX)
    assert (largest.model.infer(codes)[:, 0] == vectors["argmax"]).all()
