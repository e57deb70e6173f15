# SPDX-License-Identifier: Apache-2.0
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from amaranth.sim import Simulator

from pulsewright.rtl.buses.registry import BUSES
from pulsewright.rtl.top import BusTop, StreamTop, Top
from pulsewright.rtl.verilog.writer import to_verilog
from tests.models import fold_model, random_codes, random_model
from tests.rtl.bus_ports import INPUTS_OF_BUSES, OUTPUTS_OF_BUSES
from tests.rtl.streams import pack

A1_FOLDING = (6, 64, 1), [(8, 6), (1, 8)]


def ports(top: Top, name: str) -> dict[str, tuple[str, int]]:
    """Direction and width of each port of the Verilog module."""
    text = to_verilog(top, name)
    body = text[text.index(f"module {name} (") :]
    found = {}
    for line in body[: body.index(");")].splitlines()[1:]:
        port = re.fullmatch(r"  (input|output) (?:wire|reg) (?:\[(\d+):0\] )?(\w+),?  // .+", line)
        assert port is not None, line
        found[port[3]] = (port[1], int(port[2] or 0) + 1)
    return found


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize("bus", BUSES)
def test_the_bus_top_has_the_ports_of_the_standard_and_no_others(bus: str) -> None:
    model = random_model((3, 4, 2))
    top = BusTop(model, fold_model(model, [(2, 3), (1, 2)]), bus)
    inputs = {"clk_i": 1, "rst_ni": 1, **INPUTS_OF_BUSES[bus]}
    outputs = {"irq_o": 1, "event_o": 1, "clock_enable_o": 1, **OUTPUTS_OF_BUSES[bus]}
    assert ports(top, "coprocessor") == {
        **{name: ("input", width) for name, width in inputs.items()},
        **{name: ("output", width) for name, width in outputs.items()},
    }


class GatedApb:
    """Transfers on the APB port of a top whose clock runs only while it is enabled."""

    def __init__(self, ctx: Any, top: BusTop) -> None:
        self.ctx = ctx
        self.top = top
        self.edges = 0
        self.events = 0
        # Of the gate: a latch that is open while the clock is low.
        self.trace: list[int] = []

    async def cycle(self, **signals: int) -> None:
        for name, value in signals.items():
            self.ctx.set(getattr(self.top, f"apb_{name}_i"), value)
        await self.ctx.delay(1e-6)
        self.events += self.ctx.get(self.top.event_o)

    async def clock(self) -> None:
        enabled = self.ctx.get(self.top.clock_enable_o)
        self.trace.append(enabled)
        if enabled:
            self.edges += 1
            self.ctx.set(self.top.clk_i, 1)
            await self.ctx.delay(1e-6)
            self.ctx.set(self.top.clk_i, 0)
            await self.ctx.delay(1e-6)

    async def transfer(self, address: int, data: int | None = None) -> int:
        request = {"psel": 1, "paddr": address, "pwrite": data is not None, "pwdata": data or 0}
        await self.cycle(**request, penable=0, pstrb=0 if data is None else 15)
        await self.clock()
        await self.cycle(penable=1)
        while not self.ctx.get(self.top.apb_pready_o):
            await self.clock()
            await self.cycle()
        assert not self.ctx.get(self.top.apb_pslverr_o)
        read: int = self.ctx.get(self.top.apb_prdata_o)
        await self.clock()
        await self.cycle(psel=0, penable=0)
        return read


def test_the_clock_may_stop_while_it_is_not_enabled() -> None:
    """Jobs give their results and events, and between them no edge is asked for."""
    model = random_model((3, 4, 1))
    folded = fold_model(model, [(2, 3), (1, 2)])
    codes = random_codes(model, 6)
    top = BusTop(model, folded, "apb")
    address = {r.name: r.address for r in top.coprocessor.register_map.registers}
    width = top.coprocessor.register_map.input_lane_bits

    async def testbench(ctx: Any) -> None:
        ctx.set(top.rst_ni, 1)
        bus = GatedApb(ctx, top)
        await bus.transfer(address["AUTOTRIGGER"], 1)
        await bus.transfer(address["EVENT_ENABLE"], 1)
        for row, (inputs, (expected,)) in enumerate(
            zip(codes.tolist(), model.infer(codes).tolist(), strict=True)
        ):
            await bus.transfer(address["INPUT[0]"], pack(inputs, width))
            # The job runs on without the bus, and then the clock stops.
            edges = bus.edges
            for _ in range(folded.latency + 20):
                await bus.clock()
                await bus.cycle()
            assert folded.latency < bus.edges - edges < folded.latency + 6
            assert bus.trace[-10:] == [0] * 10
            assert bus.events == row + 1
            assert await bus.transfer(address["RESULT[0]"]) == expected & 0xFFFF_FFFF
            assert await bus.transfer(address["CYCLES"]) == folded.latency + 1

    simulator = Simulator(top)
    simulator.add_testbench(testbench)
    simulator.run()


