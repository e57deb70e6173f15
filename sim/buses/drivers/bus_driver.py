# SPDX-License-Identifier: Apache-2.0
"""What a test bench asks of a bus, whatever its protocol."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

import cocotb
from cocotb.task import Task
from cocotb.triggers import ClockCycles, with_timeout

from pulsewright.hls_model.words import WHOLE_WORD

CLOCK_PERIOD_NS = 10
STALL_PROBABILITY = 0.25
LONGEST_STALL = 8


class Answer(NamedTuple):
    """Of an access: the word read (0 for writes), and whether it was refused."""

    data: int
    error: bool


class BusDriver(ABC):
    """A manager of one port of the device under test; accesses are done in the order of the calls.

    longest_wait: clock cycles without an answer after which a test fails instead of hanging.
    """

    def __init__(self, dut: Any, longest_wait: int) -> None:
        self.dut = dut
        self.longest_wait = longest_wait

    @abstractmethod
    async def read(self, address: int) -> Answer:
        """Read a word, after every access called for before."""

    @abstractmethod
    async def write(self, address: int, data: int, byte_enable: int = WHOLE_WORD) -> bool:
        """Write a word; True if it was refused."""

    @abstractmethod
    def write_nowait(self, address: int, data: int) -> None:
        """Queue the write of a word, as close behind its forerunner as the bus allows.

        If it is refused the test fails.
        """

    @abstractmethod
    def enable_backpressure(self, seed: int) -> None:
        """Random idle cycles before requests and, where the protocol has it, before responses."""


@dataclass(frozen=True)
class Access:
    """One access as the bus carries it."""

    address: int
    write: bool = False
    data: int = 0
    byte_enable: int = WHOLE_WORD


class SerialBusDriver(BusDriver):
    """A manager with one access in flight; `transfer` is all that depends on the protocol."""

    def __init__(self, dut: Any, longest_wait: int) -> None:
        super().__init__(dut, longest_wait)
        self._latest: Task[Answer] | None = None
        self._draw: Random | None = None

    @abstractmethod
    async def transfer(self, access: Access) -> Answer:
        """Do `access`, and return right after the clock edge that ends it."""

    async def read(self, address: int) -> Answer:
        """Read a word, after every access called for before."""
        return await self._start(Access(address))

    async def write(self, address: int, data: int, byte_enable: int = WHOLE_WORD) -> bool:
        """Write a word; True if it was refused."""
        return (
            await self._start(Access(address, write=True, data=data, byte_enable=byte_enable))
        ).error

    def write_nowait(self, address: int, data: int) -> None:
        """Queue the write of a word."""
        self._start(Access(address, write=True, data=data), refusable=False)

    def enable_backpressure(self, seed: int) -> None:
        """Random idle cycles before requests."""
        self._draw = Random(seed)

    def _start(self, access: Access, refusable: bool = True) -> Task[Answer]:
        self._latest = cocotb.start_soon(self._in_turn(self._latest, access, refusable))
        return self._latest

    async def _in_turn(
        self, earlier: Task[Answer] | None, access: Access, refusable: bool
    ) -> Answer:
        if earlier is not None and not earlier.done():
            await earlier
        if self._draw is not None and self._draw.random() < STALL_PROBABILITY:
            await ClockCycles(self.dut.clk_i, self._draw.randint(1, LONGEST_STALL))
        limit = (self.longest_wait + LONGEST_STALL) * CLOCK_PERIOD_NS
        answer = await with_timeout(self.transfer(access), limit, "ns")
        assert refusable or not answer.error, f"{access} was refused"
        return answer
