# SPDX-License-Identifier: Apache-2.0
import numpy as np

from pulsewright.sim.instructions.program import ANSWERS, DATA, ILLEGAL, InstructionProgram
from tests.hls_model.exact_reference import model_output
from tests.pulse_models import pulse_model


def test_data_and_answers_of_two_rows() -> None:
    model = pulse_model((6, 2, 1), lane=1)
    codes = np.array([[1, -1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]])
    program = InstructionProgram(model, codes)
    assert program.data() == [0x0302_FF01, 0x0504, 7, 0x0908_0706, 0x0B0A, 0xFFFF_FFFF]
    stepped = np.array([[1, 7, 2, 3, 4, 5], [6, -1, 8, 9, 10, 11]])
    first, second = model_output(model, codes), model_output(model, stepped)
    inferred = [first[0], second[0], first[1], second[1]]
    assert program.answers() == [
        *(outputs[0] & 0xFFFF_FFFF for outputs in inferred),
        *(0x5055_4C53, 1, 0, 1, 1),
    ]
    memory = program.memory()
    assert memory[DATA + 8] == 7
    words = program.program()
    assert [memory[4 * i] for i in range(len(words))] == words
    assert words[-2] == ILLEGAL == 0x0000_700B
    assert 4 * len(words) < 0x7F0, "room for a trap handler before the data"
    assert DATA + 4 * len(program.data()) < ANSWERS
