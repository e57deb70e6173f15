# SPDX-License-Identifier: Apache-2.0
"""The operand feed of a large layer: both banks of its double buffer in one memory."""

from amaranth import Cat, Const, Module, Mux, Signal, Value

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.feed_memory import feed_row_lanes, feed_rows
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.elastic_stage import ElasticStage
from pulsewright.rtl.engine.memory_1r1w import TwoPortMemory
from pulsewright.rtl.engine.operand_feed import Feed
from pulsewright.rtl.engine.step_counter import StepCounter, select


class MemoryFeed(Feed):
    """Fills one half of a memory with the producer's beats while the layer reads the other.

    A row is the larger of a beat and a step, which is a multiple of the smaller: beats are gathered
    to rows, or steps cut out of them. A step of the first group goes as soon as its row is written:
    latency 2 cycles after the beat that brings its last operand. One step a cycle; the producer
    never waits if the consumer is the faster. One write and one read port; a row is read once for
    its steps. Lanes past the last input are zero. Storage 2 * ceil(K/row) rows, a row that was
    read, and row - beat lanes of a row that is gathered.
    """

    def __init__(self, folded_layer: FoldedLayer, operand_format: FixedPoint) -> None:
        self.row_lanes = feed_row_lanes(folded_layer)
        self.rows = feed_rows(folded_layer)
        self.beats_a_row = self.row_lanes // folded_layer.beat
        self.steps_a_row = self.row_lanes // folded_layer.simd
        self.row_bits = self.row_lanes * operand_format.width
        super().__init__(folded_layer, operand_format)

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Fills one half of a memory with what arrives while the layer behind works through the "
            "other.\n"
            "Latency 2 cycles from the beat that brings the operands of a step to the step; "
            f"one step a cycle, {self.folded_layer.cycles} cycles a vector."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        full = Signal(2)
        write_bank = Signal()
        read_bank = Signal()
        written_row = StepCounter("written_row", self.rows)
        written, row = self._gather(m, written_row, ~select(write_bank, [full[0], full[1]]))
        written_row.advance(m, written)

        read_row = StepCounter("read_row", self.rows)
        there: Value = select(read_bank, [full[0], full[1]])
        if self.rows > 1:
            there |= (read_bank == write_bank) & (written_row.index > read_row.index)
        fetch = ElasticStage("fetch")
        fetch.connect(m, there, self.operands.ready)
        reads, vector_ends = self._step(m, fetch, read_row)
        vector_written = Signal()
        m.d.comb += vector_written.eq(written & written_row.last)
        for bank in range(2):
            with m.If(vector_written & (write_bank == bank)):
                m.d.sync += full[bank].eq(1)
            with m.Elif(vector_ends & (read_bank == bank)):
                m.d.sync += full[bank].eq(0)
        m.d.sync += [
            write_bank.eq(write_bank ^ vector_written),
            read_bank.eq(read_bank ^ vector_ends),
        ]

        fetched = self._memory(
            m,
            (written, Cat(write_bank, written_row.index), row),
            (reads, Cat(read_bank, read_row.index)),
        )
        step_bits = self.folded_layer.simd * self.operand_format.width
        steps = [fetched.word_select(i, step_bits) for i in range(self.steps_a_row)]
        m.d.comb += [
            self.operands.valid.eq(fetch.valid),
            self.operands.payload.eq(select(self._fetched_part, steps)),
        ]
        return m

    def _gather(self, m: Module, written_row: StepCounter, ready: Value) -> tuple[Value, Value]:
        """Take beats; when a row is complete, and what is in it."""
        folded_layer, width = self.folded_layer, self.operand_format.width
        part = StepCounter("gathered_part", self.beats_a_row)
        beat = StepCounter("beat", folded_layer.input_beats)
        taken = Signal()
        written = Signal()
        row_ends = Signal(name="written_row_ends")
        m.d.comb += [
            row_ends.eq(part.last | beat.last),
            self.beats.ready.eq(ready),
            taken.eq(self.beats.valid & ready),
            written.eq(taken & row_ends),
        ]
        beat.advance(m, taken)
        arriving = self.beats.payload.as_value()
        gathers = Signal()
        m.d.comb += gathers.eq(taken & ~row_ends)
        parts = [
            data_register(m, gathers & (part.index == i), arriving, f"gathered_{i}")
            for i in range(self.beats_a_row - 1)
        ]
        if self.beats_a_row > 1:
            m.d.comb += part.last.eq(part.index == part.steps - 1)
            with m.If(taken):
                m.d.sync += part.index.eq(Mux(row_ends, 0, (part.index + 1)[: len(part.index)]))
        # The beat that completes a row may be any in the last row, where what follows is zero.
        beats_of_last_row = folded_layer.input_beats - (self.rows - 1) * self.beats_a_row
        lanes: list[Value] = []
        for i in range(self.beats_a_row):
            value = arriving
            if i < self.beats_a_row - 1:
                arrives_now = i == beats_of_last_row - 1
                value = Mux(written_row.last, arriving, parts[i]) if arrives_now else parts[i]
            lanes += [value[j * width : (j + 1) * width] for j in range(folded_layer.beat)]
        kept = folded_layer.inputs - (self.rows - 1) * self.row_lanes
        row = Signal(self.row_bits)
        m.d.comb += row.eq(
            Cat(
                Mux(written_row.last, 0, lane)[:width] if i >= kept else lane
                for i, lane in enumerate(lanes)
            )
        )
        return written, row

    def _step(self, m: Module, fetch: ElasticStage, read_row: StepCounter) -> tuple[Value, Value]:
        """Count the steps; when a row is read, and when the last step of a vector is fetched."""
        folded_layer = self.folded_layer
        cuts = self.steps_a_row > 1
        step = StepCounter("step", folded_layer.input_steps) if cuts else read_row
        group = StepCounter("group", folded_layer.neuron_groups)
        part = StepCounter("part", self.steps_a_row)
        group_ends = Signal()
        row_ends = Signal(name="read_row_ends")
        vector_ends = Signal()
        m.d.comb += [
            group_ends.eq(fetch.load & step.last),
            vector_ends.eq(group_ends & group.last),
            row_ends.eq(fetch.load & (part.last | step.last)),
        ]
        group.advance(m, group_ends)
        read_row.advance(m, row_ends)
        self._fetched_part: Value = Const(0, 1)
        reads: Value = fetch.load
        if cuts:
            step.advance(m, fetch.load)
            m.d.comb += part.last.eq(part.index == part.steps - 1)
            with m.If(fetch.load):
                m.d.sync += part.index.eq(Mux(row_ends, 0, (part.index + 1)[: len(part.index)]))
            self._fetched_part = data_register(m, fetch.load, part.index, "fetched_part")
            reads = fetch.load & part.first
        return reads, vector_ends

    def _memory(
        self, m: Module, write: tuple[Value, Value, Value], read: tuple[Value, Value]
    ) -> Value:
        """Both halves, written at one address and read at another; what was read last."""
        write_enable, write_address, row = write
        read_enable, read_address = read
        m.submodules.banks = memory = TwoPortMemory(2 * self.rows, 1, self.row_bits)
        reads = Signal()
        fetched = Signal(self.row_bits)
        m.d.comb += [
            reads.eq(read_enable),
            memory.write_enable.eq(write_enable),
            memory.write_address.eq(write_address),
            memory.write_data.eq(row),
            memory.read_enable.eq(reads),
            memory.read_address.eq(read_address),
            fetched.eq(memory.read_data),
        ]
        return fetched
