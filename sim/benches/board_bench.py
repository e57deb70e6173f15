# SPDX-License-Identifier: Apache-2.0
"""The top level of a board, driven over its serial line by the program that its host runs."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import cocotb
from cocotb.clock import Clock
from cocotb.task import bridge
from cocotb.triggers import Timer

from pulsewright.firmware.host.pulsewright_board import BoardError, Bridge, Coprocessor, Line, Row
from pulsewright.hls_model.schedule.sequence import latencies
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.rtl.uart.host_image import host_image
from pulsewright.sim.bench_files import BenchFolder, BenchOutcome
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.boards.disturbed_line import DisturbedLine
from pulsewright.sim.boards.serial_line import (
    BIT_CYCLES,
    CLOCK_NS,
    SILENCE_CYCLES,
    SimulatedLine,
)

FOLDER = BenchFolder.from_environment()
MODEL = FOLDER.model()
FOLDED = FOLDER.folded()
CODES = FOLDER.codes()
REGISTERS = compile_register_map(MODEL, FOLDED)
IMAGE: Any = host_image(REGISTERS, MODEL)
ROWS = [
    Row(codes, expected)
    for codes, expected in zip(CODES.tolist(), MODEL.infer(CODES).tolist(), strict=True)
]
RESET_CYCLES = 80
# No multiple of a cycle: the host has a clock of its own.
PRESSED_NS = 5 * CLOCK_NS + 3
BIT_NS = BIT_CYCLES * CLOCK_NS
DISTURBED_ROWS = 40
# Both frames, silence, and a job behind another.
TIMEOUT_CYCLES = 250 * BIT_CYCLES + SILENCE_CYCLES + 4 * max(latencies(FOLDED, CODES[:1])) + 100
TIMEOUT_SECONDS = TIMEOUT_CYCLES * CLOCK_NS * 1e-9


async def start(dut: Any) -> SimulatedLine:
    """The clock and the line; the board resets itself, and what an earlier test left is gone."""
    press(dut, pressed=False)
    # Line and button may change at any time, so that a fast clock can be no race.
    Clock(dut.clk_i, CLOCK_NS, unit="ns", impl="gpi").start()
    line = SimulatedLine(dut, TIMEOUT_SECONDS)
    await Timer(RESET_CYCLES * CLOCK_NS, "ns")
    press(dut, pressed=True)
    await Timer(PRESSED_NS, "ns")
    press(dut, pressed=False)
    await Timer(RESET_CYCLES * CLOCK_NS, "ns")
    return line


def press(dut: Any, *, pressed: bool) -> None:
    """Press the button, or let it go."""
    if hasattr(dut, "button_ni"):
        dut.button_ni.value = not pressed
    else:
        dut.button_i.value = pressed


def is_lit(dut: Any) -> bool:
    """Whether the lamp is."""
    return not dut.lamp_no.value if hasattr(dut, "lamp_no") else bool(dut.lamp_o.value)


async def on_host(program: Callable[[Line], Any], line: Line) -> Any:
    """Run the host's program beside the simulation."""
    return await bridge(program)(line)


@cocotb.test()
async def every_row(dut: Any) -> None:
    """Every row gives what the reference gives, and no request has to be repeated."""
    line = await start(dut)
    assert not is_lit(dut)

    def program(port: Line) -> tuple[Any, int, int]:
        registers = Bridge(port)
        coprocessor = Coprocessor(registers, IMAGE)
        coprocessor.start()
        found = coprocessor.compare(ROWS)
        return found, registers.repeats, registers.read(REGISTERS["COMPLETED_JOBS"].address)

    found, repeats, jobs = await on_host(program, line)
    assert is_lit(dut)
    assert repeats == 0
    assert jobs == found.rows == len(ROWS)
    FOLDER.write_outcome(
        Measurement.EVERY_ROW, BenchOutcome(rows=found.rows, mismatches=found.mismatches)
    )
    assert found.mismatches == 0, f"row {found.first} differs"


