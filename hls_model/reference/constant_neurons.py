# SPDX-License-Identifier: Apache-2.0
"""Neurons without weights: what they hand on is constant, and their scale says nothing.

Quantisers give the weights of a pruned neuron the smallest scale that they have (Brevitas 2**-40),
far below that of its neighbours. Such a neuron takes a scale of its layer here, and hands on what
it did.
"""

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.reference.fixed_point import (
    FixedPoint,
    IntegerArray,
    Rounding,
    requantise,
)

# Twice a bias of this magnitude still fits what accumulators may reach.
LARGEST_BIAS_BITS = 61


def common_scales(
    weights: IntegerArray,
    bias: IntegerArray,
    fracs: IntegerArray,
    input_frac: int,
    relu: bool,
    output_format: FixedPoint | None,
    rounding: Rounding,
) -> tuple[IntegerArray, IntegerArray]:
    """Biases and fracs (neurons,) with which every neuron hands on exactly what it did.

    weights: (neurons, inputs) at 2**-fracs[j]; bias: (neurons,) at 2**-(fracs[j] + input_frac).
    Changed are neurons without weights whose scale is finer or coarser than all others of their
    layer, and of these only what hands on the same: a bias that an accumulator of a coarser scale
    cannot hold stays as it is, unless a requantiser follows and makes a code of it.
    """
    constant = ~(weights != 0).any(axis=1)
    live = fracs[~constant]
    moved = constant
    if live.size:
        moved = constant & ((fracs < live.min()) | (fracs > live.max()))
    bias, fracs = bias.copy(), fracs.copy()
    if relu:
        bias[moved & (bias < 0)] = 0
    if output_format is not None:
        _codes_as_biases(
            moved, bias, fracs, output_format.frac - input_frac, output_format, rounding
        )
    if live.size:
        coarsest, finest = int(live.min()), int(live.max())
    else:
        coarsest = finest = _coarsest_scale(bias, fracs, -input_frac)
    for neuron in np.flatnonzero(moved).tolist():
        _move(neuron, bias, fracs, coarsest, finest)
    return bias, fracs


def _codes_as_biases(
    moved: npt.NDArray[np.bool_],
    bias: IntegerArray,
    fracs: IntegerArray,
    code_frac: int,
    output_format: FixedPoint,
    rounding: Rounding,
) -> None:
    """A bias finer than the activations becomes the code that the requantiser makes of it."""
    for neuron in np.flatnonzero(moved & (fracs > code_frac)).tolist():
        shift = int(fracs[neuron]) - code_frac
        code = requantise(bias[neuron : neuron + 1], shift, rounding, output_format)
        bias[neuron], fracs[neuron] = int(code[0]), code_frac


def _coarsest_scale(bias: IntegerArray, fracs: IntegerArray, otherwise: int) -> int:
    """The coarsest frac at which all biases are integers; `otherwise` if all are 0."""
    held = zip(bias.tolist(), fracs.tolist(), strict=True)
    return max((frac - _trailing_zeros(value) for value, frac in held if value), default=otherwise)


def _move(neuron: int, bias: IntegerArray, fracs: IntegerArray, coarsest: int, finest: int) -> None:
    """Move one neuron to the nearest of these scales, as far as its bias stays an integer."""
    value, frac = int(bias[neuron]), int(fracs[neuron])
    if value == 0:
        frac = finest
    elif frac > finest:
        zeros = min(_trailing_zeros(value), frac - finest)
        value, frac = value >> zeros, frac - zeros
    elif frac < coarsest and value.bit_length() + coarsest - frac <= LARGEST_BIAS_BITS:
        value, frac = value << (coarsest - frac), coarsest
    bias[neuron], fracs[neuron] = value, frac


def _trailing_zeros(value: int) -> int:
    return (value & -value).bit_length() - 1
