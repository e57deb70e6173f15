# SPDX-License-Identifier: Apache-2.0
"""The custom instructions of a coprocessor: which of them a network has."""

from dataclasses import dataclass
from typing import Self

from amaranth import Cat, Const, Value
from amaranth.lib import data

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.attachments.admission import (
    OPERANDS,
    check_instruction_results,
    check_operands,
)
from pulsewright.rtl.buses.instruction_words import CUSTOM_0, FUNCT7, Operation
from pulsewright.rtl.registers.room import input_words, lane_bits

PULSE_UNIT = "pulse"


class InstructionLayout(data.StructLayout):
    """One instruction with the values of its operands."""

    def __init__(self) -> None:
        super().__init__({"operation": 3, "rs1": WORD_BITS, "rs2": WORD_BITS})


@dataclass(frozen=True)
class InstructionSet:
    """The instructions that a network has.

    input_words: words of input codes, 1 or 2: rs1, then rs2. lane_bits: bits of one code's lane.
    pulse_lane: index of the input that is the pulse number; None: there is none, and no `pw.step`.
    """

    input_words: int
    lane_bits: int
    pulse_lane: int | None

    @classmethod
    def of(cls, model: IntegerMlp) -> Self:
        """The instructions of `model`.

        Raises:
            PulsewrightError: the input codes do not fit rs1 and rs2, or the results the registers.
        """
        width = model.input_format.width
        check_operands(model.sizes[0], width)
        check_instruction_results(model.outputs)
        units = [feature.unit for feature in model.input_map.features]
        pulse_lane = units.index(PULSE_UNIT) if PULSE_UNIT in units else None
        return cls(input_words(model.sizes[0], width), lane_bits(width), pulse_lane)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What is accepted."""
        return tuple(
            operation
            for operation in Operation
            if operation is not Operation.STEP or self.pulse_lane is not None
        )

    def accepts(self, instruction: Value) -> Value:
        """True for the instruction words (32 bits) of this set, whatever their registers are."""
        ours = (instruction[:7] == CUSTOM_0) & (instruction[25:] == FUNCT7)
        return ours & _is_one_of(instruction, self.operations)

    def operands(self, instruction: Value) -> Value:
        """Bit 0: the value of rs1 is needed; bit 1: that of rs2."""
        needs_rs1 = (Operation.INFER, Operation.STEP, Operation.LOAD, Operation.STORE)
        needs_rs2: tuple[Operation, ...] = (Operation.STORE,)
        if self.input_words == OPERANDS:
            needs_rs2 = (Operation.INFER, *needs_rs2)
        return Cat(_is_one_of(instruction, needs_rs1), _is_one_of(instruction, needs_rs2))


def operation_of(instruction: Value) -> Value:
    """The funct3 field of an instruction word."""
    return instruction[12:15]


def _is_one_of(instruction: Value, operations: tuple[Operation, ...]) -> Value:
    funct3 = operation_of(instruction)
    return Cat(funct3 == Const(operation, 3) for operation in operations).any()
