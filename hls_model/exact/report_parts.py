# SPDX-License-Identifier: Apache-2.0
"""What the report says of inputs, layers and requantisers that were found."""

from collections.abc import Sequence
from fractions import Fraction

from pulsewright.hls_model.exact.input_codes import InputCodes
from pulsewright.hls_model.exact.report import InputReport, LayerReport, RequantiserReport
from pulsewright.hls_model.exact.requantised import Requantised
from pulsewright.hls_model.exact.staircase import Staircase
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import width_for_range
from pulsewright.hls_model.reference.requantiser import Requantiser

# Digits of scales and offsets that are irrational.
SCALE_BITS = 64


def layer_report(
    where: str,
    dense: DenseLayer,
    negated: int,
    scales: Sequence[Surd],
    folded: Sequence[str],
    requantiser: RequantiserReport | None,
) -> LayerReport:
    """Of the layer that node `where` has become.

    negated: rows of weights with the other sign. scales: of its weights. folded: other nodes in it.
    """
    different = {float(scale) for scale in {id(one): one for one in scales}.values()}
    return LayerReport(
        layer=where,
        inputs=dense.inputs,
        neurons=dense.neurons,
        weight_bits=dense.weight_format.width,
        weight_scales=len(different),
        smallest_scale=min(different),
        largest_scale=max(different),
        accumulator_bits=dense.accumulator_format.width,
        negated_rows=negated,
        folded=tuple(folded),
        requantiser=requantiser,
    )


def requantiser_report(
    made: Requantised, requantiser: Requantiser, staircase: Staircase
) -> RequantiserReport:
    """Of the requantiser that stands for `staircase`."""
    low, high = int(requantiser.offset.min()), int(requantiser.offset.max())
    return RequantiserReport(
        quantiser=staircase.where,
        codes=staircase.top + 1,
        multiplier_bits=made.multipliers.bits,
        offset_bits=width_for_range(low, high, signed=True),
        shift=requantiser.shift,
        rounding=made.rounding.value,
        shared=made.shared,
        thresholds=made.thresholds,
        thresholds_outside=made.outside,
        constant_neurons=made.constant,
        dead_neurons=made.dead,
        code_step=rational_text(staircase.gain),
        value_of_code_0=rational_text(staircase.shift),
    )


def input_report(codes: InputCodes, *, given: bool) -> InputReport:
    """Of the input; given: its format is none of the file's."""
    staircase = codes.staircase
    return InputReport(
        features=codes.affine.channels,
        code_format=str(codes.code_format),
        smallest_code=codes.first,
        largest_code=codes.first + staircase.top,
        quantiser=None if given else staircase.where,
        gain=rational_texts(codes.affine.gain),
        shift=rational_texts(codes.affine.shift),
        step=rational_text(staircase.gain),
        value_of_smallest_code=rational_text(staircase.shift),
    )


def rational_text(value: Fraction) -> str:
    """p/q, as the model's file has it."""
    return f"{value.numerator}/{value.denominator}"


def rational_texts(values: Sequence[Surd]) -> tuple[str, ...]:
    """One text if all values are equal, else one each; of the irrational the nearest rationals."""
    texts = tuple(rational_text(value.nearest(SCALE_BITS)) for value in values)
    return texts[:1] if len(set(texts)) == 1 else texts
