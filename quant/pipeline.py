# SPDX-License-Identifier: Apache-2.0
"""From curves and an input map to a trained and an integer network: what the flow calls.

Needs Torch and Brevitas. The steps before it, without either, are in `curve_sources` and
`splits`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.shortened import shortened
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.float_network.float_training import train_float_network
from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.metrics import mean_squared_error, median_curve_error
from pulsewright.quant.minibatches import Fit, Progress, Samples
from pulsewright.quant.quantised.export import export_integer_mlp
from pulsewright.quant.quantised.input_adaptation import adapt_inputs
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.quantised.quantised_training import train_quantised_network
from pulsewright.quant.settings import BitWidths, FloatTraining, QuantisedTraining
from pulsewright.quant.splits import Split
from pulsewright.quant.torch_session import quiet_torch


@dataclass(frozen=True)
class Accuracy:
    """Mean squared errors of I_r,n, the test's median over curves, and the epoch kept.

    The validation error chose the epoch; nothing was chosen by the test.
    """

    validation_mse: float
    test_mse: float
    test_median_curve_mse: float
    epoch: int


@dataclass(frozen=True)
class TrainedFloat:
    """A float network of one split: sizes, the map of its inputs, torch state, and accuracy."""

    sizes: tuple[int, ...]
    input_map: InputMap
    state: dict[str, Tensor]
    accuracy: Accuracy

    def network(self) -> FloatMlp:
        """Build the network, in evaluation mode."""
        with quiet_torch():
            network = FloatMlp(self.sizes)
            _load_state(network, self.state)
        return network


@dataclass(frozen=True)
class TrainedQuantised:
    """A Brevitas network of one split: sizes, formats, torch state, and accuracy."""

    sizes: tuple[int, ...]
    widths: BitWidths
    code_format: FixedPoint
    state: dict[str, Tensor]
    accuracy: Accuracy

    def network(self) -> QuantisedMlp:
        """Build the network, in evaluation mode."""
        with quiet_torch():
            network = QuantisedMlp(self.sizes, self.widths, self.code_format)
            _load_state(network, self.state)
        return network


def train_float(
    curves: PulseCurves,
    input_map: InputMap,
    split: Split,
    sizes: tuple[int, ...],
    settings: FloatTraining,
    seed: int,
    progress: Progress | None = None,
) -> TrainedFloat:
    """Train a float network on the unrounded inputs of the map.

    Raises:
        PulsewrightError: the sizes do not fit the data, or the training diverges.
    """
    _check_ends(sizes, input_map)
    x = _float32(input_map.normalised(curves.inputs))
    train, validation = _samples(x, curves, split)
    network, best = train_float_network(sizes, train, validation, settings, seed, progress)
    return TrainedFloat(sizes, input_map, best.state, _accuracy(network, x, curves, split, best))


def train_quantised(
    curves: PulseCurves,
    input_map: InputMap,
    split: Split,
    start: TrainedFloat,
    widths: BitWidths,
    settings: QuantisedTraining,
    seed: int,
    progress: Progress | None = None,
) -> TrainedQuantised:
    """Fine-tune `start`, trained on the same split, on the rounded inputs of the map.

    The start may have been trained with a map of another width.

    Raises:
        PulsewrightError: the map makes codes of another width than `widths.inputs`, it is of
            another kind than the start's, or the training diverges.
    """
    code_format = input_map.code_format
    if code_format.width != widths.inputs:
        raise PulsewrightError(
            f"the input map makes codes of {code_format.width} bits, the bit widths ask for "
            f"{widths.inputs}; fit the map to the code format of the bit widths"
        )
    _check_ends(start.sizes, input_map)
    x = _float32(input_map.codes(curves.inputs) * code_format.step)
    train, validation = _samples(x, curves, split)
    float_network = start.network()
    adapt_inputs(float_network, start.input_map, input_map, curves.inputs)
    network, best = train_quantised_network(
        float_network, widths, code_format, train, validation, settings, seed, progress
    )
    accuracy = _accuracy(network, x, curves, split, best)
    return TrainedQuantised(start.sizes, widths, code_format, best.state, accuracy)


def integer_model(trained: TrainedQuantised, input_map: InputMap, name: str) -> IntegerMlp:
    """Export the integer reference model of a trained network.

    Raises:
        PulsewrightError: the network cannot be told in integers, or the map is another one.
    """
    return export_integer_mlp(trained.network(), input_map, name)


def integer_accuracy(model: IntegerMlp, curves: PulseCurves, split: Split) -> tuple[float, float]:
    """(mean squared error, median curve error) of the integer model on the test rows."""
    prediction = model.predict(curves.inputs[split.test])
    target = curves.targets[split.test]
    return (
        mean_squared_error(prediction, target),
        median_curve_error(prediction, target, curves.curve_index[split.test]),
    )


def _check_ends(sizes: tuple[int, ...], input_map: InputMap) -> None:
    features = len(input_map.features)
    if len(sizes) < 2 or sizes[0] != features or sizes[-1] != 1:
        raise PulsewrightError(
            f"layer sizes are {sizes}, the data has {features} inputs and one output; "
            f"give ({features}, hidden layers ..., 1)"
        )


def _float32(values: npt.NDArray[np.floating[Any]]) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))


def _samples(x: Tensor, curves: PulseCurves, split: Split) -> tuple[Samples, Samples]:
    y = _float32(curves.targets[:, None])
    train, validation = (
        Samples(x[torch.from_numpy(part)], y[torch.from_numpy(part)])
        for part in (split.train, split.validation)
    )
    return train, validation


def _accuracy(
    network: torch.nn.Module, x: Tensor, curves: PulseCurves, split: Split, best: Fit
) -> Accuracy:
    network.eval()
    with quiet_torch(), torch.no_grad():
        prediction = network(x[torch.from_numpy(split.test)]).numpy().astype(np.float64)
    target = curves.targets[split.test]
    return Accuracy(
        validation_mse=best.validation_error,
        test_mse=mean_squared_error(prediction, target),
        test_median_curve_mse=median_curve_error(
            prediction, target, curves.curve_index[split.test]
        ),
        epoch=best.epoch,
    )


def _load_state(network: torch.nn.Module, state: dict[str, Tensor]) -> None:
    try:
        network.load_state_dict(state)
    except (RuntimeError, AttributeError, TypeError) as error:
        raise PulsewrightError(
            f"the stored parameters do not fit the network: {shortened(str(error))}; train it again"
        ) from error
    network.eval()
