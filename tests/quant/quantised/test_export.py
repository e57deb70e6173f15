# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
import torch

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.piecewise_linear.network import piecewise_linear_network
from pulsewright.hls_model.presets import PRESETS
from pulsewright.quant.curve_sources import fit_input_map
from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.minibatches import Samples
from pulsewright.quant.quantised.export import (
    brevitas_outputs,
    export_integer_mlp,
    fractional_bits,
    integers,
)
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.quantised.quantised_training import calibrate, train_quantised_network
from pulsewright.quant.settings import (
    BitWidths,
    QuantisedTraining,
    Refinement,
    ScaleFit,
    WeightScales,
)

FEW = 20


def quantised(sizes: tuple[int, ...], widths: BitWidths, curves) -> QuantisedMlp:
    """A network with drawn weights, trained on a few rows: exactness needs no more."""
    start = FloatMlp(sizes)
    start.initialise(torch.Generator().manual_seed(1))
    x = torch.from_numpy(fit_input_map(curves, widths.code_format).normalised(curves.inputs))
    targets = torch.from_numpy(curves.targets[:, None])
    samples = Samples(x[::FEW].float(), targets[::FEW].float())
    # Those that were searched for are compared in test_integer_refinement.py.
    settings = QuantisedTraining(epochs=1, refinement=Refinement.NONE)
    network, _ = train_quantised_network(
        start, widths, widths.code_format, samples, samples, settings, seed=0
    )
    return network


@pytest.mark.parametrize(
    "name", ["A1", *(pytest.param(name, marks=pytest.mark.regression) for name in ("A2", "A3"))]
)
def test_brevitas_is_the_integer_model_on_every_row(synthetic, name: str) -> None:
    widths = BitWidths()
    network = quantised(PRESETS[name], widths, synthetic)
    input_map = fit_input_map(synthetic, widths.code_format)
    model = export_integer_mlp(network, input_map, name)
    codes = input_map.codes(synthetic.inputs)
    assert model.sizes == PRESETS[name]
    assert np.array_equal(model.infer(codes), brevitas_outputs(network, codes))


@pytest.mark.parametrize("scales", [WeightScales.PER_TENSOR, WeightScales.PER_CHANNEL])
def test_a_hidden_layer_without_a_requantiser(synthetic, scales: WeightScales) -> None:
    widths = BitWidths(activations="accumulator", weight_scales=scales)
    network = quantised((6, 12, 1), widths, synthetic)
    input_map = fit_input_map(synthetic, widths.code_format)
    model = export_integer_mlp(network, input_map, "accumulators")
    codes = input_map.codes(synthetic.inputs)
    assert model.layers[0].output_format is None
    assert np.array_equal(model.infer(codes), brevitas_outputs(network, codes))
    assert piecewise_linear_network(model).step == 2


@pytest.mark.quick_cases(10)
@pytest.mark.parametrize("bits", [(2, 2, 2), (4, 3, 6), (3, 8, 16), (8, 2, 12), (2, 8, 8)])
@pytest.mark.parametrize("sizes", [(6, 1), (6, 5, 1), (6, 8, 7, 3)])
@pytest.mark.parametrize("scales", [WeightScales.PER_TENSOR, WeightScales.PER_CHANNEL])
def test_other_widths_and_sizes_on_random_codes(small, bits, sizes, scales) -> None:
    widths = BitWidths(weights=bits[0], activations=bits[1], inputs=bits[2], weight_scales=scales)
    network = QuantisedMlp(sizes, widths, widths.code_format)
    start = FloatMlp(sizes)
    start.initialise(torch.Generator().manual_seed(2))
    network.copy_parameters(start, ScaleFit.MSE)
    input_map = fit_input_map(small, widths.code_format, "log")
    calibrate(network, torch.from_numpy(input_map.normalised(small.inputs)).float())
    model = export_integer_mlp(network, input_map, "any")
    low, high = widths.code_format.minimum, widths.code_format.maximum
    codes = np.random.default_rng(0).integers(low, high + 1, (3000, 6))
    assert np.array_equal(model.infer(codes), brevitas_outputs(network, codes))
    assert {layer.weight_format.width for layer in model.layers} == {bits[0]}
    assert {layer.output_format.width for layer in model.layers[:-1]} <= {bits[1]}
    shifted = [bool(layer.channel_shifts) for layer in model.layers]
    assert any(shifted) == (scales is WeightScales.PER_CHANNEL and len(sizes) > 2)


