# SPDX-License-Identifier: Apache-2.0
"""The bare engine through its streams: II and latency beside the formulas, under every load."""

import itertools
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, FallingEdge, ReadOnly, RisingEdge

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.sim.bench_files import BenchFolder
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.benches.cycle_record import CycleRecord
from pulsewright.sim.coverage.functional.database import kept_in
from pulsewright.sim.coverage.functional.streams import StreamCoverage
from pulsewright.sim.scoreboard import Scoreboard

FOLDER = BenchFolder.from_environment()
MODEL = FOLDER.model()
FOLDED = FOLDER.folded()
CODES = FOLDER.codes()
# Of which the report draws a picture: the first vector, and those close behind it.
RECORDED_INTERVALS, MOST_RECORDED_CYCLES = 2, 200
# A row of a large network on few multipliers takes Icarus a second.
IS_SLOW = FOLDED.latency + FOLDED.initiation_interval > 4000
BACK_TO_BACK_ROWS, RANDOM_ROWS = (2 * len(FOLDED.layers) + 12, 48) if IS_SLOW else (64, 120)


class EngineStreams:
    """Feeds vectors and takes results, one decision a clock cycle, and notes when each moved.

    offer(cycle), take(cycle): whether a vector is offered, a result is taken in that cycle. An
    offer stands until it is taken, as the stream's rules ask.
    """

    def __init__(self, dut: Any, codes: IntegerArray) -> None:
        self.dut = dut
        self.scoreboard = Scoreboard(MODEL, codes)
        self.coverage = StreamCoverage()
        width = MODEL.input_format.width
        mask = (1 << width) - 1
        self.vectors = [
            sum((code & mask) << (width * i) for i, code in enumerate(row))
            for row in codes.tolist()
        ]
        self.record: CycleRecord | None = None
        self.result_cycles: list[int] = []
        self.latencies_from_idle: list[int] = []

    async def reset(self) -> None:
        """Start the clock and reset the engine."""
        dut = self.dut
        dut.rst_ni.value = 0
        dut.vector_valid_i.value = 0
        dut.result_ready_i.value = 0
        Clock(dut.clk_i, 10, unit="ns").start()
        await ClockCycles(dut.clk_i, 2)
        await FallingEdge(dut.clk_i)
        dut.rst_ni.value = 1
        await RisingEdge(dut.clk_i)

    async def run(
        self, offer: Callable[[int], bool], take: Callable[[int], bool], limit: int
    ) -> None:
        """Run until every vector has its result; more than `limit` cycles are a failure."""
        dut = self.dut
        waiting = deque(self.vectors)
        in_flight = 0
        offered_when_idle: int | None = None
        valid = result_held = False
        for cycle in range(limit):
            if not valid and waiting and offer(cycle):
                valid = True
                dut.vector_data_i.value = waiting[0]
                if in_flight == 0:
                    offered_when_idle = cycle
            dut.vector_valid_i.value = valid
            ready = take(cycle)
            dut.result_ready_i.value = ready
            await ReadOnly()
            if self.record is not None:
                self.record.sample(cycle)
            accepted = valid and bool(dut.vector_ready_o.value)
            result_valid = bool(dut.result_valid_o.value)
            assert result_valid or not result_held, "a result was retracted"
            self.coverage.cycle(offered=valid, accepted=accepted, result=result_valid, taken=ready)
            if result_valid:
                if offered_when_idle is not None:
                    self.latencies_from_idle.append(cycle - offered_when_idle)
                    offered_when_idle = None
                if ready:
                    self.scoreboard.check(self._outputs(int(dut.result_data_o.value)))
                    self.result_cycles.append(cycle)
                    in_flight -= 1
            result_held = result_valid and not ready
            if accepted:
                waiting.popleft()
                in_flight += 1
                valid = False
            await RisingEdge(dut.clk_i)
            if len(self.result_cycles) == len(self.vectors):
                break
        self.scoreboard.finish()

    @staticmethod
    def _outputs(word: int) -> list[int]:
        number_format = MODEL.output_format
        outputs = []
        for i in range(MODEL.outputs):
            value = (word >> (number_format.width * i)) & ((1 << number_format.width) - 1)
            outputs.append(
                value - (1 << number_format.width) if value > number_format.maximum else value
            )
        return outputs


