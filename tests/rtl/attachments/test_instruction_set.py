# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from amaranth import Module, Signal

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.attachments.instruction_set import InstructionSet
from pulsewright.rtl.buses.instruction_words import Operation, encode
from tests.models import random_model
from tests.pulse_models import pulse_model
from tests.rtl.simulation import run

INFER, STEP, LOAD, STORE, STATUS = range(5)


@pytest.mark.parametrize(
    ("operation", "registers", "word"),
    [
        # By hand: funct7 0, rs2, rs1, funct3, rd, 0001011.
        (Operation.INFER, (10, 11, 12), 0b0000000_01100_01011_000_01010_0001011),
        (Operation.STEP, (1, 31, 0), 0b0000000_00000_11111_001_00001_0001011),
        (Operation.LOAD, (31, 1, 0), 0b0000000_00000_00001_010_11111_0001011),
        (Operation.STORE, (0, 2, 3), 0b0000000_00011_00010_011_00000_0001011),
        (Operation.STATUS, (5, 0, 0), 0b0000000_00000_00000_100_00101_0001011),
    ],
)
def test_the_encoding(operation: Operation, registers: tuple[int, int, int], word: int) -> None:
    assert encode(operation, *registers) == word


@pytest.mark.parametrize(
    ("model", "instructions"),
    [
        (pulse_model((6, 2, 1)), InstructionSet(2, 8, 0)),
        (pulse_model((8, 2, 1), lane=7), InstructionSet(2, 8, 7)),
        (pulse_model((4, 2, 1), lane=3), InstructionSet(1, 8, 3)),
        (pulse_model((4, 2, 1), lane=2, input_width=12), InstructionSet(2, 16, 2)),
        (random_model((2, 2, 1), input_width=9), InstructionSet(1, 16, None)),
    ],
)
def test_words_lanes_and_the_pulse_number(model: IntegerMlp, instructions: InstructionSet) -> None:
    assert InstructionSet.of(model) == instructions


@pytest.mark.parametrize(
    ("inputs", "width", "sentence"),
    [
        (9, 8, "9 inputs of 8 bits need 3 input words, an instruction has 2.*at most 8 inputs"),
        (5, 9, "5 inputs of 16 bits need 3 input words, an instruction has 2.*at most 4 inputs"),
    ],
)
def test_codes_that_do_not_fit_the_operands_are_refused(
    inputs: int, width: int, sentence: str
) -> None:
    with pytest.raises(PulsewrightError, match=sentence):
        InstructionSet.of(random_model((inputs, 2, 1), input_width=width))


@pytest.mark.parametrize("words", [1, 2])
@pytest.mark.parametrize("pulse_lane", [None, 0])
def test_only_words_of_the_set_are_accepted(words: int, pulse_lane: int | None) -> None:
    """Every funct3, every wrong bit of funct7 and opcode, any registers; operands by name."""
    instructions = InstructionSet(words, 8, pulse_lane)
    word, accepted, operands = Signal(32), Signal(), Signal(2)
    m = Module()
    m.d.comb += [accepted.eq(instructions.accepts(word)), operands.eq(instructions.operands(word))]
    needed = {INFER: 1 if words == 1 else 3, STEP: 1, LOAD: 1, STORE: 3, STATUS: 0}

    async def testbench(ctx: Any) -> None:
        for registers in (0, 0x01FF8F80):
            for funct3 in range(8):
                right = 0x0B | funct3 << 12 | registers
                ctx.set(word, right)
                known = funct3 <= STATUS and not (funct3 == STEP and pulse_lane is None)
                assert ctx.get(accepted) == known
                if known:
                    assert ctx.get(operands) == needed[funct3]
                for bit in (*range(7), *range(25, 32)):
                    ctx.set(word, right ^ 1 << bit)
                    assert not ctx.get(accepted)

    run(m, testbench)
