# SPDX-License-Identifier: Apache-2.0
"""The serial line of a board as its host sees it: blocking, with time-outs, by cocotbext-uart.

It has what pyserial's port has, so that the very program of the host runs on it, in a thread that
cocotb's `bridge` starts.
"""

import logging
from typing import Any

from cocotb.simtime import get_sim_time
from cocotb.task import resume
from cocotbext.uart import UartSink, UartSource

CLOCK_NS = 10
# A board's bits are longer, which would make the simulation so.
BIT_CYCLES = 4
SILENCE_CYCLES = 40 * BIT_CYCLES
PARAMETERS = {"BIT_CYCLES": BIT_CYCLES, "SILENCE_CYCLES": SILENCE_CYCLES}
BAUD = 1_000_000_000 // (CLOCK_NS * BIT_CYCLES)


class SimulatedLine:
    """A port of `dut`; its `write` and `read` are for a thread of cocotb's `bridge`.

    timeout: seconds of the simulation after which a read ends.
    """

    def __init__(self, dut: Any, timeout: float) -> None:
        self.timeout = timeout
        self.source = UartSource(dut.uart_rx_i, baud=BAUD)
        self.sink = UartSink(dut.uart_tx_o, baud=BAUD)
        for end in (self.source, self.sink):
            # They tell of every byte.
            end.log.setLevel(logging.WARNING)

    def write(self, data: bytes) -> None:
        """Send bytes; returns while they go."""
        self.source.write_nowait(data)

    @resume
    async def read(self, size: int = 1) -> bytes:
        """Up to `size` bytes; fewer if no more came in time."""
        end = get_sim_time("ns") + self.timeout * 1e9
        data = b""
        while len(data) < size:
            left = int(end - get_sim_time("ns"))
            if self.sink.empty() and left > 0:
                await self.sink.wait(timeout=left, timeout_unit="ns")
            if self.sink.empty():
                break
            data += self.sink.read_nowait(1)
        return data