def some_codes(rows: int) -> IntegerArray:
    """The first rows; short stimuli are repeated.

    An incremental engine has the formulas' pace where every input differs from the row before.
    """
    codes = CODES[[i % len(CODES) for i in range(rows)]]
    if FOLDED.incremental:
        for before, row in itertools.pairwise(codes):
            row[row == before] ^= 1
    return codes


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def back_to_back(dut: Any) -> None:
    """Always offering, always taking: the measured II and latency are the formulas'."""
    streams = EngineStreams(dut, some_codes(BACK_TO_BACK_ROWS))
    await streams.reset()
    recorded = FOLDED.latency + 1 + RECORDED_INTERVALS * FOLDED.initiation_interval
    record = CycleRecord(dut.engine, min(recorded, MOST_RECORDED_CYCLES))
    streams.record = record
    limit = FOLDED.latency + BACK_TO_BACK_ROWS * FOLDED.initiation_interval + 10
    await streams.run(lambda cycle: True, lambda cycle: True, limit)
    cycles = streams.result_cycles
    # The first vectors fill an empty chain; from then on results come at the engine's pace.
    fill = len(FOLDED.layers) * 2
    intervals = {b - a for a, b in zip(cycles[fill:], cycles[fill + 1 :], strict=False)}
    ii = (cycles[-1] - cycles[fill]) // (len(cycles) - 1 - fill)
    latency = streams.latencies_from_idle[0]
    FOLDER.write_outcome(
        Measurement.BACK_TO_BACK,
        streams.scoreboard.outcome(ii=ii, latency=latency, busy=record.busy),
    )
    assert streams.scoreboard.mismatches == 0, streams.scoreboard.first_mismatch
    assert intervals == {FOLDED.initiation_interval}, f"intervals {intervals}"
    assert latency == FOLDED.latency, f"latency {latency}, formula {FOLDED.latency}"


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def idle_cycles(dut: Any) -> None:
    """Random idle cycles: a vector that meets an idle engine has the formula's latency."""
    random = Random(cocotb.RANDOM_SEED)
    streams = EngineStreams(dut, some_codes(RANDOM_ROWS))
    await streams.reset()
    mean_gap = FOLDED.latency + FOLDED.initiation_interval
    limit = RANDOM_ROWS * mean_gap * 20
    await streams.run(lambda cycle: random.random() < 2 / mean_gap, lambda cycle: True, limit)
    FOLDER.write_outcome(
        Measurement.IDLE_CYCLES,
        streams.scoreboard.outcome(latency=max(streams.latencies_from_idle)),
    )
    assert streams.scoreboard.mismatches == 0, streams.scoreboard.first_mismatch
    assert set(streams.latencies_from_idle) == {FOLDED.latency}
    assert len(streams.latencies_from_idle) > RANDOM_ROWS // 24


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def backpressure(dut: Any) -> None:
    """Random idle cycles and random backpressure; then full pace again, at the formula's II."""
    random = Random(cocotb.RANDOM_SEED + 1)
    interval = FOLDED.initiation_interval
    # Vectors that were in flight when the stalls ended do not tell the pace.
    fill = FOLDED.latency // interval + 2 * len(FOLDED.layers)
    rows = RANDOM_ROWS + fill + BACK_TO_BACK_ROWS
    streams = EngineStreams(dut, some_codes(rows))
    await streams.reset()

    def stalled() -> bool:
        return len(streams.result_cycles) < RANDOM_ROWS

    def offer(cycle: int) -> bool:
        return not stalled() or random.random() < 2 / interval

    def take(cycle: int) -> bool:
        return not stalled() or random.random() < 1 / interval

    await streams.run(offer, take, limit=rows * (FOLDED.latency + interval) * 20)
    paced = streams.result_cycles[RANDOM_ROWS + fill :]
    intervals = {b - a for a, b in itertools.pairwise(paced)}
    FOLDER.write_outcome(
        Measurement.BACKPRESSURE,
        streams.scoreboard.outcome(ii=max(intervals), latency=max(streams.latencies_from_idle)),
    )
    assert streams.scoreboard.mismatches == 0, streams.scoreboard.first_mismatch
    assert intervals == {interval}, f"intervals {intervals} after backpressure"
    assert set(streams.latencies_from_idle) == {FOLDED.latency}
