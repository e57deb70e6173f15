# SPDX-License-Identifier: Apache-2.0
"""The result window: a FIFO of result vectors, whose oldest one software reads in any order."""

from amaranth import Module, Mux, Signal, Value
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.words import WORD_BYTES
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.memory_1r1w import TwoPortMemory
from pulsewright.rtl.engine.shapes import lane_stream, shape_of
from pulsewright.rtl.engine.step_counter import select
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.data_windows import DataWindows
from pulsewright.rtl.registers.register_bus import RegisterBus


class ResultWindow(ModuleComponent):
    """Stores the results of jobs in a ring of vectors, of which software reads the oldest.

    A vector is software's from the end of its job until its last word is read; nothing is written
    over it before that, since every job has its room from its first cycle on.

    Attributes:
        groups: `lanes` results a beat, those past the last result undefined.
        bus: reads of the window; writes are refused.
        first: a job begins in this cycle, and takes room for a vector.
        due: a job is going to begin; a read with no vector there waits for it, as for one that
            runs.
        clear: drop what is not taken, the rest of a vector that is being stored, and all jobs.
        done: the last result of a vector is stored in this cycle: its job ends.
        level: vectors that are not taken; the read of a last result takes one.
        running: jobs that have begun and not ended.
        full: no job may begin after this cycle, since there would be no room for its results.

    The read of a word that follows the one read before takes 1 cycle, any other 2. Results are
    stored one a cycle from the cycle after the beat that brings them, so that a beat of `lanes`
    results is taken every `lanes` cycles at most. Storage `windows.result_vectors` vectors.
    """

    def __init__(
        self, windows: DataWindows, result_format: FixedPoint, lanes: int, address_bits: int
    ) -> None:
        self.windows = windows
        self.result_format = result_format
        self.lanes = lanes
        vectors = range(windows.result_vectors + 1)
        super().__init__(
            {
                "groups": In(lane_stream(result_format, lanes)),
                "bus": In(RegisterBus(address_bits)),
                "first": In(1),
                "due": In(1),
                "clear": In(1),
                "done": Out(1),
                "level": Out(vectors),
                "running": Out(vectors),
                "full": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"The result window: a FIFO of {self.windows.result_vectors} vectors of "
            f"{self.windows.result_words} results.\n"
            "Results are stored one a cycle from the cycle after their beat; a read takes two "
            "cycles, one where it follows that of the word before."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        vectors, words = self.windows.result_vectors, self.windows.result_words
        memory = TwoPortMemory(vectors * words, 1, self.result_format.width)
        m.submodules.result_memory = memory
        taken = Signal(name="vector_taken")
        advances = Signal(name="shown_advances")
        only_one = self.level == 1
        # What was taken last is shown until there is another one.
        m.d.comb += advances.eq(
            (self.done & ((self.level == 0) | (taken & only_one))) | (taken & ~only_one)
        )
        shown = Signal(range(vectors * words), name="shown_vector")
        following = Signal.like(shown, name="following_vector")
        m.d.comb += following.eq(Mux(shown == (vectors - 1) * words, 0, shown + words))
        with m.If(advances):
            m.d.sync += shown.eq(following)
        self._count(m, taken)
        self._store(m, memory, following)
        m.d.comb += taken.eq(self._answer(m, memory, shown, advances))
        return m

    def _count(self, m: Module, taken: Value) -> None:
        """Count vectors that are not taken, and room that is."""
        occupied, following = (
            Signal.like(self.level, name=f"{name}_vectors") for name in ("occupied", "following")
        )
        m.d.comb += [
            following.eq(occupied + self.first - taken),
            self.running.eq(occupied + self.first - self.level),
            self.full.eq(following == self.windows.result_vectors),
        ]
        m.d.sync += [
            self.level.eq(self.level + self.done - taken),
            occupied.eq(following),
        ]
        with m.If(self.clear):
            m.d.sync += [self.level.eq(0), occupied.eq(0)]

    def _store(self, m: Module, memory: TwoPortMemory, following: Value) -> None:
        """Take a beat, and store its results one after the other.

        following: the place behind the vector that is shown, where a clear goes on.
        """
        words, width = self.windows.result_words, self.result_format.width
        held = Signal(name="beat_is_held")
        lane = Signal(range(max(self.lanes, 2)))
        index = Signal(range(max(words, 2)))
        # As if a vector before it had been taken.
        place = Signal(range(memory.depth), init=words, name="place")
        ends, beat_taken, beat_ends = (
            Signal(name="ends"),
            Signal(name="beat_taken"),
            Signal(name="beat_ends"),
        )
        m.d.comb += [
            ends.eq(index == words - 1),
            beat_ends.eq((lane == self.lanes - 1) | ends),
            self.groups.ready.eq(~held | beat_ends),
            beat_taken.eq(self.groups.valid & self.groups.ready),
            self.done.eq(held & ends & ~self.clear),
        ]
        beat = data_register(m, beat_taken, self.groups.payload.as_value(), "beat")
        with m.If(held):
            m.d.sync += [
                index.eq(Mux(ends, 0, index + 1)),
                lane.eq(Mux(beat_ends, 0, lane + 1)),
                place.eq(Mux(place == memory.depth - 1, 0, place + 1)),
            ]
        with m.If(self.groups.ready):
            m.d.sync += held.eq(beat_taken)
        with m.If(self.clear):
            m.d.sync += [held.eq(0), index.eq(0), lane.eq(0), place.eq(following)]
        results = [beat.word_select(i, width) for i in range(self.lanes)]
        m.d.comb += [
            memory.write_address.eq(place),
            memory.write_data.eq(select(lane, results)),
            memory.write_enable.eq(held),
        ]

    def _answer(self, m: Module, memory: TwoPortMemory, shown: Value, advances: Value) -> Value:
        """Answer the bus; True if a vector is taken in this cycle.

        The memory is read ahead by a word. advances: another vector is shown from the next cycle.
        """
        bus, words = self.bus, self.windows.result_words
        bits = (self.windows.result_size // WORD_BYTES - 1).bit_length()
        word, read_word = Signal(max(bits, 1)), Signal(max(bits, 1), name="read_word")
        refused, there, fetches, fetched, answers, is_last = (
            Signal(name=name)
            for name in ("refused", "there", "fetches", "fetched", "answers", "is_last")
        )
        fetched_word = Signal.like(word, name="fetched_word")
        # Nothing is shown of a memory that was never written.
        ever = Signal(name="has_been_written")
        with m.If(self.done):
            m.d.sync += ever.eq(1)
        result = Signal(shape_of(self.result_format))
        m.d.comb += [
            word.eq(bus.address[2 : 2 + bits]),
            is_last.eq(word == words - 1),
            refused.eq(bus.write | (word >= words if words < 1 << bits else 0)),
            there.eq((self.level != 0) | ~((self.running != 0) | self.due)),
            answers.eq(bus.valid & ~refused & there & fetched & (fetched_word == word)),
            fetches.eq(bus.valid & ~refused & there & ~(answers & is_last)),
            read_word.eq(word + answers),
            memory.read_address.eq(shown + read_word),
            memory.read_enable.eq(fetches),
            result.eq(memory.read_data),
            bus.error.eq(refused),
            bus.ready.eq((bus.valid & refused) | answers),
            bus.read_data.eq(Mux(answers & ever, result, 0)),
        ]
        with m.If(fetches):
            m.d.sync += fetched_word.eq(read_word)
        with m.If(fetches | answers | advances):
            m.d.sync += fetched.eq(fetches & ~advances)
        return answers & is_last & (self.level != 0)
