# SPDX-License-Identifier: Apache-2.0
"""One inference on the bus of the coprocessor, simulated with Amaranth and recorded cycle by cycle.

What is simulated is the design that the Verilog is made from, and the results are compared with
the integer model.
"""

from dataclasses import dataclass, field
from typing import Any

from amaranth.sim import Simulator

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.rtl.buses.bus import Access, Bus, Phase, Source
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.packing import pack_codes, to_signed
from pulsewright.rtl.top import Top

HALF_PERIOD = 5e-9
RESET_CYCLES = 2
IDLE_CYCLES = 2


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
    """Store the input words of `codes` (inputs,) with AUTOTRIGGER set, and load the results.

    Raises:
        RuntimeError: the results are not those of the model.
    """
    manager = _Manager(top, design)
    recording = manager.recording

    async def testbench(ctx: Any) -> None:
        manager.ctx = ctx
        await manager.reset()
        for offset, word in design.weight_image:
            await manager.access(design.protocol.write, offset, word)
        address = design.register_map["AUTOTRIGGER"].address
        await manager.access(design.protocol.write, address, 1)
        manager.records = True
        inputs = design.register_map.array("INPUT")
        for register, word in zip(inputs, pack_codes(design, codes), strict=True):
            await manager.access(design.protocol.write, register.address, word)
        for register in design.register_map.array("RESULT"):
            word = await manager.access(design.protocol.read, register.address)
            recording.results.append(to_signed(word))
        for _ in range(IDLE_CYCLES):
            await manager.cycle()

    simulator = Simulator(top)
    simulator.add_testbench(testbench)
    simulator.run()
    expected = design.model.infer(codes.reshape(1, -1))[0].tolist()
    if recording.results != expected:
        raise RuntimeError(
            f"{design.coprocessor} answered {recording.results} for the codes {codes.tolist()}, "
            f"the model says {expected}"
        )
    return recording


class _Manager:
    """Drives the bus of a simulated top level by the table of its protocol."""

    ctx: Any

    def __init__(self, top: Top, design: PackagedDesign) -> None:
        self.top = top
        self.protocol: Bus = design.protocol
        self.recording = BusRecording({port.name: [] for port in design.ports})
        self.records = False

    def drive(self, port: str, level: int) -> None:
        self.ctx.set(getattr(self.top, port), level)

    def level(self, port: str) -> int:
        level: int = self.ctx.get(getattr(self.top, port))
        return level

    async def reset(self) -> None:
        for port, level in self.protocol.idle.items():
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

    async def access(self, access: Access, address: int, data: int = 0) -> int:
        """One access; the word that was read, or 0."""
        word = 0
        for phase in access.phases:
            word = await self.phase(phase, access, {Source.ADDRESS: address, Source.DATA: data})
        return word

    async def phase(self, phase: Phase, access: Access, values: dict[Source, int]) -> int:
        for port, level in phase.drives.items():
            self.drive(port, values[level] if isinstance(level, Source) else level)
        pending = list(phase.handshakes)
        while True:
            await self.ctx.delay(HALF_PERIOD / 2)
            word = self.level(access.data) if access.data else 0
            done = [h for h in pending if any(self.level(output) for output in h.outputs)]
            await self.cycle()
            for handshake in done:
                pending.remove(handshake)
                for port in handshake.lowers:
                    self.drive(port, 0)
            if not pending:
                return word
