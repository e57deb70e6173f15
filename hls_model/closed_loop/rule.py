# SPDX-License-Identifier: Apache-2.0
"""How many pulses to give next: the smallest of what the network says and of two bounds."""

from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.closed_loop.history import History, Prepared, PulseSetting, prepare
from pulsewright.hls_model.closed_loop.logarithm import OCTAVE, exp2, log2
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

INPUTS = 13
# Outputs of the network.
LOW_QUANTILE, MEDIAN = 0, 1
QUANTILES = (0.05, 0.5)
FIRST_BURST = 6
# Times the straight line through the last two reads.
GUARD = 2


class Target(NamedTuple):
    """Currents to be reached: level - tolerance .. level + tolerance; arrays of equal shape."""

    level: IntegerArray
    tolerance: IntegerArray


def check_history_network(model: IntegerMlp) -> None:
    """Refuse a network that is no history network.

    Raises:
        PulsewrightError: it has other inputs or outputs.
    """
    ends = (model.sizes[0], model.sizes[-1])
    if ends != (INPUTS, len(QUANTILES)) or model.output_scale or model.output_offset:
        raise PulsewrightError(
            f"{model.name} has {ends[0]} inputs and {ends[1]} outputs; the controller takes a "
            f"history network of {INPUTS} inputs and {len(QUANTILES)} outputs with power-of-two "
            'scales: train one with task = "pulses_to_target"'
        )


def bursts(
    model: IntegerMlp,
    history: History,
    setting: PulseSetting,
    target: Target,
    guard: int = GUARD,
    bolder: int = 0,
) -> IntegerArray:
    """(rows,) pulses to give next, 1 or more.

    The least of: the median number to the level, rounded; the 5 % quantile to level + tolerance,
    rounded down; `guard` times the straight line through the last two reads; 6 as the first burst.
    Two inferences, whose inputs differ in `log_distance` and `log_straight_line`. bolder: added to
    the logarithm of the way by the 5 % quantile, in octaves of 2**-12; firmware has 0.
    """
    to_level = prepare(history, setting, target.level)
    to_limit = prepare(history, setting, target.level + target.tolerance)
    median = _pulses(to_level, history, corrections(model, to_level, MEDIAN))
    low = corrections(model, to_limit, LOW_QUANTILE) + bolder
    least = _pulses(to_limit, history, low)
    wanted = np.minimum((median + OCTAVE // 2) // OCTAVE, least // OCTAVE)
    return np.maximum(np.minimum(wanted, limits(history, target, guard)), 1)


def limits(history: History, target: Target, guard: int) -> IntegerArray:
    """(rows,) the most pulses that the guard lets through, whatever a network says; 0 or more."""
    step = history.last_place - history.previous_place
    rise = history.last - history.previous
    rest = np.maximum(target.level - history.last, 0)
    straight = guard * rest * step // np.maximum(rise, 1)
    known = np.where(rise > 0, straight, guard * step)
    return np.where(history.last_place > 0, known, FIRST_BURST)


def corrections(model: IntegerMlp, prepared: Prepared, output: int) -> IntegerArray:
    """(rows,) what one output adds to the straight line, in octaves of 2**-12."""
    results = _infer(model, prepared.inputs)[:, output]
    shift = model.output_format.frac - 12
    return results >> shift if shift >= 0 else results << -shift


def _pulses(prepared: Prepared, history: History, correction: IntegerArray) -> IntegerArray:
    """(rows,) pulses to come, in units of 2**-12."""
    octaves = exp2(prepared.straight_line + correction)
    end = exp2(log2(1 + history.last_place) + octaves)
    return end - (1 + history.last_place) * OCTAVE


def _infer(model: IntegerMlp, inputs: IntegerArray) -> IntegerArray:
    columns = [
        feature.codes(inputs[:, number]) for number, feature in enumerate(model.input_map.features)
    ]
    code_format = model.input_map.code_format
    return model.infer(np.clip(np.stack(columns, axis=1), code_format.minimum, code_format.maximum))
