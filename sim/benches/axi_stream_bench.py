# SPDX-License-Identifier: Apache-2.0
"""The engine between its AXI4-Streams: every row, II, latency, backpressure, wrong vectors."""

import time
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, FallingEdge, ReadOnly, RisingEdge

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.schedule.axi_stream_timing import AxiStreamTiming
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape
from pulsewright.sim.axi_stream.rules import AxiStreamRules
from pulsewright.sim.axi_stream.transfers import Transfer, numbers_of, transfers_of
from pulsewright.sim.bench_files import BenchFolder
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.scoreboard import Scoreboard

FOLDER = BenchFolder.from_environment()
MODEL = FOLDER.model()
FOLDED = with_transfer(FOLDER.folded(), MODEL, VectorTransfer.BEATS)
SHAPE = chosen_shape(MODEL, FOLDED, FOLDER.options())
TIMING = AxiStreamTiming(FOLDED, SHAPE)
CODES = FOLDER.codes()
RANDOM_ROWS = 40
WRONG_ROWS = 60
# What an engine holds before its slowest part sets the pace.
FILL = sum(layer.pipeline_depth // layer.cycles + 5 for layer in FOLDED.layers) + 4


class AxiStreams:
    """Drives both streams, one decision a clock cycle, and checks every result.

    expected: rows whose results come.
    """

    def __init__(self, dut: Any, expected: IntegerArray, seed: int = 0) -> None:
        self.dut = dut
        self.random = Random(seed)
        self.scoreboard = Scoreboard(MODEL, expected)
        self.rules = AxiStreamRules("m_axis")
        self.vectors = 0
        self.first_offer: int | None = None
        self.last_arrivals: list[int] = []
        self.result_cycles: list[int] = []
        self._result: list[Transfer] = []

    async def reset(self) -> None:
        """Start the clock and reset the engine."""
        dut = self.dut
        dut.rst_ni.value = 0
        dut.s_axis_tvalid.value = 0
        dut.m_axis_tready.value = 0
        Clock(dut.clk_i, 10, unit="ns").start()
        await ClockCycles(dut.clk_i, 2)
        await ReadOnly()
        self.rules.reset(_value(dut.m_axis_tvalid))
        await FallingEdge(dut.clk_i)
        dut.rst_ni.value = 1
        await RisingEdge(dut.clk_i)

    def vector(self, row: list[int]) -> list[Transfer]:
        """The transfers of one row, with garbage where nothing belongs to it."""
        garbage = self.random.getrandbits(SHAPE.width)
        return transfers_of(row, SHAPE.input_bits, SHAPE.width, garbage)

    async def run(
        self,
        transfers: list[Transfer],
        offer: Callable[[], bool],
        take: Callable[[], bool],
        limit: int,
    ) -> None:
        """Until every result is there, and a little longer; more than `limit` cycles fail."""
        dut, waiting, offered, quiet = self.dut, deque(transfers), False, 0
        ready, taken = False, True
        dut.m_axis_tready.value = ready
        for cycle in range(limit):
            # Ports are written when they change, which is seldom in a large network.
            if not offered and waiting and offer():
                offered = True
                self.present(waiting[0])
                self.first_offer = cycle if self.first_offer is None else self.first_offer
            if taken:
                dut.s_axis_tvalid.value = offered
            if ready != (ready := take()):
                dut.m_axis_tready.value = ready
            await RisingEdge(dut.clk_i)
            taken = not offered or bool(dut.s_axis_tready.value)
            if offered and taken:
                self.vectors += waiting.popleft().last
                offered = False
            self._watch()
            if dut.m_axis_tvalid.value:
                self._arrive(cycle, ready)
            quiet = quiet + 1 if self.scoreboard.rows == len(self.scoreboard.expected) else 0
            if quiet > FOLDED.latency + 20 and not waiting:
                break
        self.scoreboard.finish()

    def present(self, transfer: Transfer) -> None:
        """Put a transfer on the input, whether it is offered or not."""
        dut = self.dut
        dut.s_axis_tdata.value = transfer.data
        dut.s_axis_tlast.value = transfer.last
        if hasattr(dut, "s_axis_tkeep"):
            dut.s_axis_tkeep.value = transfer.keep

    def _arrive(self, cycle: int, ready: bool) -> None:
        dut = self.dut
        last = bool(dut.m_axis_tlast.value)
        if last and len(self.last_arrivals) == self.scoreboard.rows:
            self.last_arrivals.append(cycle)
        if not ready:
            return
        whole = (1 << SHAPE.width // 8) - 1
        keep = int(dut.m_axis_tkeep.value) if hasattr(dut, "m_axis_tkeep") else whole
        self._result.append(Transfer(int(dut.m_axis_tdata.value), last, keep))
        assert last == (len(self._result) == TIMING.result_transfers), "TLAST is wrong"
        if last:
            self.scoreboard.check(
                numbers_of(
                    self._result,
                    MODEL.outputs,
                    SHAPE.result_bits,
                    SHAPE.width,
                    MODEL.output_format,
                )
            )
            self.result_cycles.append(cycle)
            self._result = []

    def _watch(self) -> None:
        """The rules of the output, at the end of a cycle; the input is driven by this bench."""
        dut = self.dut
        valid = _value(dut.m_axis_tvalid)
        if valid == 0:
            self.rules.cycle(0, None, None)
            return
        keep = [dut.m_axis_tkeep] if hasattr(dut, "m_axis_tkeep") else []
        ports = (dut.m_axis_tready, dut.m_axis_tlast, dut.m_axis_tdata, *keep)
        self.rules.cycle(valid, *map(_value, ports))


def _value(handle: Any) -> int | None:
    return int(handle.value) if handle.value.is_resolvable else None


def limit_for(vectors: int, slower: int = 1) -> int:
    """Clock cycles that so many vectors may take, at a traffic that is so much slower."""
    return TIMING.latency + (vectors + 4) * TIMING.initiation_interval * slower + 100


@cocotb.test()
async def back_to_back(dut: Any) -> None:
    """Always offering, always taking, all rows: II and latency are the formulas'."""
    rows = [i % len(CODES) for i in range(max(len(CODES), FILL + 6))]
    codes = CODES[rows]
    streams = AxiStreams(dut, codes)
    await streams.reset()
    transfers = [one for row in codes.tolist() for one in streams.vector(row)]
    started = time.perf_counter()
    await streams.run(transfers, lambda: True, lambda: True, limit_for(len(rows)))
    cycles = streams.result_cycles
    latency = streams.last_arrivals[0] - (streams.first_offer or 0)
    paced = cycles[FILL:]
    intervals = {b - a for a, b in pairwise(paced)}
    FOLDER.write_outcome(
        Measurement.BACK_TO_BACK,
        streams.scoreboard.outcome(
            ii=(paced[-1] - paced[0]) // (len(paced) - 1),
            latency=latency,
            clock_cycles=cycles[-1],
            seconds=time.perf_counter() - started,
        ),
    )
    assert streams.scoreboard.mismatches == 0, streams.scoreboard.first_mismatch
    assert latency == TIMING.latency, f"latency {latency}, formula {TIMING.latency}"
    assert intervals == {TIMING.initiation_interval}, f"intervals {intervals}"
    assert dut.dropped_vectors_o.value == 0


@cocotb.test()
async def backpressure(dut: Any) -> None:
    """Random pauses on both sides, slower and faster than the engine."""
    codes = CODES[:RANDOM_ROWS]
    streams = AxiStreams(dut, codes)
    await streams.reset()
    random = Random(cocotb.RANDOM_SEED)
    offers, takes = random.choice((0.2, 0.6, 1)), random.choice((0.2, 0.6, 1))
    transfers = [one for row in codes.tolist() for one in streams.vector(row)]
    await streams.run(
        transfers,
        lambda: random.random() < offers,
        lambda: random.random() < takes,
        limit_for(len(codes), slower=12),
    )
    FOLDER.write_outcome(Measurement.BACKPRESSURE, streams.scoreboard.outcome())
    assert streams.scoreboard.mismatches == 0, streams.scoreboard.first_mismatch
    assert (streams.vectors, streams.rules.packets) == (len(codes), len(codes))


def spoiled(transfers: list[Transfer], random: Random, can_null: bool) -> list[Transfer]:
    """A vector with TLAST too early or too late, or with a null byte."""
    kinds = ["late", *(["early"] if len(transfers) > 1 else []), *(["null"] if can_null else [])]
    kind = random.choice(kinds)
    if kind == "early":
        kept = transfers[: random.randrange(1, len(transfers))]
        return [*kept[:-1], kept[-1]._replace(last=True)]
    if kind == "late":
        more = [transfers[0]._replace(last=False)] * random.randrange(4)
        return [one._replace(last=False) for one in [*transfers, *more]] + [transfers[-1]]
    place = random.randrange(len(transfers))
    keep = transfers[place].keep & ~1
    return [*transfers[:place], transfers[place]._replace(keep=keep), *transfers[place + 1 :]]


@cocotb.test()
async def wrong_vectors(dut: Any) -> None:
    """Vectors that are too short, too long or have null bytes have no result and are counted."""
    random = Random(cocotb.RANDOM_SEED)
    codes = CODES[:WRONG_ROWS]
    right = [row for row in range(len(codes)) if random.random() < 0.6]
    streams = AxiStreams(dut, codes[right])
    await streams.reset()
    transfers: list[Transfer] = []
    for number, row in enumerate(codes.tolist()):
        vector = streams.vector(row)
        if number not in right:
            vector = spoiled(vector, random, can_null=hasattr(dut, "s_axis_tkeep"))
        transfers += vector
    await streams.run(
        transfers,
        lambda: random.random() < 0.8,
        lambda: random.random() < 0.8,
        limit_for(len(codes), slower=12),
    )
    FOLDER.write_outcome(Measurement.WRONG_VECTORS, streams.scoreboard.outcome())
    assert streams.scoreboard.mismatches == 0, streams.scoreboard.first_mismatch
    assert dut.dropped_vectors_o.value == len(codes) - len(right)


@cocotb.test()
async def reset_in_a_vector(dut: Any) -> None:
    """A reset forgets a vector that is half there and those that are in the engine."""
    streams = AxiStreams(dut, CODES[:0])
    await streams.reset()
    transfers = [one for row in CODES[:2].tolist() for one in streams.vector(row)]
    taken = max(len(transfers) - 1, 1)
    for transfer in transfers[:taken]:
        streams.present(transfer)
        dut.s_axis_tvalid.value = 1
        await RisingEdge(dut.clk_i)
    dut.s_axis_tvalid.value = 0
    again = AxiStreams(dut, CODES[2:4])
    dut.rst_ni.value = 0
    await ClockCycles(dut.clk_i, 2)
    await FallingEdge(dut.clk_i)
    dut.rst_ni.value = 1
    await RisingEdge(dut.clk_i)
    transfers = [one for row in CODES[2:4].tolist() for one in again.vector(row)]
    await again.run(transfers, lambda: True, lambda: True, limit_for(2))
    assert again.scoreboard.mismatches == 0, again.scoreboard.first_mismatch
    assert dut.dropped_vectors_o.value == 0
