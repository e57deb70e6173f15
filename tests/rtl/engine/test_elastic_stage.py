# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from amaranth import Module, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.engine.elastic_stage import ElasticStage
from tests.rtl.simulation import run
from tests.rtl.streams import run_stream, sometimes


class Pipeline(wiring.Component):
    """Elastic registers one after the other; the last may merge beats."""

    def __init__(self, stages: int, merges: int = 1) -> None:
        self.stages = stages
        self.merges = merges
        super().__init__({"source": In(stream.Signature(16)), "sink": Out(stream.Signature(16))})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        stages = [ElasticStage(f"stage{i}") for i in range(self.stages)]
        offered, data = self.source.valid, self.source.payload
        for i, stage in enumerate(stages):
            following = stages[i + 1].ready if i + 1 < len(stages) else self.sink.ready
            completes = 1
            if i + 1 == len(stages) and self.merges > 1:
                count = Signal(range(self.merges))
                completes = count == self.merges - 1
                with m.If(stage.load):
                    m.d.sync += count.eq(count + 1)
                    with m.If(completes):
                        m.d.sync += count.eq(0)
            stage.connect(m, offered, following, completes)
            register = Signal(16, name=f"data{i}")
            with m.If(stage.load):
                m.d.sync += register.eq(data)
            offered, data = stage.valid, register
        m.d.comb += [
            self.source.ready.eq(stages[0].ready),
            self.sink.valid.eq(offered),
            self.sink.payload.eq(data),
        ]
        return m


@pytest.mark.parametrize("stages", [1, 2, 5])
def test_a_beat_takes_a_cycle_a_stage_and_one_goes_every_cycle(stages: int) -> None:
    pipeline = Pipeline(stages)
    traffic = run_stream(pipeline, pipeline.source, pipeline.sink, range(30), 30)
    assert traffic.words == list(range(30))
    assert traffic.taken == [cycle + stages for cycle in range(30)]


@pytest.mark.parametrize("stages", [1, 2, 5])
@pytest.mark.parametrize(("offers", "takes"), [(0.3, 1), (1, 0.3), (0.5, 0.5), (0.9, 0.9)])
def test_nothing_is_lost_or_repeated_under_random_traffic(
    stages: int, offers: float, takes: float
) -> None:
    pipeline = Pipeline(stages)
    beats = list(range(1, 150))
    traffic = run_stream(
        pipeline,
        pipeline.source,
        pipeline.sink,
        beats,
        len(beats),
        sometimes(offers, 1),
        sometimes(takes, 2),
    )
    assert traffic.words == beats


def test_bubbles_close_while_the_sink_waits() -> None:
    """A stalled pipeline of 4 takes 4 beats though they come with gaps, and then no more."""
    pipeline = Pipeline(4)
    traffic = run_stream(
        pipeline,
        pipeline.source,
        pipeline.sink,
        range(10),
        10,
        offer=lambda cycle: cycle % 3 == 0,
        take=lambda cycle: cycle > 60,
    )
    assert [cycle for cycle in traffic.accepted if cycle <= 60] == [0, 3, 6, 9]


@pytest.mark.parametrize("merges", [2, 3, 5])
def test_a_merging_stage_is_valid_with_its_last_beat_only(merges: int) -> None:
    pipeline = Pipeline(2, merges)
    beats = list(range(6 * merges))
    for offers, takes in ((1, 1), (0.5, 1), (1, 0.2), (0.7, 0.6)):
        traffic = run_stream(
            pipeline,
            pipeline.source,
            pipeline.sink,
            beats,
            6,
            sometimes(offers, 3),
            sometimes(takes, 4),
        )
        assert traffic.words == beats[merges - 1 :: merges]


def test_registers_hold_still_when_nothing_arrives() -> None:
    """`load` is the enable of the data: high exactly when a beat is taken."""
    m = Module()
    stage = ElasticStage("stage")
    offered, taken = Signal(), Signal()
    stage.connect(m, offered, taken)

    async def testbench(ctx: Any) -> None:
        full = False
        for cycle in range(64):
            offer, take = bool(cycle & 1), bool(cycle >> 1 & (cycle >> 3) & 1)
            ctx.set(offered, offer)
            ctx.set(taken, take)
            assert ctx.get(stage.valid) == full
            assert ctx.get(stage.load) == (offer and (take or not full))
            full = offer or (full and not take)
            await ctx.tick()

    run(m, testbench)
