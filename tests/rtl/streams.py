# SPDX-License-Identifier: Apache-2.0
"""Drives valid/ready streams in Amaranth's own simulator and watches that they keep their rules."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from amaranth import Value

from tests.rtl.simulation import run, set_together

Decision = Callable[[int], bool]


def always(cycle: int) -> bool:
    return True


def sometimes(probability: float, seed: int) -> Decision:
    draw = random.Random(seed)
    return lambda cycle: draw.random() < probability


def pack(lanes: Iterable[int], width: int) -> int:
    """Integers side by side, the first in the lowest bits."""
    mask = (1 << width) - 1
    return sum((lane & mask) << (width * i) for i, lane in enumerate(lanes))


def unpack(word: int, width: int, signed: bool, count: int) -> list[int]:
    lanes = [(word >> (width * i)) & ((1 << width) - 1) for i in range(count)]
    if signed:
        lanes = [lane - (1 << width) if lane >> (width - 1) else lane for lane in lanes]
    return lanes


@dataclass
class Traffic:
    """What one run of a stream component saw, in clock cycles from its start.

    offered: first cycle in which each input beat was valid. accepted: in which it was taken.
    arrived: first cycle in which each output beat was valid. taken: in which it was taken.
    """

    words: list[int] = field(default_factory=list)
    offered: list[int] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)
    arrived: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)


def run_stream(
    design: Any,
    source: Any,
    sink: Any,
    beats: Sequence[int],
    expected_beats: int,
    offer: Decision = always,
    take: Decision = always,
    limit: int = 100_000,
) -> Traffic:
    """Offer `beats` to `source` and take `expected_beats` from `sink`, then see that no more come.

    An offer stands until it is taken. Beats that are not offered are garbage, so that nothing may
    depend on them. Asserts that the component does not retract or change what it offers.
    """
    traffic = Traffic()
    garbage = random.Random(0)
    source_payload, sink_payload = Value.cast(source.payload), Value.cast(sink.payload)

    async def testbench(ctx: Any) -> None:
        position, valid, held, quiet = 0, False, None, 0
        for cycle in range(limit):
            if not valid and position < len(beats) and offer(cycle):
                valid = True
                traffic.offered.append(cycle)
            word = beats[position] if valid else garbage.getrandbits(len(source_payload))
            ready = take(cycle)
            inputs = (source.valid, valid), (source_payload, word), (sink.ready, ready)
            set_together(ctx, inputs)
            if ctx.get(sink.valid):
                word = ctx.get(sink_payload)
                if held is None:
                    traffic.arrived.append(cycle)
                else:
                    assert word == held, f"the beat changed in cycle {cycle} while it was held"
                held = word
                if ready:
                    traffic.words.append(word)
                    traffic.taken.append(cycle)
                    held = None
            else:
                assert held is None, f"the beat was retracted in cycle {cycle}"
            if valid and ctx.get(source.ready):
                traffic.accepted.append(cycle)
                position += 1
                valid = False
            await ctx.tick()
            done = position == len(beats) and len(traffic.words) >= expected_beats
            quiet = quiet + 1 if done else 0
            if quiet == 20:
                return
        raise AssertionError(
            f"{position} of {len(beats)} beats accepted and {len(traffic.words)} of "
            f"{expected_beats} taken after {limit} cycles"
        )

    run(design, testbench)
    assert len(traffic.words) == expected_beats, "more beats came out than expected"
    return traffic