def test_the_clock_runs_until_the_interrupt_is_what_it_will_be() -> None:
    """Its register is a cycle behind what is pending, and an access may be over by then."""
    model = random_model((3, 4, 1))
    top = BusTop(model, fold_model(model, [(2, 3), (1, 2)]), "apb")
    address = {r.name: r.address for r in top.coprocessor.register_map.registers}
    job_ended, fifo_not_empty = 1, 2

    async def testbench(ctx: Any) -> None:
        ctx.set(top.rst_ni, 1)
        bus = GatedApb(ctx, top)

        async def settled() -> int:
            for _ in range(60):
                await bus.clock()
                await bus.cycle()
            assert bus.trace[-10:] == [0] * 10
            level: int = ctx.get(top.irq_o)
            return level

        await bus.transfer(address["AUTOTRIGGER"], 1)
        await bus.transfer(address["JOB"], 1 << 9)
        await bus.transfer(address["INPUT[0]"], 0)
        assert await settled() == 0
        for enabled in (job_ended, fifo_not_empty):
            await bus.transfer(address["INTERRUPT_ENABLE"], enabled)
            assert await settled() == 1
            await bus.transfer(address["INTERRUPT_ENABLE"], 0)
            assert await settled() == 0
        await bus.transfer(address["INTERRUPT_ENABLE"], job_ended)
        await bus.transfer(address["INTERRUPT_PENDING"], job_ended)
        assert await settled() == 0
        await bus.transfer(address["INTERRUPT_ENABLE"], fifo_not_empty)
        assert await settled() == 1
        await bus.transfer(address["RESULT_FIFO"])
        assert await settled() == 0

    simulator = Simulator(top)
    simulator.add_testbench(testbench)
    simulator.run()


@pytest.mark.parametrize(
    ("sizes", "foldings", "input_width"),
    [(*A1_FOLDING, 8), ((5, 4, 3), [(2, 5), (1, 2)], 12)],
)
def test_the_stream_top_is_as_wide_as_its_vectors(
    sizes: tuple[int, ...], foldings: list[tuple[int, int]], input_width: int
) -> None:
    model = random_model(sizes, input_width=input_width)
    assert ports(StreamTop(model, fold_model(model, foldings)), "engine") == {
        "clk_i": ("input", 1),
        "rst_ni": ("input", 1),
        "vector_valid_i": ("input", 1),
        "vector_ready_o": ("output", 1),
        "vector_data_i": ("input", sizes[0] * input_width),
        "result_valid_o": ("output", 1),
        "result_ready_i": ("input", 1),
        "result_data_o": ("output", sizes[-1] * model.output_format.width),
    }


def test_the_reset_is_active_low_and_asynchronous() -> None:
    sizes, foldings = A1_FOLDING
    model = random_model(sizes)
    text = to_verilog(StreamTop(model, fold_model(model, foldings)), "engine")
    top = text[text.index("module engine (") :]
    assert "assign rst = ~rst_ni;" in top
    assert re.search(r"always @\(posedge clk, posedge rst\)", text)


REFUSED = """
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.top import BusTop
from tests.models import fold_model, random_model

model = random_model((3, 1), input_width=17, signed_inputs=False)
for kind in (Coprocessor, BusTop):
    try:
        kind(model, fold_model(model, [(1, 1)]))
    except PulsewrightError as error:
        print(error)
"""


def test_a_network_that_does_not_fit_the_registers_is_refused_with_one_sentence() -> None:
    """In a process of its own: Amaranth may not add a warning of a design that is not used."""
    run = subprocess.run(
        [sys.executable, "-c", REFUSED],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    sentence = (
        "input codes of 17 bits do not fit the 16-bit lanes of the input words; quantise the "
        "inputs to at most 16 bits\n"
    )
    assert (run.stdout, run.stderr) == (2 * sentence, "")
