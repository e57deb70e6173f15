# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import numpy_helper

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.execution import executed, is_executable
from pulsewright.hls_model.qonnx.exporter import export_qonnx, float_type, qonnx_model
from pulsewright.hls_model.qonnx.importer import import_qonnx, model_from_proto
from pulsewright.hls_model.quantised_onnx.importer import imported_from_proto
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from tests.models import changed, random_codes, random_model


@st.composite
def models(draw: st.DrawFn) -> IntegerMlp:
    sizes = draw(st.lists(st.integers(1, 9), min_size=2, max_size=5))
    pulses = draw(st.sampled_from([None, 12]))
    return random_model(
        sizes,
        draw(st.integers(0, 2**16)),
        weight_width=draw(st.integers(2, 8)),
        activation_width=draw(st.integers(1, 8)),
        input_width=draw(st.integers(2, 16)),
        rounding=draw(st.sampled_from(Rounding)),
        requantised=draw(st.booleans()) or len(sizes) > 3,
        extreme=draw(st.booleans()),
        per_channel=draw(st.booleans()),
        pulses=pulses,
        log_pulses=pulses is not None and draw(st.booleans()),
    )


@given(models())
def test_what_is_exported_is_imported_as_it_was(model: IntegerMlp) -> None:
    proto = onnx.ModelProto.FromString(qonnx_model(model).SerializeToString())
    back = model_from_proto(proto)
    assert back.to_json() == model.to_json()
    assert back.digest == model.digest


@st.composite
def wider_models(draw: st.DrawFn) -> IntegerMlp:
    output = draw(st.sampled_from(OutputKind))
    last = st.integers(2 if output is OutputKind.ARGMAX else 1, 5)
    sizes = [*draw(st.lists(st.integers(1, 6), min_size=1, max_size=3)), draw(last)]
    rounding = draw(st.sampled_from(Rounding))
    if output is OutputKind.CODE and rounding is Rounding.HALF_UP:
        rounding = Rounding.HALF_EVEN
    model = random_model(
        sizes,
        draw(st.integers(0, 2**16)),
        weight_width=draw(st.integers(2, 6)),
        activation_width=draw(st.integers(2, 6)),
        input_width=draw(st.integers(2, 8)),
        rounding=rounding,
        multipliers=draw(st.integers(1, 12)),
        output=output,
    )
    scales = draw(st.sampled_from([None, "3/8", "5/1"]))
    return changed(model, output_scale=scales, output_offset=draw(st.sampled_from([None, "-7/2"])))


@settings(max_examples=40, deadline=None)
@given(wider_models())
def test_networks_with_multipliers_come_back_as_they_were(model: IntegerMlp) -> None:
    proto = onnx.ModelProto.FromString(qonnx_model(model).SerializeToString())
    onnx.checker.check_model(proto)
    back = imported_from_proto(proto, output=model.output).model
    assert back.to_json() == model.to_json()


@settings(max_examples=40, deadline=None)
@given(wider_models())
def test_the_graph_alone_says_what_every_output_stands_for(model: IntegerMlp) -> None:
    proto = qonnx_model(model)
    del proto.metadata_props[:]
    back = imported_from_proto(proto, output=model.output).model
    codes = random_codes(model, 20)
    integers, others = model.infer(codes), back.infer(codes)
    if model.output is OutputKind.ARGMAX:
        assert others.tolist() == integers.tolist()
        return
    values = [
        [
            [
                every.scales[i % len(every.scales)] * int(q) + every.offsets[i % len(every.offsets)]
                for i, q in enumerate(row)
            ]
            for row in results
        ]
        for every, results in ((model, integers), (back, others))
    ]
    assert values[0] == values[1]


def test_a_graph_that_was_changed_counts_more_than_the_model_it_was_written_from() -> None:
    model = random_model((3, 4, 2), multipliers=6, output="code")
    proto = qonnx_model(model)
    bias = next(one for one in proto.graph.initializer if one.name == "layer2_bias")
    values = numpy_helper.to_array(bias) + 1
    bias.CopyFrom(numpy_helper.from_array(values, bias.name))
    back = imported_from_proto(proto, output=OutputKind.CODE).model
    codes = random_codes(model, 40)
    assert back.infer(codes).tolist() != model.infer(codes).tolist()
    assert back.layers[1].bias.tolist() != model.layers[1].bias.tolist()


