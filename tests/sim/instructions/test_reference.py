# SPDX-License-Identifier: Apache-2.0
import random

import numpy as np
import pytest

from pulsewright.rtl.buses.instruction_words import Operation, encode
from pulsewright.sim.instructions.reference import (
    Instruction,
    InstructionReference,
    foreign_instruction,
    random_instruction,
)
from tests.hls_model.exact_reference import model_output
from tests.models import random_model
from tests.pulse_models import pulse_model

MODEL = pulse_model((6, 4, 2), lane=1)
CODES = [1, -2, 127, -128, 5, -1]
RS1, RS2 = 0x807F_FE01, 0xFFFF_FF05


def word(operation: Operation) -> int:
    return encode(operation, 1, 2, 3)


def outputs(codes: list[int]) -> list[int]:
    return [value & 0xFFFF_FFFF for value in model_output(MODEL, np.array([codes]))[0]]


def test_infer_and_step_give_the_first_output_of_the_codes_in_the_operands() -> None:
    reference = InstructionReference(MODEL)
    infer = Instruction(word(Operation.INFER), RS1, RS2)
    assert reference.execute(infer) == outputs(CODES)[0]
    step = Instruction(word(Operation.STEP), 0xFFFF_FF55, 9)
    stepped = [1, 0x55, *CODES[2:]]
    assert reference.execute(step) == outputs(stepped)[0]
    load = word(Operation.LOAD)
    assert [reference.execute(Instruction(load, a)) for a in (0x100, 0x104)] == outputs(stepped)
    assert reference.execute(Instruction(load, 0x80)) == 0x807F_5501


def test_a_store_of_the_last_input_word_infers() -> None:
    reference = InstructionReference(MODEL)
    store, load = word(Operation.STORE), word(Operation.LOAD)
    assert reference.execute(Instruction(store, 0x80, RS1)) == 0
    assert reference.execute(Instruction(load, 0x100)) == 0
    assert reference.execute(Instruction(store, 0x84, RS2)) == 0
    assert reference.execute(Instruction(load, 0x100)) == outputs(CODES)[0]


def test_refusals_are_counted_and_change_nothing() -> None:
    reference = InstructionReference(MODEL)
    store, load = word(Operation.STORE), word(Operation.LOAD)
    status = Instruction(word(Operation.STATUS))
    assert reference.execute(Instruction(load, 0x20)) == 0x5055_4C53
    for address in (0x82, 0xFFC, 0x8000_0080):
        assert reference.execute(Instruction(store, address, 1)) == 1
        assert reference.execute(Instruction(load, address)) == 0
    assert reference.execute(Instruction(store, 0x20, 1)) == 1
    assert reference.execute(Instruction(load, 0x20)) == 0x5055_4C53
    assert reference.execute(status) == 7
    assert reference.execute(status) == 0
    for _ in range(300):
        reference.execute(Instruction(load, 0xFFC))
    assert reference.execute(status) == 255


def test_a_reset_forgets() -> None:
    reference = InstructionReference(MODEL)
    reference.execute(Instruction(word(Operation.INFER), RS1, RS2))
    reference.execute(Instruction(word(Operation.LOAD), 0xFFC))
    reference.reset()
    assert reference.execute(Instruction(word(Operation.LOAD), 0x80)) == 0
    assert reference.execute(Instruction(word(Operation.LOAD), 0x08)) == 1, "AUTOTRIGGER"
    assert reference.execute(Instruction(word(Operation.STATUS))) == 0


@pytest.mark.parametrize(
    ("instruction_word", "operation"),
    [
        (0x0000_000B, Operation.INFER),
        (0x01FF_8F8B, Operation.INFER),
        (0x0000_100B, Operation.STEP),
        (0x0000_400B, Operation.STATUS),
        (0x0000_500B, None),
        (0x0000_700B, None),
        (0x0200_000B, None),
        (0x8000_000B, None),
        (0x0000_002B, None),
        (0x0000_0033, None),
    ],
)
def test_which_words_are_the_coprocessors(
    instruction_word: int, operation: Operation | None
) -> None:
    assert InstructionReference(MODEL).operation(instruction_word) is operation
    without = InstructionReference(random_model((6, 4, 2)))
    expected = None if operation is Operation.STEP else operation
    assert without.operation(instruction_word) is expected


def test_random_instructions_are_of_all_kinds_and_foreign_ones_of_none() -> None:
    reference = InstructionReference(MODEL)
    draw = random.Random(0)
    drawn = {reference.operation(random_instruction(reference, draw).word) for _ in range(200)}
    assert drawn == set(Operation)
    foreign = [foreign_instruction(reference, draw).word for _ in range(200)]
    assert {reference.operation(w) for w in foreign} == {None}
    assert sum(w & 0x7F == 0x0B for w in foreign) > 50, "most look like one of ours"
