# SPDX-License-Identifier: Apache-2.0
"""Accesses to the registers of a coprocessor in Amaranth's own simulator."""

from typing import Any

from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.inference_coprocessor import InferenceCoprocessor
from pulsewright.rtl.jobs.job_request import JobKind
from pulsewright.rtl.windowed_coprocessor import WindowedCoprocessor
from tests.models import fold_model, random_model
from tests.rtl.simulation import run, set_members
from tests.rtl.streams import pack

# Small, but with the shape of A1, and with several outputs.
ONE_OUTPUT = (6, 8, 1), [(2, 6), (1, 2)]
THREE_OUTPUTS = (5, 8, 3), [(4, 5), (2, 4)]


Driven = Coprocessor | InferenceCoprocessor | WindowedCoprocessor


def signed(word: int) -> int:
    return word - (1 << 32) if word >> 31 else word


class Bus:
    """Register accesses by name, one after the other; counts the cycles and the events."""

    def __init__(self, ctx: Any, coprocessor: Driven) -> None:
        self.ctx = ctx
        self.coprocessor = coprocessor
        self.cycle = 0
        self.events = 0

    async def tick(self) -> None:
        self.events += self.ctx.get(self.coprocessor.event)
        self.cycle += 1
        await self.ctx.tick()

    async def idle(self, cycles: int) -> None:
        self.ctx.set(self.coprocessor.bus.valid, 0)
        for _ in range(cycles):
            await self.tick()

    async def access_address(
        self, address: int, value: int | None, refused: bool = False, byte_enable: int = 15
    ) -> tuple[int, int]:
        """(data, cycles waited)."""
        ctx, bus = self.ctx, self.coprocessor.bus
        request = {"valid": 1, "address": address, "write": value is not None}
        request |= {"write_data": value or 0, "byte_enable": byte_enable}
        set_members(ctx, bus, request)
        waited = 0
        while not ctx.get(bus.ready):
            await self.tick()
            waited += 1
            assert waited < 5000, f"{address:#x} is never answered"
        data, error = ctx.get(bus.read_data), ctx.get(bus.error)
        assert error == refused, f"{address:#x}"
        await self.tick()
        ctx.set(bus.valid, 0)
        return data, waited

    async def access(self, name: str, value: int | None, refused: bool = False) -> tuple[int, int]:
        """(data, cycles waited)."""
        address = self.coprocessor.register_map[name].address
        return await self.access_address(address, value, refused)

    async def read(self, name: str, refused: bool = False) -> int:
        return (await self.access(name, None, refused))[0]

    async def write(self, name: str, value: int = 0, refused: bool = False) -> int:
        return (await self.access(name, value & 0xFFFF_FFFF, refused))[1]

    async def trigger(self) -> int:
        """Acquire and commit a job; its identifier."""
        job = await self.read("ACQUIRE")
        assert job < 256
        await self.write("COMMIT_TRIGGER")
        return job

    async def sweep(self, kind: JobKind, n0: int, n1: int, target: int = 0, flags: int = 0) -> None:
        """Describe and trigger a curve or reach job."""
        for name, value in (("JOB", kind | flags), ("N0", n0), ("N1", n1), ("TARGET", target)):
            await self.write(name, value)
        await self.trigger()

    async def drain(self, count: int) -> list[int]:
        """Take `count` words out of the result FIFO."""
        return [signed(await self.read("RESULT_FIFO")) for _ in range(count)]

    async def store_inputs(self, codes: list[int]) -> None:
        lane = self.coprocessor.register_map.input_lane_bits
        packed = pack(codes, lane)
        for i, address in enumerate(self.coprocessor.register_map.input_addresses):
            await self.access_address(address, packed >> (32 * i) & 0xFFFF_FFFF)

    async def results(self) -> list[int]:
        addresses = self.coprocessor.register_map.result_addresses
        return [signed((await self.access_address(one, None))[0]) for one in addresses]


def with_coprocessor(
    case: tuple[tuple[int, ...], list[tuple[int, int]]],
    body: Any,
    incremental: bool = False,
    reloadable: bool = False,
    **parts: Any,
) -> None:
    """Run `body` on a coprocessor; one with reloadable weights has none until `body` loads them."""
    sizes, foldings = case
    model = random_model(sizes, **parts)
    coprocessor = Coprocessor(model, fold_model(model, foldings, incremental, reloadable))

    async def testbench(ctx: Any) -> None:
        await body(Bus(ctx, coprocessor), model)

    run(coprocessor, testbench)
