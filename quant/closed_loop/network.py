# SPDX-License-Identifier: Apache-2.0
"""Training of a history network: float, Brevitas, integers. Needs Torch and Brevitas."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from pulsewright.hls_model.closed_loop.history import history_map
from pulsewright.hls_model.closed_loop.rule import QUANTILES
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.closed_loop.settings import HistoryTraining
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.closed_loop.tuples import Tuples, draw_tuples, si_inputs
from pulsewright.quant.float_network.float_training import train_float_network
from pulsewright.quant.losses import pinball
from pulsewright.quant.minibatches import Samples, mean_error
from pulsewright.quant.progress import StepProgress
from pulsewright.quant.quantised.export import export_integer_mlp
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.quantised.quantised_training import train_quantised_network

VALIDATION_SHARE = 0.1


class HistoryNetwork(NamedTuple):
    """The integer model, the network it is exported from, and the pinball loss on validation.

    float_error, quantised_error: octaves, mean over both quantiles, on curves kept for validation.
    """

    model: IntegerMlp
    network: QuantisedMlp
    float_error: float
    quantised_error: float


def train_history_network(
    devices: MeasuredDevices,
    chosen: IntegerArray,
    settings: HistoryTraining,
    name: str,
    progress: StepProgress | None = None,
) -> HistoryNetwork:
    """Train on tuples of the curves `chosen`, a tenth of them for validation.

    The same arguments give the same bits. progress: called with (training, done, total).

    Raises:
        PulsewrightError: fewer than two curves, no tuples, or a training that diverges.
    """
    if len(chosen) < 2:
        raise PulsewrightError(
            f"{len(chosen)} curves to learn histories from; give two or more that rise above "
            "their noise"
        )
    code_format = settings.bits.code_format
    input_map = history_map(devices.setting, devices.curves.pulses, code_format)
    train, validation = _drawn(devices, chosen, settings)
    float_network, best = train_float_network(
        settings.sizes,
        _samples(_normalised(input_map, train.inputs), train),
        _samples(_normalised(input_map, validation.inputs), validation),
        settings.float_training,
        settings.seed,
        progress and partial(progress, "float training"),
    )
    coded = _samples(codes(input_map, validation.inputs) * code_format.step, validation)
    network, _ = train_quantised_network(
        float_network,
        settings.bits,
        code_format,
        _samples(codes(input_map, train.inputs) * code_format.step, train),
        coded,
        settings.quantised,
        settings.seed,
        progress and partial(progress, "quantisation-aware training"),
    )
    return HistoryNetwork(
        export_integer_mlp(network, input_map, name),
        network,
        best.validation_error,
        mean_error(network, coded),
    )


def codes(input_map: InputMap, inputs: IntegerArray) -> IntegerArray:
    """Prepared inputs (rows, features) to input codes."""
    return input_map.codes(si_inputs(input_map, inputs))


def _normalised(input_map: InputMap, inputs: IntegerArray) -> npt.NDArray[np.float64]:
    return input_map.normalised(si_inputs(input_map, inputs))


def _drawn(
    devices: MeasuredDevices, chosen: IntegerArray, settings: HistoryTraining
) -> tuple[Tuples, Tuples]:
    order = np.random.default_rng(settings.seed).permutation(chosen)
    kept = max(1, round(len(order) * VALIDATION_SHARE))
    # The validation's draws are another seed's.
    return (
        draw_tuples(devices, np.sort(order[kept:]), settings.tuples, settings.seed),
        draw_tuples(devices, np.sort(order[:kept]), settings.tuples, settings.seed + 1),
    )


def _samples(x: npt.NDArray[np.floating[Any]], tuples: Tuples) -> Samples:
    y = np.repeat(tuples.correction[:, None], len(QUANTILES), axis=1)
    return Samples(_float32(x), _float32(y), pinball(QUANTILES))


def _float32(values: npt.NDArray[np.floating[Any]]) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))
