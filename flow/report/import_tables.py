# SPDX-License-Identifier: Apache-2.0
"""What an import found, and what the network costs, as tables."""

from collections.abc import Sequence
from itertools import pairwise

from pulsewright.flow.report.result_table import Column, ResultTable, words
from pulsewright.hls_model.exact.report import ImportReport, LayerReport
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers


def layer_table(report: ImportReport) -> ResultTable:
    """One row a layer."""
    return ResultTable(
        "layers",
        "Layers as integers",
        (
            words("layer", "layer"),
            Column("inputs", "inputs"),
            Column("neurons", "neurons"),
            Column("weight_bits", "weight bits"),
            Column("weight_scales", "scales"),
            Column("accumulator_bits", "accumulator bits"),
            Column("codes", "codes"),
            Column("multiplier_bits", "M bits"),
            Column("thresholds", "thresholds"),
            Column("thresholds_outside", "not reached or always"),
            Column("constant_neurons", "constant"),
        ),
        [_layer_row(layer) for layer in report.layers],
        "M multiplies accumulators before they are shifted to codes; all thresholds are checked.",
    )


def _layer_row(layer: LayerReport) -> list[str | int | None]:
    row: list[str | int | None] = [
        layer.layer,
        layer.inputs,
        layer.neurons,
        layer.weight_bits,
        layer.weight_scales,
        layer.accumulator_bits,
    ]
    found = layer.requantiser
    if found is None:
        return [*row, None, None, None, None, None]
    return [
        *row,
        found.codes,
        found.multiplier_bits,
        found.thresholds,
        found.thresholds_outside,
        found.constant_neurons,
    ]


def decimals_of(rationals: Sequence[str]) -> str:
    """The first of some rationals, one or one an output, in decimals; and how many more."""
    numerator, _, denominator = rationals[0].partition("/")
    more = f" and {len(rationals) - 1} more" if len(rationals) > 1 else ""
    return f"{int(numerator) / int(denominator or 1):.9g}{more}"


def cost_table(model: IntegerMlp, intervals: Sequence[int]) -> ResultTable:
    """Cheapest foldings. intervals: the cycles that a vector may take."""
    return ResultTable(
        "foldings",
        "What it costs",
        (
            Column("initiation_interval", "cycles a vector"),
            Column("multipliers", "multipliers of weights"),
            Column("requantiser_multipliers", "of requantisers"),
            Column("latency", "latency"),
        ),
        [_cost_row(model, interval) for interval in intervals],
        "The fewest multipliers for at most so many cycles: [engine] initiation_interval.",
    )


def _cost_row(model: IntegerMlp, interval: int) -> list[int]:
    folded = with_requantisers(cheapest_folding(model.sizes, interval), model)
    return [
        folded.initiation_interval,
        folded.multipliers,
        folded.requantiser_multipliers,
        folded.latency,
    ]


def intervals_to_show(sizes: Sequence[int]) -> list[int]:
    """Powers of four, to one multiplier a layer."""
    most = max(inputs * neurons for inputs, neurons in pairwise(sizes))
    intervals = [1]
    while intervals[-1] < most:
        intervals.append(min(4 * intervals[-1], most))
    return intervals
