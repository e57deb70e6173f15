# SPDX-License-Identifier: Apache-2.0
"""A program for a RISC-V core that uses every custom instruction, and what it must store."""

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.buses.instruction_words import Operation, encode
from pulsewright.sim.buses.coprocessor_driver import pack_inputs
from pulsewright.sim.instructions.reference import InstructionReference
from pulsewright.sim.instructions.riscv_words import addi, bne, load_immediate, lw, sw
from pulsewright.sim.instructions.rows import InstructionRows

WORD = 0xFFFF_FFFF
# Byte addresses of the rows' input words and pulse numbers, and of what the program stores.
DATA, ANSWERS = 0x1000, 0x8000
IN, OUT, END, A, B, C = 5, 6, 7, 10, 11, 12
ILLEGAL = encode(Operation.STATUS) | 7 << 12


class InstructionProgram:
    """codes: (rows, inputs) of a model with a pulse number."""

    def __init__(self, model: IntegerMlp, codes: IntegerArray) -> None:
        self.model = model
        self.codes = codes
        self.instructions = InstructionRows(model, codes).instructions
        self.registers = InstructionReference(model).registers

    def memory(self) -> dict[int, int]:
        """Program from address 0 and data, by byte address."""
        words = {4 * i: word for i, word in enumerate(self.program())}
        return words | {DATA + 4 * i: word for i, word in enumerate(self.data())}

    def program(self) -> list[int]:
        """Infer and step along the rows, then each other instruction, then an illegal one."""
        words = self.instructions.input_words
        loop = [
            *(lw((A, B)[i], 4 * i, IN) for i in range(words)),
            encode(Operation.INFER, C, A, B),
            sw(C, 0, OUT),
            lw(A, 4 * words, IN),
            encode(Operation.STEP, C, A),
            sw(C, 4, OUT),
            addi(IN, IN, 4 * words + 4),
            addi(OUT, OUT, 8),
        ]
        return [
            *load_immediate(IN, DATA),
            *load_immediate(OUT, ANSWERS),
            *load_immediate(END, DATA + 4 * len(self.data())),
            *loop,
            bne(IN, END, -4 * len(loop)),
            *load_immediate(A, self.registers["IDENTITY"].address),
            encode(Operation.LOAD, C, A),
            sw(C, 0, OUT),
            *load_immediate(B, 1),
            encode(Operation.STORE, C, A, B),
            sw(C, 4, OUT),
            *load_immediate(A, self.registers["EVENT_ENABLE"].address),
            encode(Operation.STORE, C, A, B),
            sw(C, 8, OUT),
            encode(Operation.LOAD, C, A),
            sw(C, 12, OUT),
            encode(Operation.STATUS, C),
            sw(C, 16, OUT),
            ILLEGAL,
            # Not reached.
            sw(A, 20, OUT),
        ]

    def data(self) -> list[int]:
        """Input words of each row, and the pulse number of the row as far from the end."""
        return [
            word
            for words, pulse in zip(
                pack_inputs(self.codes, self.instructions.lane_bits), self._pulses(), strict=True
            )
            for word in (*words, pulse & WORD)
        ]

    def answers(self) -> list[int]:
        """The words from ANSWERS on: two inferences a row, then those of the other instructions."""
        stepped = self.codes.copy()
        stepped[:, self.instructions.pulse_lane] = self._pulses()
        pairs = zip(
            self.model.infer(self.codes)[:, 0].tolist(),
            self.model.infer(stepped)[:, 0].tolist(),
            strict=True,
        )
        inferred = [result & WORD for pair in pairs for result in pair]
        # IDENTITY; a store to it is refused; one to EVENT_ENABLE is not, and reads back; the count.
        return [*inferred, 0x5055_4C53, 1, 0, 1, 1]

    def _pulses(self) -> list[int]:
        lane = self.instructions.pulse_lane
        assert lane is not None, "the program steps along the pulse number"
        pulses: list[int] = self.codes[::-1, lane].tolist()
        return pulses
