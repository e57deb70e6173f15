# SPDX-License-Identifier: Apache-2.0
"""Models of power-of-two scales, whose integers are in the file, with the same report as others."""

from fractions import Fraction

import numpy as np

from pulsewright.hls_model.exact.affine import Affine
from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.exact.input_codes import InputCodes
from pulsewright.hls_model.exact.report import (
    ImportReport,
    InputReport,
    LayerReport,
    OutputReport,
    RequantiserReport,
    quantiser_remark,
)
from pulsewright.hls_model.exact.report_parts import rational_text
from pulsewright.hls_model.exact.staircase import integer_staircase
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, requantise
from pulsewright.hls_model.reference.input_map import AffineMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp


def plain_import(model: IntegerMlp, source: str, output_quantiser: str | None) -> ImportedModel:
    """A model without multipliers. output_quantiser: the one that was left out."""
    smallest_code = _smallest_code(model)
    codes = _input_codes(model.input_format, model.layers[0].inputs, smallest_code)
    scale = rational_text(_step(model.layers[-1].accumulator_frac))
    report = ImportReport(
        source=source,
        output_quantiser=output_quantiser,
        input=InputReport(
            features=model.layers[0].inputs,
            code_format=str(model.input_format),
            smallest_code=smallest_code,
            largest_code=model.input_format.maximum,
            quantiser=codes.staircase.where,
            gain=("1/1",),
            shift=("0/1",),
            step=rational_text(codes.staircase.gain),
            value_of_smallest_code=rational_text(codes.staircase.shift),
        ),
        layers=tuple(
            _layer_report(layer, number) for number, layer in enumerate(model.layers, start=1)
        ),
        output=OutputReport(
            output=model.output, scale=(scale,), offset=("0/1",), code_offset=None, irrational=False
        ),
        remarks=()
        if output_quantiser is None
        else (quantiser_remark(output_quantiser, model.output),),
    )
    return ImportedModel(model, report, codes)


def _smallest_code(model: IntegerMlp) -> int:
    """That of a map of codes to themselves, which may be a narrow one's; else the format's."""
    features = model.input_map.features
    if all(one.unit == "code" and isinstance(one, AffineMap) for one in features):
        return max(min(one.minimum for one in features), model.input_format.minimum)
    return model.input_format.minimum


def _step(frac: int) -> Fraction:
    return Fraction(2) ** -frac


def _input_codes(code_format: FixedPoint, features: int, smallest_code: int) -> InputCodes:
    staircase = integer_staircase(
        "the input's quantiser",
        _step(code_format.frac),
        Fraction(0),
        (smallest_code, code_format.maximum),
        zero_point_after_rounding=True,
    )
    return InputCodes(Affine.uniform(features, Surd.of(1), Surd.of(0)), staircase)


def _layer_report(layer: DenseLayer, number: int) -> LayerReport:
    shifts = set(layer.channel_shifts or (0,))
    scales = [float(_step(layer.weight_format.frac) * (1 << shift)) for shift in shifts]
    return LayerReport(
        layer=f"layer {number}",
        inputs=layer.inputs,
        neurons=layer.neurons,
        weight_bits=layer.weight_format.width,
        weight_scales=len(shifts),
        smallest_scale=min(scales),
        largest_scale=max(scales),
        accumulator_bits=layer.accumulator_format.width,
        negated_rows=0,
        folded=(),
        requantiser=None if layer.output_format is None else _requantiser(layer, number),
    )


def _requantiser(layer: DenseLayer, number: int) -> RequantiserReport:
    """Codes at both ends of each neuron's accumulator say how many thresholds lie between."""
    target = layer.output_format
    assert target is not None
    weights = layer.aligned_weights
    ends = weights * layer.input_format.minimum, weights * layer.input_format.maximum
    low, high = (
        requantise(
            np.maximum(pick(*ends).sum(axis=1) + layer.aligned_bias, 0),
            layer.shift,
            layer.rounding,
            target,
        )
        for pick in (np.minimum, np.maximum)
    )
    return RequantiserReport(
        quantiser=f"the quantiser after layer {number}",
        codes=target.maximum + 1,
        multiplier_bits=1,
        offset_bits=1,
        shift=max(layer.shift, 0),
        rounding=layer.rounding.value,
        shared=True,
        thresholds=layer.neurons * target.maximum,
        thresholds_outside=int((target.maximum - (high - low)).sum()),
        constant_neurons=int((low == high).sum()),
        dead_neurons=int((high == 0).sum()),
        code_step=rational_text(_step(target.frac)),
        value_of_code_0="0/1",
    )
