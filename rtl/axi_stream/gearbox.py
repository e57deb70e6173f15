# SPDX-License-Identifier: Apache-2.0
"""Conversion of the width of a stream of vectors."""

from math import ceil, gcd

from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import stream
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.step_counter import StepCounter
from pulsewright.rtl.module_component import ModuleComponent


class Gearbox(ModuleComponent):
    """Turns beats of `input_bits` into beats of `output_bits`, each vector beginning a new beat.

    vector_bits: bits of a vector, the first in the lowest bits of its first beat. What the last
    input beat holds past them is dropped, what the last output beat holds past them is undefined.

    Latency 1 cycle after the input beat that completes an output beat; the wider side never waits
    for the narrower one but at its own pace: a vector takes the larger of ceil(vector_bits /
    input_bits) and ceil(vector_bits / output_bits) cycles. Storage input_bits + output_bits.

    Attributes:
        input: beats of vectors, one after the other.
        output: the same vectors.
    """

    def __init__(self, input_bits: int, output_bits: int, vector_bits: int) -> None:
        self.input_bits = input_bits
        self.output_bits = output_bits
        self.input_beats = ceil(vector_bits / input_bits)
        self.output_beats = ceil(vector_bits / output_bits)
        super().__init__(
            {
                "input": In(stream.Signature(input_bits)),
                "output": Out(stream.Signature(output_bits)),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"Turns {self.input_beats} beats of {self.input_bits} bits into {self.output_beats} of "
            f"{self.output_bits} bits.\n"
            "Latency 1 cycle after the bits of a beat are complete."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        # Counted are units of which every beat has a whole number.
        unit = gcd(self.input_bits, self.output_bits)
        arriving, leaving = self.input_bits // unit, self.output_bits // unit
        # The last beat of a vector fills up to the end of its last output beat, and no further.
        last_arriving = self.output_beats * leaving - (self.input_beats - 1) * arriving
        most = leaving + max(arriving, last_arriving)
        filled = Signal(range(most + 1))
        left = Signal(range(most + 1))
        gives = Signal()
        takes = Signal()
        beat = StepCounter("beat", self.input_beats)
        m.d.comb += [
            self.output.valid.eq(filled >= leaving),
            gives.eq(self.output.valid & self.output.ready),
            left.eq(Mux(gives, filled - leaving, filled)),
            self.input.ready.eq(left <= leaving),
            takes.eq(self.input.valid & self.input.ready),
        ]
        beat.advance(m, takes)
        added = Mux(beat.last, last_arriving, arriving)
        m.d.sync += filled.eq(left + Mux(takes, added, Const(0)))

        size = self.input_bits + self.output_bits
        shifted = Signal(size)
        inserted = Signal(size)
        stored = data_register(m, takes | gives, inserted, "stored")
        # Behind what is left; what lies above that counts for nothing.
        placed: Value = shifted
        for place in range(leaving + 1):
            low, high = place * unit, place * unit + self.input_bits
            there = Cat(shifted[:low], self.input.payload, shifted[high:])
            placed = Mux(left == place, there, placed)
        m.d.comb += [
            shifted.eq(Mux(gives, stored >> self.output_bits, stored)),
            inserted.eq(placed),
            self.output.payload.eq(stored),
        ]
        return m
