# SPDX-License-Identifier: Apache-2.0
"""The result window: a FIFO of two result vectors, whose oldest one software reads in any order."""

from amaranth import Cat, Module, Mux, Signal, Value
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.words import WORD_BYTES
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.shapes import lane_stream, shape_of
from pulsewright.rtl.engine.step_counter import select
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.data_windows import RESULT_VECTORS, DataWindows
from pulsewright.rtl.registers.register_bus import RegisterBus


class ResultWindow(ModuleComponent):
    """Stores the results of a job in one bank of a memory while software reads those in the other.

    Attributes:
        groups: `lanes` results a beat, those past the last result undefined.
        bus: reads of the window; writes are refused.
        job: one runs, or is due; a read with no vector there waits for it.
        given_up: the read ends in this cycle without an answer of this component.
        clear: drop what is not taken, and the rest of a vector that is being stored.
        done: the last result of a vector is stored in this cycle.
        level: vectors that are not taken, 0 to 2; the read of a last result takes one.
        full: no job may begin after this cycle, since there would be no room for its results.

    A read takes 2 cycles. Results are stored one a cycle from the cycle after the beat that brings
    them, so that a beat of `lanes` results is taken every `lanes` cycles at most.
    """

    def __init__(
        self, windows: DataWindows, result_format: FixedPoint, lanes: int, address_bits: int
    ) -> None:
        self.windows = windows
        self.result_format = result_format
        self.lanes = lanes
        super().__init__(
            {
                "groups": In(lane_stream(result_format, lanes)),
                "bus": In(RegisterBus(address_bits)),
                "job": In(1),
                "given_up": In(1),
                "clear": In(1),
                "done": Out(1),
                "level": Out(range(RESULT_VECTORS + 1)),
                "full": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"The result window: a FIFO of {RESULT_VECTORS} vectors of "
            f"{self.windows.result_words} results.\n"
            "Results are stored one a cycle from the cycle after their beat; a read takes two "
            "cycles."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        memory = Memory(
            shape=self.result_format.width,
            depth=RESULT_VECTORS * self.windows.result_words,
            init=[],
        )
        m.submodules.result_memory = memory
        # The bank that software reads; the results of a job go to the other one.
        shown = Signal(name="shown_bank")
        self._store(m, memory, ~shown)
        takes = self._answer(m, memory, shown)
        following = Signal.like(self.level, name="following_level")
        m.d.comb += [
            following.eq(self.level + self.done - takes),
            self.full.eq(following == RESULT_VECTORS),
        ]
        m.d.sync += self.level.eq(following)
        only_one = self.level == 1
        with m.If((self.done & ((self.level == 0) | (takes & only_one))) | (takes & ~only_one)):
            m.d.sync += shown.eq(~shown)
        with m.If(self.clear):
            m.d.sync += self.level.eq(0)
        return m

    def _store(self, m: Module, memory: Memory, bank: Value) -> None:
        """Take a beat, and store its results one after the other."""
        words, width = self.windows.result_words, self.result_format.width
        held = Signal(name="beat_is_held")
        lane = Signal(range(max(self.lanes, 2)))
        index = Signal(range(max(words, 2)))
        ends, taken, beat_ends = (
            Signal(name="ends"),
            Signal(name="taken"),
            Signal(name="beat_ends"),
        )
        m.d.comb += [
            ends.eq(index == words - 1),
            beat_ends.eq((lane == self.lanes - 1) | ends),
            self.groups.ready.eq(~held | beat_ends),
            taken.eq(self.groups.valid & self.groups.ready),
            self.done.eq(held & ends & ~self.clear),
        ]
        beat = data_register(m, taken, self.groups.payload.as_value(), "beat")
        with m.If(held):
            m.d.sync += [
                index.eq(Mux(ends, 0, index + 1)),
                lane.eq(Mux(beat_ends, 0, lane + 1)),
            ]
        with m.If(self.groups.ready):
            m.d.sync += held.eq(taken)
        with m.If(self.clear):
            m.d.sync += [held.eq(0), index.eq(0), lane.eq(0)]
        writer = memory.write_port()
        results = [beat.word_select(i, width) for i in range(self.lanes)]
        m.d.comb += [
            writer.addr.eq(Cat(bank, index[: (words - 1).bit_length()])),
            writer.data.eq(select(lane, results)),
            writer.en.eq(held),
        ]

    def _answer(self, m: Module, memory: Memory, bank: Value) -> Value:
        """Answer the bus; True if a vector is taken in this cycle."""
        bus, words = self.bus, self.windows.result_words
        bits = (self.windows.result_size // WORD_BYTES - 1).bit_length()
        word = Signal(max(bits, 1))
        refused, there, fetches, fetched, takes = (
            Signal(name=name) for name in ("refused", "there", "fetches", "fetched", "takes")
        )
        # Nothing is shown of a memory that was never written.
        ever = Signal(name="has_been_written")
        with m.If(self.done):
            m.d.sync += ever.eq(1)
        reader = memory.read_port()
        result = Signal(shape_of(self.result_format))
        m.d.comb += [
            word.eq(bus.address[2 : 2 + bits]),
            refused.eq(bus.write | (word >= words if words < 1 << bits else 0)),
            there.eq((self.level != 0) | ~self.job),
            fetches.eq(bus.valid & ~refused & there & ~fetched),
            reader.addr.eq(Cat(bank, word[:bits])),
            reader.en.eq(fetches),
            result.eq(reader.data),
            bus.error.eq(refused),
            bus.ready.eq(bus.valid & (refused | fetched)),
            bus.read_data.eq(Mux(fetched & ever, result, 0)),
            takes.eq(fetched & bus.valid & (word == words - 1) & (self.level != 0)),
        ]
        m.d.sync += fetched.eq(fetches & ~self.given_up)
        return takes
