# SPDX-License-Identifier: Apache-2.0
"""Which networks are piecewise linear in the pulse number, and the integers that say how.

A hidden layer that hands on max(acc, 0), its whole accumulator, is linear in each input code where
none of its neurons switches. If the codes of the pulse numbers are a constant step apart, so is the
output in the pulse number.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.input_map import TableMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.schedule.pulse_sweep import PulseSweep, constant_step, pulse_sweep

WHO = 'engine.curve = "piecewise_linear"'


@dataclass(frozen=True)
class PiecewiseLinearNetwork:
    """output = output_bias + sum_j output_weights[j] * max(bias[j] + weights[j] . codes, 0).

    weights: (neurons, inputs). bias, output_weights: (neurons,). All at one scale each, so that
    channel shifts are in them.
    sweep: the pulse numbers. step: difference of two neighbouring codes of theirs, not 0.
    """

    weights: IntegerArray
    bias: IntegerArray
    output_weights: IntegerArray
    output_bias: int
    sweep: PulseSweep
    step: int

    @property
    def neurons(self) -> int:
        """Hidden neurons M."""
        return len(self.bias)

    @cached_property
    def slopes(self) -> IntegerArray:
        """What a pulse adds to each hidden accumulator, (neurons,)."""
        return self.step * self.weights[:, self.sweep.input_index]

    def accumulators(self, codes: IntegerArray, pulse_number: int) -> IntegerArray:
        """Hidden accumulators (neurons,) of `codes` (inputs,) at a pulse number of the sweep.

        The code of the pulse number is not looked at.
        """
        index, minimum = self.sweep.input_index, self.sweep.minimum
        others = np.asarray(codes, dtype=np.int64).copy()
        others[index] = self.sweep.codes[pulse_number - minimum]
        sums: IntegerArray = self.weights @ others + self.bias
        return sums


def piecewise_linear_network(model: IntegerMlp) -> PiecewiseLinearNetwork:
    """The integers of a network that is piecewise linear in the pulse number.

    Raises:
        PulsewrightError: it has more hidden layers than one or none, a requantiser, several outputs
            or other than accumulators, or no pulse number whose codes are a constant step apart.
    """
    _check_layers(model)
    sweep = pulse_sweep(model)
    if sweep is None:
        raise PulsewrightError(
            f"{WHO} counts through pulse numbers, and no input of {model.name!r} has the unit "
            '"pulse" and a range in 0..65535; name one, or leave the engine at "inferences"'
        )
    step = constant_step(sweep)
    if not step:
        feature = model.input_map.features[sweep.input_index]
        has = "a table" if isinstance(feature, TableMap) else "a map that saturates or rounds"
        raise PulsewrightError(
            f"{WHO} needs codes of the pulse number that are a constant step apart, "
            f"{feature.name} of {model.name!r} has {has}; train with "
            'pulse_number = "affine" in [network] and input codes for every pulse'
        )
    hidden, output = model.layers
    return PiecewiseLinearNetwork(
        weights=hidden.aligned_weights,
        bias=hidden.aligned_bias,
        output_weights=output.aligned_weights[0],
        output_bias=int(output.aligned_bias[0]),
        sweep=sweep,
        step=step,
    )


def _check_layers(model: IntegerMlp) -> None:
    hidden = len(model.layers) - 1
    if hidden != 1:
        raise PulsewrightError(
            f"{WHO} needs one hidden layer, {model.name!r} has {hidden}; train a network such as "
            "hidden = [64] in [network]"
        )
    if model.layers[0].output_format is not None:
        raise PulsewrightError(
            f"{WHO} needs a hidden layer without a requantiser, that of {model.name!r} makes "
            f'codes of {model.layers[0].output_format}; train with activations = "accumulator" '
            "in [bits]"
        )
    if model.layers[1].neurons != 1 or model.output is not OutputKind.ACCUMULATOR:
        raise PulsewrightError(
            f"{WHO} needs one output, its accumulator, {model.name!r} has "
            f'{model.layers[1].neurons} with output = "{model.output}"; train a network with one'
        )
