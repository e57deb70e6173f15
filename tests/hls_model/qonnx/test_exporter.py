# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.exporter import export_qonnx, float_type, qonnx_model
from pulsewright.hls_model.qonnx.importer import import_qonnx, model_from_proto
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.models import changed, random_model


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
