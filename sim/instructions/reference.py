# SPDX-License-Identifier: Apache-2.0
"""What the custom instructions must give: a model of the registers that they reach."""

import random
from dataclasses import dataclass

import numpy as np

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.attachments.instruction_set import InstructionSet
from pulsewright.rtl.buses.instruction_words import CUSTOM_0, Operation, encode
from pulsewright.rtl.registers.register_map import compile_register_map

WORD = (1 << WORD_BITS) - 1
REFUSALS_SHOWN = 255


@dataclass(frozen=True)
class Instruction:
    """An instruction word and the values of its operands."""

    word: int
    rs1: int = 0
    rs2: int = 0

    @property
    def rd(self) -> int:
        """Number of the destination register."""
        return self.word >> 7 & 31


class InstructionReference:
    """Executes instructions on a model of the coprocessor's registers, as after a reset.

    Modelled are AUTOTRIGGER left at 1, EVENT_ENABLE, INPUT, RESULT and what is constant; programs
    keep to these and to addresses that are refused.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine | None = None) -> None:
        self.model = model
        self.instructions = InstructionSet.of(model)
        self.registers = compile_register_map(model, folded, autotrigger_reset=True)
        self.addresses = {register.address: register for register in self.registers.registers}
        self.inputs = [register.address for register in self.registers.array("INPUT")]
        self.results = [register.address for register in self.registers.array("RESULT")]
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.memory = {register.address: register.reset for register in self.addresses.values()}
        self.refusals = 0

    def operation(self, word: int) -> Operation | None:
        """The operation of an instruction word, None if it is not one of the coprocessor's."""
        funct3 = word >> 12 & 7
        if word & 0x7F != CUSTOM_0 or word >> 25 or funct3 > max(Operation):
            return None
        operation = Operation(funct3)
        if operation is Operation.STEP and self.instructions.pulse_lane is None:
            return None
        return operation

    def needed_operands(self, operation: Operation) -> int:
        """Bit 0: the value of rs1 is needed; bit 1: that of rs2."""
        if operation is Operation.STATUS:
            return 0b00
        if operation is Operation.STORE or (operation is Operation.INFER and len(self.inputs) > 1):
            return 0b11
        return 0b01

    def execute(self, instruction: Instruction) -> int:
        """Carry out an instruction of the coprocessor's; the value of rd."""
        operation = self.operation(instruction.word)
        if operation is Operation.INFER:
            operands = (instruction.rs1, instruction.rs2)
            return self._infer(list(operands[: len(self.inputs)]))
        if operation is Operation.STEP:
            lane = self.instructions.pulse_lane
            assert lane is not None
            bits = self.instructions.lane_bits
            packed = self._packed()
            mask = ((1 << bits) - 1) << (lane * bits)
            packed = packed & ~mask | (instruction.rs1 << (lane * bits)) & mask
            return self._infer([packed >> (WORD_BITS * i) & WORD for i in range(len(self.inputs))])
        if operation is Operation.STATUS:
            count, self.refusals = self.refusals, 0
            return count
        register = self.addresses.get(instruction.rs1)
        if operation is Operation.LOAD:
            if register is None:
                return self._refuse(0)
            return self.memory[register.address] & register.readable
        assert operation is Operation.STORE
        if register is None or not register.writable:
            return self._refuse(1)
        self.memory[register.address] = instruction.rs2 & register.storage
        if register.address == self.inputs[-1]:
            self._run()
        return 0

    def _refuse(self, answer: int) -> int:
        self.refusals = min(self.refusals + 1, REFUSALS_SHOWN)
        return answer

    def _packed(self) -> int:
        return sum(self.memory[a] << (WORD_BITS * i) for i, a in enumerate(self.inputs))

    def _infer(self, words: list[int]) -> int:
        self.memory.update(zip(self.inputs, words, strict=True))
        self._run()
        return self.memory[self.results[0]]

    def _run(self) -> None:
        packed, bits = self._packed(), self.instructions.lane_bits
        width, signed = self.model.input_format.width, self.model.input_format.signed
        codes = []
        for i in range(self.model.sizes[0]):
            code = packed >> (i * bits) & ((1 << width) - 1)
            codes.append(code - (1 << width) if signed and code >> (width - 1) else code)
        outputs = self.model.infer(np.array([codes]))[0].tolist()
        self.memory.update((a, o & WORD) for a, o in zip(self.results, outputs, strict=True))


def random_instruction(reference: InstructionReference, draw: random.Random) -> Instruction:
    """One of the coprocessor's instructions, with any operands and registers."""
    operation = draw.choice(reference.instructions.operations)
    rs1, rs2 = draw.getrandbits(WORD_BITS), draw.getrandbits(WORD_BITS)
    if operation in (Operation.LOAD, Operation.STORE):
        refused = [0xFFC, 0x1FFC, reference.inputs[0] + 2, 1 << 31 | reference.inputs[0]]
        stores = [*reference.inputs, reference.registers["EVENT_ENABLE"].address]
        loads = [*stores, *reference.results, reference.registers["IDENTITY"].address]
        rs1 = draw.choice([*refused, *(loads if operation is Operation.LOAD else stores)])
    registers = [draw.randrange(32) for _ in range(3)]
    return Instruction(encode(operation, *registers), rs1, rs2)


def foreign_instruction(reference: InstructionReference, draw: random.Random) -> Instruction:
    """An instruction that is not the coprocessor's, though most look like one."""
    while True:
        word = draw.choice(
            [
                encode(Operation.INFER) | draw.getrandbits(3) << 12,
                encode(Operation.INFER) | 1 << draw.randrange(25, 32),
                encode(Operation.LOAD) ^ 1 << draw.randrange(7),
                draw.getrandbits(WORD_BITS),
            ]
        )
        if reference.operation(word) is None:
            return Instruction(word, draw.getrandbits(WORD_BITS), draw.getrandbits(WORD_BITS))