@pytest.mark.parametrize("output", OutputKind)
def test_the_qonnx_package_computes_the_same(output: OutputKind) -> None:
    pytest.importorskip("qonnx")
    model = random_model(
        (3, 4, 3),
        weight_width=3,
        activation_width=3,
        input_width=3,
        multipliers=5,
        output=output,
    )
    assert is_executable(model)
    codes = random_codes(model, 50)
    assert executed(model, codes).tolist() == model.infer(codes).tolist()


@pytest.mark.parametrize(
    ("parts", "fields", "message"),
    [
        (
            {"output": "code", "rounding": Rounding.HALF_UP},
            {},
            "layer2 rounds signed codes half up, QONNX's HALF_UP away from zero",
        ),
        ({}, {"output_scale": "1/10"}, "output_scale 0.1 is no float32 number"),
        ({}, {"output_offset": "1/3"}, "output_offset 0.333333 is no float32 number"),
        ({"multipliers": 32, "input_width": 16}, {}, r"may need 5\d bits, float64 has 53"),
    ],
)
def test_what_no_graph_says_exactly_is_refused(parts: dict, fields: dict, message: str) -> None:
    model = changed(random_model((3, 40, 2), weight_width=8, **parts), **fields)
    with pytest.raises(PulsewrightError, match=message):
        qonnx_model(model)


def test_metadata_that_was_damaged_is_refused() -> None:
    proto = qonnx_model(random_model((3, 4, 2), multipliers=6))
    entry = next(one for one in proto.metadata_props if one.key == "pulsewright.model")
    for text in ("{", "[" * 100_000, "{}", '{"name":"x"}'):
        entry.value = text
        with pytest.raises(PulsewrightError, match=r"metadata pulsewright\.model: .*; export the"):
            imported_from_proto(proto)


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    model = random_model((6, 8, 1), per_channel=True)
    for name in ("a.onnx", "b.onnx"):
        export_qonnx(model, tmp_path / name)
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()
    assert import_qonnx(tmp_path / "a.onnx").digest == model.digest
    onnx.checker.check_model(str(tmp_path / "a.onnx"))


def test_float32_as_long_as_partial_sums_have_24_bits() -> None:
    model = random_model((1, 1))
    layer = model.layers[0]

    def kind(bias: int) -> type:
        one = changed(layer, weights=[[127]], bias=[bias])
        return float_type(changed(model, layers=(one,)))

    largest = 2**24 - 127 * 128
    assert kind(largest) is np.float32
    assert kind(-largest) is np.float32
    assert kind(largest + 1) is np.float64
    assert kind(2**53 - 127 * 128) is np.float64
    with pytest.raises(PulsewrightError, match=r"'random' may need 54 bits, float64 has 53"):
        kind(2**53 - 127 * 128 + 1)


def test_float64_tensors_keep_a_model_without_requantiser() -> None:
    model = random_model((6, 64, 1), requantised=False)
    proto = qonnx_model(model)
    assert {tensor.data_type for tensor in proto.graph.initializer} == {onnx.TensorProto.DOUBLE}
    assert model_from_proto(proto).digest == model.digest


def test_channel_shifts_that_are_all_0_are_kept_as_they_are_written() -> None:
    model = random_model((3, 4, 1))
    first = changed(model.layers[0], channel_shifts=(0, 0, 0, 0))
    model = changed(model, layers=(first, model.layers[1]))
    assert model_from_proto(qonnx_model(model)).layers[0].channel_shifts == (0, 0, 0, 0)


def test_numbers_that_qonnx_takes_for_something_else_are_refused() -> None:
    model = random_model((2, 2, 1))
    narrow = changed(
        model.layers[0],
        weights=[[0, 0], [0, 0]],
        weight_format=FixedPoint(width=1, frac=0, signed=True),
        output_format=model.layers[0].output_format,
    )
    with pytest.raises(PulsewrightError, match="layer 1 of 'random' has signed numbers of 1 bit"):
        qonnx_model(changed(model, layers=(narrow, model.layers[1])))
    wide = changed(model.layers[0], weight_format=FixedPoint(width=33, frac=7, signed=True))
    with pytest.raises(PulsewrightError, match=r"layer 1 of 'random' has the format s33\.7"):
        qonnx_model(changed(model, layers=(wide, model.layers[1])))