@cocotb.test()
async def disturbed_line(dut: Any) -> None:
    """Noise, cut frames and wrong checks cost repetitions: results are right, jobs counted."""
    line = DisturbedLine(await start(dut), probability=0.08, seed=cocotb.RANDOM_SEED)
    rows = ROWS[:DISTURBED_ROWS]

    def program(port: Line) -> tuple[Any, int, int]:
        registers = Bridge(port)
        coprocessor = Coprocessor(registers, IMAGE)
        coprocessor.start()
        found = coprocessor.compare(rows)
        return found, registers.repeats, registers.read(REGISTERS["COMPLETED_JOBS"].address)

    found, repeats, jobs = await on_host(program, line)
    assert sum(line.faults.values()) >= len(rows) // 2, line.faults
    assert repeats > 0
    # An access that was carried out twice would be a job too many.
    assert jobs == found.rows == len(rows)
    FOLDER.write_outcome(
        Measurement.DISTURBED_LINE, BenchOutcome(rows=found.rows, mismatches=found.mismatches)
    )
    assert found.mismatches == 0, f"row {found.first} differs, {line.faults}"


@cocotb.test()
async def broken_bytes(dut: Any) -> None:
    """A line that is held low, and bits of another length, are followed by right results."""
    line = await start(dut)
    row = ROWS[0]

    def begin(port: Line) -> Coprocessor:
        coprocessor = Coprocessor(Bridge(port), IMAGE)
        coprocessor.start()
        return coprocessor

    coprocessor = await on_host(begin, line)
    for low in (BIT_NS // 4, BIT_NS, 3 * BIT_NS, 25 * BIT_NS):
        dut.uart_rx_i.value = 0
        await Timer(low, "ns")
        dut.uart_rx_i.value = 1
        await Timer(2 * BIT_NS, "ns")
        assert await bridge(coprocessor.infer)(row.codes) == row.expected
    for number in range(60):
        dut.uart_rx_i.value = number * 7 // 3 & 1
        await Timer(BIT_NS * 5 // 3, "ns")
    dut.uart_rx_i.value = 1
    assert await bridge(coprocessor.infer)(row.codes) == row.expected


@cocotb.test()
async def refused_accesses(dut: Any) -> None:
    """What is no register, or beyond the address space, is told, and changes nothing."""
    line = await start(dut)
    identity, pending = (REGISTERS[n] for n in ("IDENTITY", "INTERRUPT_PENDING"))
    past_the_end = 1 << REGISTERS.address_bits

    def program(port: Line) -> list[int]:
        registers = Bridge(port)
        registers.synchronise()
        told = []
        for address in (identity.address + 1, identity.address + 2, past_the_end, 1 << 23):
            registers.write(pending.address, 0xFFFF_FFFF)
            for access in (registers.read, partial(registers.write, word=1)):
                with suppress(BoardError):
                    access(address)
                    raise AssertionError(f"{address:#x} was not refused")
                told.append(registers.read(pending.address))
        assert registers.read(identity.address) == identity.reset
        return told

    told = await on_host(program, line)
    assert len(told) == 8
    assert all(one & 0b100 for one in told)


@cocotb.test()
async def button_in_mid_row(dut: Any) -> None:
    """The button resets everything; then the host begins again, and finds what it expects."""
    line = await start(dut)
    row = ROWS[-1]

    def begin(port: Line) -> Coprocessor:
        coprocessor = Coprocessor(Bridge(port), IMAGE)
        coprocessor.start()
        return coprocessor

    for cycles in (30, 200, 700):
        coprocessor = await on_host(begin, line)
        sent = cocotb.start_soon(bridge(_tried)(coprocessor, row))
        await Timer(cycles * CLOCK_NS, "ns")
        press(dut, pressed=True)
        await Timer(PRESSED_NS, "ns")
        assert not is_lit(dut)
        press(dut, pressed=False)
        await sent
        coprocessor = await on_host(begin, line)
        assert await bridge(coprocessor.infer)(row.codes) == row.expected


def _tried(coprocessor: Coprocessor, row: Row) -> None:
    # The result of a job that no longer starts by itself: AUTOTRIGGER is what it is after reset.
    with suppress(BoardError):
        coprocessor.infer(row.codes)
