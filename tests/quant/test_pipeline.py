# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.curve_sources import fit_input_map
from pulsewright.quant.pipeline import (
    TrainedFloat,
    TrainedQuantised,
    integer_accuracy,
    integer_model,
    train_float,
    train_quantised,
)
from pulsewright.quant.quantised.export import brevitas_outputs
from pulsewright.quant.settings import BitWidths, FloatTraining, QuantisedTraining
from pulsewright.quant.splits import SplitKind, split

WIDTHS = BitWidths()


# Curves that were not seen need a network that does not follow the others too closely.
FLOAT = FloatTraining(epochs=8, growth=1)


def run(curves, seed: int) -> tuple[TrainedFloat, TrainedQuantised]:
    input_map = fit_input_map(curves, WIDTHS.code_format)
    parts = split(curves, SplitKind.CURVES, seed)
    start = train_float(curves, input_map, parts, (6, 8, 1), FLOAT, seed)
    tuned = train_quantised(
        curves, input_map, parts, start, WIDTHS, QuantisedTraining(epochs=4), seed
    )
    return start, tuned


def test_same_seed_same_model(small) -> None:
    input_map = fit_input_map(small, WIDTHS.code_format)
    first, again, other = (
        integer_model(run(small, seed)[1], input_map, "small").to_json() for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_accuracies_are_those_of_the_networks(small) -> None:
    input_map = fit_input_map(small, WIDTHS.code_format)
    parts = split(small, SplitKind.CURVES, 0)
    start, tuned = run(small, 0)
    model = integer_model(tuned, input_map, "small")
    assert start.accuracy.validation_mse < 0.05
    # Float32 holds every integer of an 8-bit network, so the two are one figure.
    assert integer_accuracy(model, small, parts) == (
        tuned.accuracy.test_mse,
        tuned.accuracy.test_median_curve_mse,
    )


@pytest.mark.parametrize("sizes", [(5, 4, 1), (6, 4, 2), (6,)])
def test_sizes_must_fit_the_data(small, sizes) -> None:
    input_map = fit_input_map(small, WIDTHS.code_format)
    parts = split(small, SplitKind.ROWS, 0)
    with pytest.raises(PulsewrightError, match=r"the data has 6 inputs and one output; give \(6,"):
        train_float(small, input_map, parts, sizes, FloatTraining(), 0)


def test_widths_must_fit_the_map(small) -> None:
    input_map = fit_input_map(small, WIDTHS.code_format)
    parts = split(small, SplitKind.ROWS, 0)
    start = train_float(small, input_map, parts, (6, 2, 1), FloatTraining(epochs=1), 0)
    with pytest.raises(PulsewrightError, match="codes of 8 bits, the bit widths ask for 6"):
        train_quantised(small, input_map, parts, start, BitWidths(inputs=6), QuantisedTraining(), 0)


def test_a_state_of_other_sizes(small) -> None:
    start, tuned = run(small, 0)
    with pytest.raises(PulsewrightError, match="stored parameters do not fit the network"):
        TrainedFloat((6, 9, 1), start.input_map, start.state, start.accuracy).network()
    with pytest.raises(PulsewrightError, match="stored parameters do not fit the network"):
        TrainedQuantised(
            (6, 9, 1), WIDTHS, WIDTHS.code_format, tuned.state, tuned.accuracy
        ).network()


def a1(curves, seed: int) -> tuple[float, float, int]:
    """(float test MSE, integer test MSE, mismatches) of A1 on the split by rows."""
    input_map = fit_input_map(curves, WIDTHS.code_format)
    parts = split(curves, SplitKind.ROWS, seed)
    start = train_float(curves, input_map, parts, (6, 64, 1), FloatTraining(), seed)
    tuned = train_quantised(curves, input_map, parts, start, WIDTHS, QuantisedTraining(), seed)
    model = integer_model(tuned, input_map, "A1")
    codes = input_map.codes(curves.inputs)
    mismatches = int((model.infer(codes) != brevitas_outputs(tuned.network(), codes)).sum())
    return start.accuracy.test_mse, integer_accuracy(model, curves, parts)[0], mismatches


@pytest.mark.regression
def test_a1_on_synthetic_curves(synthetic) -> None:
    start, integer, mismatches = a1(synthetic, 0)
    assert start < 0.0065
    assert integer < 1.02 * start
    assert mismatches == 0
    assert np.isfinite(integer)


@pytest.mark.regression
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a1_on_measured_curves(measured_curves, seed: int) -> None:
    start, integer, mismatches = a1(measured_curves, seed)
    assert start <= 0.0052
    assert integer <= 1.02 * start
    assert mismatches == 0
