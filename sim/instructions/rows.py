# SPDX-License-Identifier: Apache-2.0
"""Rows of input codes as custom instructions, with what they must give and how long they take."""

from collections.abc import Iterator

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.weight_window import weight_window
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.attachments.instruction_set import InstructionSet
from pulsewright.rtl.buses.instruction_words import Operation, encode
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.sim.buses.coprocessor_driver import pack_inputs, to_signed
from pulsewright.sim.instructions.reference import Instruction
from pulsewright.sim.scoreboard import Scoreboard

RD, RS1, RS2 = 10, 11, 12
CURVES = 4
CURVE_STEPS = 8


class InstructionRows:
    """codes: (rows, inputs). An instruction gives the first output alone."""

    def __init__(self, model: IntegerMlp, codes: IntegerArray) -> None:
        self.model = model
        self.codes = codes
        self.instructions = InstructionSet.of(model)

    def scoreboard(self) -> Scoreboard:
        """Expects the first output of every row."""
        scoreboard = Scoreboard(self.model, self.codes)
        scoreboard.expected = scoreboard.expected[:, :1]
        return scoreboard

    @staticmethod
    def result(value: int | None) -> int:
        """The value of rd as an output accumulator."""
        assert value is not None, "rejected"
        return to_signed(value)

    def infers(self) -> list[Instruction]:
        """`pw.infer` of every row."""
        word = encode(Operation.INFER, RD, RS1, RS2)
        return [
            Instruction(word, *words)
            for words in pack_inputs(self.codes, self.instructions.lane_bits)
        ]

    def curves(self) -> Iterator[tuple[Instruction, list[Instruction], list[list[int]]]]:
        """Of some rows: `pw.infer`, `pw.step` with other pulse numbers, and their outputs."""
        lane = self.instructions.pulse_lane
        if lane is None:
            return
        word = encode(Operation.STEP, RD, RS1, 0)
        for row, infer in zip(self.codes[:CURVES], self.infers(), strict=False):
            pulses = self.codes[:CURVE_STEPS, lane]
            along = np.repeat(row[None], len(pulses), axis=0)
            along[:, lane] = pulses
            steps = [Instruction(word, code % (1 << WORD_BITS)) for code in pulses.tolist()]
            yield infer, steps, self.model.infer(along).tolist()

    def unattended_job(self) -> tuple[Instruction, Instruction]:
        """A store that starts a job which nobody waits for, and a load of its result."""
        registers = compile_register_map(self.model)
        last, result = registers.array("INPUT")[-1].address, registers["RESULT[0]"].address
        store = Instruction(encode(Operation.STORE, RD, RS1, RS2), last, 0)
        return store, Instruction(encode(Operation.LOAD, RD, RS1), result)

    def weight_stores(self, folded: FoldedEngine) -> list[Instruction]:
        """`pw.store` of every word of reloadable weights; none if they are constants."""
        if not folded.reloadable:
            return []
        word = encode(Operation.STORE, 0, RS1, RS2)
        image = weight_window(folded).image(self.model)
        return [Instruction(word, address, data) for address, data in image]

    def infer_cycles(self, latency: int) -> int:
        """Cycles of the sequencer for `pw.infer`: the writes, the engine, three registers."""
        return self.instructions.input_words + latency + 2

    def step_cycles(self, latency: int) -> int:
        """Cycles of the sequencer for `pw.step`: only the words from the pulse number's on."""
        lane = self.instructions.pulse_lane
        assert lane is not None
        in_last = lane * self.instructions.lane_bits // WORD_BITS == (
            self.instructions.input_words - 1
        )
        return (1 if in_last else 2) + latency + 2
