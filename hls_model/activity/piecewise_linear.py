# SPDX-License-Identifier: Apache-2.0
"""What the engine for piecewise-linear curves executes: its neurons, its switches, its pulses.

Comparisons and the memories of corrections count nothing, as control does.
"""

from collections import Counter

from pulsewright.hls_model.activity.operations import Operation, OperationKind
from pulsewright.hls_model.activity.register_writes import RegisterKind, RegisterWrite
from pulsewright.hls_model.piecewise_linear.widths import BLOCK_PULSES, piecewise_linear_widths
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_layer import ADDER_LEVELS_PER_STAGE
from pulsewright.hls_model.schedule.workload import Workload


def piecewise_linear_operations(
    model: IntegerMlp, workload: Workload
) -> tuple[Counter[Operation], Counter[Operation]]:
    """Operations of the hidden layer with its divider, and of the output line.

    A neuron multiplies K codes, adds as many products and biases in a tree, multiplies its
    activation, adds that to the output in two additions, and its slope to that of the output. A
    switch takes a subtraction for each bit of its quotient, one for its distance, a product, and
    two additions to the sums of its pulse. A further pulse takes a product and three additions.
    """
    widths, inputs = piecewise_linear_widths(model), model.sizes[0]
    neurons = workload.vectors * model.sizes[1]
    hidden: Counter[Operation] = Counter()
    codes = _multiply(widths.weight, model.input_format.width)
    hidden[codes] += neurons * inputs
    for stage in _sum_stages(model):
        for width in stage.adders:
            hidden[_add(width)] += neurons
    hidden[_add(widths.magnitude + 2)] += workload.switches * widths.quotient
    hidden[_add(widths.magnitude + 1)] += workload.switches
    output: Counter[Operation] = Counter()
    output[_multiply(widths.output_weight, widths.accumulator)] += neurons
    output[_multiply(widths.output_weight, widths.magnitude)] += workload.switches
    output[_multiply(BLOCK_PULSES.bit_length(), widths.slope)] += workload.further_pulses
    output[_add(widths.output)] += 2 * (neurons + workload.further_pulses)
    output[_add(widths.slope)] += neurons + workload.further_pulses + 2 * workload.switches
    return +hidden, +output


def piecewise_linear_writes(
    model: IntegerMlp, workload: Workload
) -> tuple[Counter[RegisterWrite], Counter[RegisterWrite]]:
    """Loads of data registers, of the hidden layer and of the output line.

    Registers of the divider and of the walk from stop to stop count nothing, as control does.
    """
    widths, inputs = piecewise_linear_widths(model), model.sizes[0]
    neurons = workload.vectors * model.sizes[1]
    hidden: Counter[RegisterWrite] = Counter()
    word = inputs * widths.weight + widths.accumulator
    constants = widths.output_weight + widths.magnitude + 1 + widths.slope
    hidden[RegisterWrite(RegisterKind.WEIGHT, word)] += neurons
    product = RegisterWrite(RegisterKind.PRODUCT, widths.weight + model.input_format.width)
    hidden[product] += neurons * inputs
    hidden[RegisterWrite(RegisterKind.PRODUCT, widths.accumulator)] += neurons
    for stage in _sum_stages(model):
        for width in stage.registers:
            hidden[RegisterWrite(RegisterKind.SUM, width)] += neurons
    output: Counter[RegisterWrite] = Counter()
    moves = neurons + workload.further_pulses
    factor = max(widths.output_weight, BLOCK_PULSES.bit_length() + 1)
    operand = max(widths.accumulator, widths.slope)
    output[RegisterWrite(RegisterKind.WEIGHT, constants)] += neurons
    output[RegisterWrite(RegisterKind.PRODUCT, factor + operand)] += moves
    output[RegisterWrite(RegisterKind.ACCUMULATOR, widths.output)] += moves
    # The slope, with what a neuron adds to it or with the slope before and the step of the value.
    output[RegisterWrite(RegisterKind.ACCUMULATOR, widths.slope)] += (
        2 * neurons + 3 * workload.further_pulses
    )
    return hidden, +output


class _Stage:
    """Widths of the sums of a stage of the adder tree, and of those that it registers."""

    def __init__(self, terms: list[int]) -> None:
        self.adders: list[int] = []
        for _ in range(ADDER_LEVELS_PER_STAGE):
            pairs = [terms[i : i + 2] for i in range(0, len(terms), 2)]
            terms = [max(pair) + len(pair) - 1 for pair in pairs]
            self.adders += [t for t, pair in zip(terms, pairs, strict=True) if len(pair) == 2]
        self.registers = terms


def _sum_stages(model: IntegerMlp) -> list[_Stage]:
    """The sum of the products and the bias, level by level."""
    widths = piecewise_linear_widths(model)
    terms = [widths.weight + model.input_format.width] * model.sizes[0] + [widths.accumulator]
    stages = []
    while len(terms) > 1:
        stages.append(_Stage(terms))
        terms = stages[-1].registers
    return stages


def _multiply(width_a: int, width_b: int) -> Operation:
    return Operation(OperationKind.MULTIPLY, width_a, width_b)


def _add(width: int) -> Operation:
    return Operation(OperationKind.ADD, width, 0)
