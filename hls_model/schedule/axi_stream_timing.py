# SPDX-License-Identifier: Apache-2.0
"""Vectors and results as transfers of AXI4-Streams around an engine, with their cycles."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import OperandFeed


@dataclass(frozen=True)
class AxiStreamShape:
    """What a transfer holds.

    width: bits of TDATA, of both streams. input_bits, result_bits: from one number to the next; a
    number is in the lowest bits of its own.
    """

    width: int
    input_bits: int
    result_bits: int


@dataclass(frozen=True)
class AxiStreamTiming:
    """An engine that takes vectors in beats, between two streams of the shape.

    Widths are converted on both sides, with a register each.
    """

    folded: FoldedEngine
    shape: AxiStreamShape

    @property
    def vector_bits(self) -> int:
        """Bits of TDATA that a vector takes, of K inputs."""
        return self.folded.layers[0].inputs * self.shape.input_bits

    @property
    def result_bits(self) -> int:
        """Bits of TDATA that a result takes, of M outputs or of one index."""
        outputs = 1 if self.folded.argmax else self.folded.layers[-1].neurons
        return outputs * self.shape.result_bits

    @property
    def vector_transfers(self) -> int:
        """Transfers of a vector, ceil(K * input_bits / width)."""
        return ceil(self.vector_bits / self.shape.width)

    @property
    def result_transfers(self) -> int:
        """Transfers of a result, ceil(M * result_bits / width)."""
        return ceil(self.result_bits / self.shape.width)

    @property
    def initiation_interval(self) -> int:
        """Cycles a vector: the engine's, or vector_transfers or result_transfers if larger."""
        engine = self.folded.initiation_interval
        return max(engine, self.vector_transfers, self.result_transfers)

    @property
    def holds_vector(self) -> bool:
        """True if a register holds the vector for an engine that steps through it several times."""
        first = self.folded.layers[0]
        return first.feed is OperandFeed.HELD and first.cycles > 1

    @property
    def input_beat_bits(self) -> int:
        """Bits of a beat for the engine, before the lanes are cut to the width of a code."""
        return self.folded.vector_lanes * self.shape.input_bits

    @property
    def result_beat_bits(self) -> int:
        """Bits of a beat of the engine once its lanes are as wide as in the stream."""
        return self.folded.result_lanes * self.shape.result_bits

    @cached_property
    def latency(self) -> int:
        """Cycles from the first TVALID of a vector to that of the result's last transfer.

        Of an idle engine, with a transfer a cycle and without backpressure.
        """
        arrivals = converted_arrivals(
            range(self.vector_transfers), self.shape.width, self.input_beat_bits, self.vector_bits
        )
        arrivals = [arrival + self.holds_vector for arrival in arrivals]
        arrivals = self.folded.result_arrivals(arrivals)
        return converted_arrivals(
            arrivals, self.result_beat_bits, self.shape.width, self.result_bits
        )[-1]


def converted_arrivals(
    arrivals: Sequence[int], input_bits: int, output_bits: int, total_bits: int
) -> list[int]:
    """Cycle in which each beat of `output_bits` of a vector of `total_bits` is valid.

    A beat goes the cycle after the last of its bits arrived, one a cycle.

    arrivals: the cycle in which each beat of `input_bits` is valid.
    """
    found: list[int] = []
    for number in range(ceil(total_bits / output_bits)):
        last_bit = min((number + 1) * output_bits, total_bits) - 1
        ready = arrivals[last_bit // input_bits] + 1
        found.append(max(ready, found[-1] + 1) if found else ready)
    return found
