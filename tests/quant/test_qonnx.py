# SPDX-License-Identifier: Apache-2.0
"""QONNX files that Brevitas writes, beside the direct export and the qonnx package's executor."""

import warnings
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from brevitas.export import export_qonnx
from brevitas.nn import QuantIdentity
from brevitas.quant.fixed_point import Int8ActPerTensorFixedPoint
from torch import nn

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.presets import PRESETS
from pulsewright.hls_model.qonnx.execution import executed
from pulsewright.hls_model.qonnx.importer import import_qonnx, model_from_proto
from pulsewright.hls_model.quantised_onnx.importer import import_quantised_onnx
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.quant.curve_sources import fit_input_map
from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.quantised.export import export_integer_mlp
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.quantised.quantised_training import calibrate
from pulsewright.quant.settings import BitWidths, ScaleFit, WeightScales
from tests.hls_model.qonnx.graphs import qonnx_outputs
from tests.models import random_codes
from tests.quant.brevitas_models import post_training_quantised
from tests.quant.quantised.networks import calibrated

pytest.importorskip("qonnx")


class WithInputQuantiser(nn.Module):
    """A network of ours as Brevitas exports it: from real numbers, not from codes."""

    def __init__(self, network: QuantisedMlp) -> None:
        super().__init__()
        code_format = network.code_format
        reach = code_format.step * 2.0 ** (code_format.width - 1)
        self.quantiser = QuantIdentity(
            act_quant=Int8ActPerTensorFixedPoint,
            bit_width=code_format.width,
            scaling_impl_type="const",
            min_val=-reach,
            max_val=reach,
            return_quant_tensor=True,
        )
        self.dense, self.activations = network.dense, network.activations

    def forward(self, x):
        value = self.quantiser(x)
        for dense, activation in zip(self.dense[:-1], self.activations, strict=True):
            value = activation(dense(value))
        return self.dense[-1](value)


def brevitas_file(network: nn.Module, inputs: int, path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export_qonnx(network.eval(), args=torch.zeros(1, inputs), export_path=str(path))
    return path


@pytest.mark.parametrize(
    ("name", "widths"),
    [
        pytest.param("A1", BitWidths(), marks=pytest.mark.regression),
        ("A1", BitWidths(weights=4, activations=4, weight_scales=WeightScales.PER_CHANNEL)),
        pytest.param("A2", BitWidths(weights=2, activations=8), marks=pytest.mark.regression),
        pytest.param("A3", BitWidths(weights=6, activations=6), marks=pytest.mark.regression),
    ],
)
def test_brevitas_to_qonnx_to_integers_is_the_direct_export(
    synthetic, tmp_path: Path, name: str, widths: BitWidths
) -> None:
    network = QuantisedMlp(PRESETS[name], widths, widths.code_format)
    start = FloatMlp(PRESETS[name])
    start.initialise(torch.Generator().manual_seed(1))
    network.copy_parameters(start, ScaleFit.MSE)
    input_map = fit_input_map(synthetic, widths.code_format)
    calibrate(network, torch.from_numpy(input_map.normalised(synthetic.inputs)).float())
    model = export_integer_mlp(network, input_map, name)
    path = brevitas_file(WithInputQuantiser(network), 6, tmp_path / "brevitas.onnx")
    imported = import_qonnx(path)
    assert [layer.model_dump_json() for layer in imported.layers] == [
        layer.model_dump_json() for layer in model.layers
    ]
    codes = input_map.codes(synthetic.inputs)
    outputs = model.infer(codes)
    assert np.array_equal(imported.infer(codes), outputs)
    assert np.array_equal(executed(model, codes), outputs)


@pytest.mark.parametrize(
    "activation_scales",
    ["float", pytest.param("power_of_two", marks=pytest.mark.regression)],
)
def test_float_scales_through_qonnx_are_the_direct_export(
    synthetic, tmp_path: Path, activation_scales: str
) -> None:
    widths = BitWidths(
        weights=6, weight_scales="per_channel_float", activation_scales=activation_scales
    )
    network, input_map = calibrated((6, 16, 8, 1), widths, synthetic)
    model = export_integer_mlp(network, input_map, "floats")
    path = brevitas_file(WithInputQuantiser(network), 6, tmp_path / "brevitas.onnx")
    imported = import_quantised_onnx(path)
    codes = input_map.codes(synthetic.inputs)
    values = codes * widths.code_format.step
    assert (imported.input_codes.codes(values) == codes).all()
    mine, theirs = (
        one.infer(codes) * float(one.scales[0]) + float(one.offsets[0])
        for one in (model, imported.model)
    )
    # Brevitas writes the scale of a bias as a float32, and that of its sum is a product of two.
    differs = np.abs(mine - theirs) > 1e-6 * np.abs(mine).max()
    assert differs.sum() <= 3
    assert len(np.unique(mine)) > 1000


@pytest.mark.parametrize(
    ("sizes", "granularity"),
    [
        ((16, 8, 8, 5), "per_tensor"),
        pytest.param((16, 64, 32, 32, 5), "per_channel", marks=pytest.mark.regression),
        pytest.param((16, 64, 32, 32, 5), "per_tensor", marks=pytest.mark.regression),
    ],
)
def test_a_plain_network_that_brevitas_quantised_itself(
    tmp_path: Path, sizes: tuple[int, ...], granularity: str
) -> None:
    """The layers of the jet classifier, by Brevitas' post-training flow with its own settings."""
    network = post_training_quantised(sizes, granularity)
    path = brevitas_file(network, sizes[0], tmp_path / "ptq.onnx")
    with pytest.raises(PulsewrightError, match=r"\(Quant\) quantises the output"):
        import_qonnx(path)
    model = import_qonnx(path, drop_output_quantiser=True)
    assert model.sizes == sizes
    assert model.input_format == FixedPoint(width=6, frac=model.input_format.frac, signed=True)
    proto = onnx.load(path)
    # The executor shows the accumulator as well if the output's quantiser is taken away.
    last = proto.graph.node.pop()
    proto.graph.output[0].name = last.input[0]
    assert model_from_proto(proto).layers[-1].bias.tolist() == model.layers[-1].bias.tolist()
    del proto.graph.value_info[:]
    codes = random_codes(model, 40)
    assert qonnx_outputs(proto, model, codes).tolist() == model.infer(codes).tolist()


def test_the_dense_example_of_brevitas_is_refused_by_name(tmp_path: Path) -> None:
    """TFC scales its input before the first quantiser and has batch normalisation."""
    pytest.importorskip("brevitas_examples")
    from brevitas_examples.bnn_pynq.models.FC import FC

    network = FC(4, 2, 2, 2, 1, [8, 8], (3, 3))
    path = tmp_path / "tfc.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export_qonnx(network.eval(), args=torch.zeros(1, 1, 3, 3), export_path=str(path))
    with pytest.raises(PulsewrightError, match=r"node 'node_sub.*' \(Sub\): operator Sub is not"):
        import_qonnx(path)