def test_widths_by_layer(small) -> None:
    widths = BitWidths(weights=(2, 5, 8), activations=(3, 7))
    network = QuantisedMlp((6, 5, 4, 1), widths, widths.code_format)
    start = FloatMlp((6, 5, 4, 1))
    start.initialise(torch.Generator().manual_seed(2))
    network.copy_parameters(start, ScaleFit.MAX)
    input_map = fit_input_map(small, widths.code_format)
    calibrate(network, torch.from_numpy(input_map.normalised(small.inputs)).float())
    model = export_integer_mlp(network, input_map, "any")
    codes = input_map.codes(small.inputs)
    assert np.array_equal(model.infer(codes), brevitas_outputs(network, codes))
    assert [layer.weight_format.width for layer in model.layers] == [2, 5, 8]
    assert [layer.output_format.width for layer in model.layers[:-1]] == [3, 7]


def test_float32_evaluation_of_a1_is_exact_too(synthetic) -> None:
    """At 8 bits training evaluates the very integers: its errors are those of the hardware."""
    widths = BitWidths()
    network = quantised((6, 64, 1), widths, synthetic)
    input_map = fit_input_map(synthetic, widths.code_format)
    model = export_integer_mlp(network, input_map, "A1")
    codes = input_map.codes(synthetic.inputs)
    with torch.no_grad():
        output = network(torch.from_numpy(codes * widths.code_format.step).float())
    expected = model.infer(codes) * model.output_format.step
    assert np.array_equal(output.numpy().astype(np.float64), expected)


def test_on_the_measured_curves(measured_curves) -> None:
    widths = BitWidths()
    network = quantised((6, 64, 1), widths, measured_curves)
    input_map = fit_input_map(measured_curves, widths.code_format)
    codes = input_map.codes(measured_curves.inputs)
    assert len(codes) == 26_600
    model = export_integer_mlp(network, input_map, "A1")
    assert np.array_equal(model.infer(codes), brevitas_outputs(network, codes))


def test_another_input_map_is_refused(small) -> None:
    network = quantised((6, 4, 1), BitWidths(), small)
    other = fit_input_map(small, BitWidths(inputs=6).code_format)
    with pytest.raises(PulsewrightError, match=r"exported as 'A1': .*layer 1 takes s8\.7; train"):
        export_integer_mlp(network, other, "A1")


def test_empty_name_is_refused(small) -> None:
    network = quantised((6, 4, 1), BitWidths(), small)
    with pytest.raises(PulsewrightError, match="cannot be exported as ''"):
        export_integer_mlp(network, fit_input_map(small, BitWidths().code_format), "")


def test_shape_of_the_codes(small) -> None:
    network = quantised((6, 4, 1), BitWidths(), small)
    with pytest.raises(PulsewrightError, match=r"must be \(rows, 6\), got \(4, 5\)"):
        brevitas_outputs(network, np.zeros((4, 5), dtype=np.int64))


@pytest.mark.parametrize(("scale", "frac"), [(1.0, 0), (0.5, 1), (2.0**-20, 20), (8.0, -3)])
def test_fractional_bits(scale: float, frac: int) -> None:
    assert fractional_bits(torch.tensor(scale), "weight").tolist() == [frac]


def test_fractional_bits_of_channels() -> None:
    scales = torch.tensor([[0.5], [2.0], [0.125]])
    assert fractional_bits(scales, "weight").tolist() == [1, -1, 3]


@pytest.mark.parametrize("scale", [[0.3], [0.0], [-0.5], [0.5, 0.3]])
def test_other_scales_are_refused(scale: list[float]) -> None:
    with pytest.raises(PulsewrightError, match=r"layer 1 weight scale .* is not a power of two"):
        fractional_bits(torch.tensor(scale), "layer 1 weight")


def test_values_between_integers_are_refused() -> None:
    values = torch.tensor([[0.5, 0.25], [0.5, 0.375]])
    assert integers(values, np.array(3), "weight").tolist() == [[4, 2], [4, 3]]
    with pytest.raises(PulsewrightError, match=r"weight \(1, 1\) is .*1\.5.* steps of 2\*\*-2"):
        integers(values, np.array(2), "weight")
