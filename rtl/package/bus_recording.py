# SPDX-License-Identifier: Apache-2.0
"""One inference on the bus of the coprocessor, simulated with Amaranth and recorded cycle by cycle.

What is simulated is the design that the Verilog is made from, and the results are compared with
the integer model.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from amaranth.sim import Simulator

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.words import WHOLE_WORD, WORD_BITS
from pulsewright.rtl.attachments.admission import OPERANDS
from pulsewright.rtl.buses.bus import Bus, Phase, Source
from pulsewright.rtl.buses.instruction_words import Operation, encode
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.packing import pack_codes, to_signed
from pulsewright.rtl.top import Top

HALF_PERIOD = 5e-9
RESET_CYCLES = 2
IDLE_CYCLES = 2
# BUSY and QUEUED of STATUS.
JOBS = 0b11


@dataclass
class BusRecording:
    """Levels of the ports at each clock edge, by port, and the results.

    levels: of the inference and of `IDLE_CYCLES` cycles after it.
    """

    levels: dict[str, list[int]]
    results: list[int] = field(default_factory=list)

    @property
    def cycles(self) -> int:
        """Clock cycles from the first request to the last answer."""
        return len(next(iter(self.levels.values()))) - IDLE_CYCLES


def record_inference(top: Top, design: PackagedDesign, codes: IntegerArray) -> BusRecording:
    """Store the input words of `codes` (inputs,), by which a job starts, and load the results.

    Where waits are bounded STATUS is asked before. On an instruction interface one `pw.infer` does
    it, for the first result.

    Raises:
        RuntimeError: the results are not those of the model.
    """
    manager = _Manager(top, design)
    recording = manager.recording

    async def testbench(ctx: Any) -> None:
        manager.ctx = ctx
        await manager.reset()
        for offset, word in design.weight_image:
            await manager.write(offset, word)
        if not design.register_map.infer_only:
            await manager.write(design.register_map["AUTOTRIGGER"].address, 1)
        manager.records = True
        words = pack_codes(design, codes)
        if design.instructions is not None:
            recording.results.append(to_signed(await manager.infer(words)))
        else:
            for address, word in zip(design.register_map.input_addresses, words, strict=True):
                await manager.write(address, word)
            if design.options.max_wait is not None:
                await manager.poll_status(design.register_map["STATUS"].address)
            for address in design.register_map.result_addresses:
                recording.results.append(to_signed(await manager.read(address)))
        for _ in range(IDLE_CYCLES):
            await manager.cycle()

    with _integers_of_any_length():
        simulator = Simulator(top)
        simulator.add_testbench(testbench)
        simulator.run()
    expected = design.model.infer(codes.reshape(1, -1))[0].tolist()[: len(recording.results)]
    if recording.results != expected:
        raise RuntimeError(
            f"{design.coprocessor} answered {recording.results} for the codes {codes.tolist()}, "
            f"the model says {expected}"
        )
    return recording


@contextmanager
def _integers_of_any_length() -> Iterator[None]:
    """Let the simulator write masks of signals of more than 14 000 bits as text.

    Python refuses integers of more than 4300 digits, for the sake of what it reads from others.
    """
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(limit)


class _Manager:
    """Drives the port of a simulated top level by the table of its protocol."""

    ctx: Any

    def __init__(self, top: Top, design: PackagedDesign) -> None:
        self.top = top
        self.description = design.description
        self.recording = BusRecording({port.name: [] for port in design.ports})
        self.records = False

    def drive(self, port: str, level: int) -> None:
        self.ctx.set(getattr(self.top, port), level)

    def level(self, port: str) -> int:
        level: int = self.ctx.get(getattr(self.top, port))
        return level

    async def reset(self) -> None:
        for port, level in self.description.idle.items():
            self.drive(port, level)
        for _ in range(RESET_CYCLES):
            await self.cycle()
        self.drive("rst_ni", 1)
        await self.cycle()

    async def cycle(self) -> None:
        """Let the levels of this cycle settle, keep them, and pass the clock edge."""
        self.drive("clk_i", 0)
        await self.ctx.delay(HALF_PERIOD)
        if self.records:
            for port, levels in self.recording.levels.items():
                levels.append(self.level(port))
        self.drive("clk_i", 1)
        await self.ctx.delay(HALF_PERIOD)

    async def write(self, address: int, data: int) -> None:
        """Write a word."""
        if isinstance(self.description, Bus):
            values = {**_fields(address), Source.DATA: data}
            await self.phases(self.description.write.phases, None, values)
        else:
            await self.execute(encode(Operation.STORE, rd=1, rs1=2, rs2=3), address, data)

    async def read(self, address: int) -> int:
        """Read a word from a bus."""
        assert isinstance(self.description, Bus)
        access = self.description.read
        return await self.phases(access.phases, access.data, _fields(address))

    async def poll_status(self, address: int) -> None:
        """Read STATUS until no job runs or waits, since a load of a result might be refused."""
        while await self.read(address) & JOBS:
            pass

    async def infer(self, words: list[int]) -> int:
        """One instruction, whose operands are the input words; the value of rd."""
        return await self.execute(
            encode(Operation.INFER, rd=1, rs1=2, rs2=3), *words, *[0] * (OPERANDS - len(words))
        )

    async def execute(self, instruction: int, rs1: int, rs2: int) -> int:
        """One instruction; the value of rd."""
        assert not isinstance(self.description, Bus)
        execution = self.description.execution
        values = {
            Source.INSTRUCTION: instruction,
            Source.RS1: rs1,
            Source.RS2: rs2,
            Source.OPERANDS: rs2 << WORD_BITS | rs1,
            Source.IDENTIFIER: 0,
        }
        return await self.phases(execution.phases, execution.data, values)

    async def phases(
        self, phases: tuple[Phase, ...], data: str | None, values: dict[Source, int]
    ) -> int:
        """Phase after phase; the word on `data` at the end of the last, or 0."""
        word = 0
        for phase in phases:
            word = await self.phase(phase, data, values)
        return word

    async def phase(self, phase: Phase, data: str | None, values: dict[Source, int]) -> int:
        """One phase; the word on `data` at its end, or 0."""
        for port, level in phase.drives.items():
            self.drive(port, values[level] if isinstance(level, Source) else level)
        pending = list(phase.handshakes)
        while True:
            await self.ctx.delay(HALF_PERIOD / 2)
            word = self.level(data) if data else 0
            done = [h for h in pending if any(self.level(output) for output in h.outputs)]
            await self.cycle()
            for handshake in done:
                pending.remove(handshake)
                for port in handshake.lowers:
                    self.drive(port, 0)
            if not pending:
                return word


def _fields(address: int) -> dict[Source, int]:
    return {
        Source.ADDRESS: address,
        Source.WORD_ADDRESS: address >> 2,
        Source.BYTE_ENABLE: WHOLE_WORD,
        Source.IDENTIFIER: 0,
    }
