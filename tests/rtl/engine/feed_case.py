# SPDX-License-Identifier: Apache-2.0
"""A feed with the vectors that go into it."""

import random
from dataclasses import dataclass

from amaranth.lib.wiring import Component

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.feed_choice import make_feed
from tests.rtl.streams import Traffic, always, pack, run_stream, sometimes, unpack


@dataclass
class FeedCase:
    """A feed, the vectors that go in, and the operands that must come out."""

    inputs: int
    neurons: int
    pe: int
    simd: int
    beat: int
    width: int = 4
    signed: bool = False
    vectors: int = 5
    seed: int = 0
    in_memory: bool = False

    @property
    def folded_layer(self) -> FoldedLayer:
        return FoldedLayer(
            inputs=self.inputs,
            neurons=self.neurons,
            pe=self.pe,
            simd=self.simd,
            beat=self.beat,
            hidden=True,
            buffered_in_memory=self.in_memory,
        )

    @property
    def operand_format(self) -> FixedPoint:
        return FixedPoint(width=self.width, frac=0, signed=self.signed)

    @property
    def steps(self) -> int:
        return -(-self.inputs // self.simd)

    @property
    def groups(self) -> int:
        return -(-self.neurons // self.pe)

    @property
    def beats_a_vector(self) -> int:
        return -(-self.inputs // self.beat)

    @property
    def last_beats(self) -> list[int]:
        """The beat that brings the last operand of each step."""
        return [
            (min((step + 1) * self.simd, self.inputs) - 1) // self.beat
            for step in range(self.steps)
        ]

    def data(self) -> list[list[int]]:
        draw = random.Random(self.seed)
        low = -(2 ** (self.width - 1)) if self.signed else 0
        return [
            [draw.randrange(low, low + 2**self.width) for _ in range(self.inputs)]
            for _ in range(self.vectors)
        ]

    def run(
        self, offers: float = 1, takes: float = 1, seed: int = 1, kind: type = Component
    ) -> Traffic:
        """Run the feed that the layer gets and compare every operand."""
        feed = make_feed(self.folded_layer, self.operand_format)
        assert isinstance(feed, kind)
        beats, operands = [], []
        for vector in self.data():
            # What is past the last input does not matter.
            padded = vector + [-1] * (self.beats_a_vector * self.beat - self.inputs)
            beats += [
                pack(padded[i : i + self.beat], self.width)
                for i in range(0, len(padded), self.beat)
            ]
            filled = vector + [0] * (self.steps * self.simd - self.inputs)
            steps = [filled[i : i + self.simd] for i in range(0, len(filled), self.simd)]
            operands += steps * self.groups
        traffic = run_stream(
            feed,
            feed.beats,
            feed.operands,
            beats,
            len(operands),
            always if offers == 1 else sometimes(offers, seed),
            always if takes == 1 else sometimes(takes, seed + 1),
        )
        observed = [unpack(word, self.width, self.signed, self.simd) for word in traffic.words]
        assert observed == operands
        return traffic
