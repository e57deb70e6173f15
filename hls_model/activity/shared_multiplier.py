# SPDX-License-Identifier: Apache-2.0
"""What the engine with one multiplier executes: one product and one sum a step, a code a pass."""

from collections import Counter

from pulsewright.hls_model.activity.operations import Operation, OperationKind, rounds
from pulsewright.hls_model.activity.register_writes import RegisterKind, RegisterWrite
from pulsewright.hls_model.activity.weight_reads import ReadKind, WeightRead
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.shared_multiplier_table import operand_format, step_table
from pulsewright.hls_model.schedule.shared_multiplier_timing import SharedMultiplierTiming


def shared_multiplier_operations(
    model: IntegerMlp, timing: SharedMultiplierTiming, vectors: int
) -> tuple[Counter[Operation], Counter[Operation]]:
    """Operations of the steps that multiply inputs, and of those that multiply hidden codes.

    Every step multiplies and adds once, those of the first pass and of the last one among them;
    the adder has the width of the wider accumulator. Every pass rounds once for a code.
    """
    table = step_table(model, timing)
    widths = table.weight_width, operand_format(model).width
    total = max(layer.accumulator_format.width for layer in model.layers)
    found = []
    for steps in timing.layer_steps:
        counts: Counter[Operation] = Counter()
        counts[Operation(OperationKind.MULTIPLY, *widths)] = vectors * steps
        counts[Operation(OperationKind.ADD, total, 0)] = vectors * steps
        found.append(counts)
    hidden, output = found
    if rounds(model.layers[0]):
        aligned = model.layers[0].aligned_format.width
        hidden[Operation(OperationKind.ADD, aligned, 0)] += vectors * (timing.neurons + 1)
    return hidden, output


def shared_multiplier_reads(
    model: IntegerMlp, timing: SharedMultiplierTiming, vectors: int
) -> tuple[Counter[WeightRead], Counter[WeightRead]]:
    """A word of weight and start a step, wherever the table is."""
    word = WeightRead(ReadKind.WEIGHTS, step_table(model, timing).width)
    hidden, output = (Counter({word: vectors * steps}) for steps in timing.layer_steps)
    return hidden, output


def shared_multiplier_writes(
    model: IntegerMlp, timing: SharedMultiplierTiming, vectors: int
) -> tuple[Counter[RegisterWrite], Counter[RegisterWrite]]:
    """Loads of data registers by the steps of both kinds.

    A step loads the word of the table, then weight and start beside the operand, then the product.
    One of inputs loads the hidden accumulator, which is cleared for each vector and pass; one of an
    output passes all outputs on by one place, which are cleared for each vector.
    """
    table, passes = step_table(model, timing), timing.neurons + 1
    operand = operand_format(model).width
    found = []
    for steps in timing.layer_steps:
        counts: Counter[RegisterWrite] = Counter()
        counts[RegisterWrite(RegisterKind.WEIGHT, table.width)] += 2 * vectors * steps
        counts[RegisterWrite(RegisterKind.OPERAND, operand)] += vectors * steps
        counts[RegisterWrite(RegisterKind.PRODUCT, table.weight_width + operand)] += vectors * steps
        found.append(counts)
    hidden, output = found
    hidden_steps, output_steps = timing.layer_steps
    accumulator, result = (
        RegisterWrite(RegisterKind.ACCUMULATOR, layer.accumulator_format.width)
        for layer in model.layers
    )
    code = RegisterWrite(RegisterKind.ACTIVATION, model.layers[0].result_format.width)
    hidden[accumulator] += vectors * (hidden_steps + passes + 1)
    hidden[code] += vectors * passes
    output[result] += vectors * (output_steps + 1) * timing.outputs
    return hidden, output
