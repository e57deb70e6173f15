# SPDX-License-Identifier: Apache-2.0
"""The input window: software fills one bank of it while layer 1 steps through the other."""

from math import ceil

from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.words import WORD_BITS, WORD_BYTES
from pulsewright.rtl.engine.memory_1r1w import TwoPortMemory
from pulsewright.rtl.engine.shapes import lane_stream
from pulsewright.rtl.engine.step_counter import StepCounter
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.data_windows import DataWindows
from pulsewright.rtl.registers.register_bus import RegisterBus
from pulsewright.rtl.registers.row_layout import RowLayout


class InputWindow(ModuleComponent):
    """Two banks of input words, and the steps of layer 1 out of one of them.

    Attributes:
        bus: writes to the window; a read is refused, since the memory's read port is layer 1's.
        waits: a write waits, because of the jobs.
        refuses: it is refused, which comes first.
        last_refuses: so is one of the last word.
        last_written: the last word is written in this cycle.
        first: a job begins in this cycle; what was written is its vector, and what is written
            from this cycle on is another one. Not before `taken` of the job before.
        taken: the last step of the job is read in this cycle; another one may begin after it.
        clear: forget the steps that are left.
        steps: `simd` inputs each, all steps of the vector once for each group of neurons.

    A write takes 1 cycle. The first step is offered 1 cycle after `first`, or once the last one of
    the job before goes, and one a cycle then.
    Storage 2 * rows of `RowLayout`.
    """

    def __init__(
        self,
        windows: DataWindows,
        folded_layer: FoldedLayer,
        input_format: FixedPoint,
        address_bits: int,
    ) -> None:
        self.windows = windows
        self.folded_layer = folded_layer
        self.input_format = input_format
        self.layout = RowLayout(folded_layer.simd * windows.lane_bits, windows.input_words)
        super().__init__(
            {
                "bus": In(RegisterBus(address_bits)),
                "waits": In(1),
                "refuses": In(1),
                "last_refuses": In(1),
                "last_written": Out(1),
                "first": In(1),
                "taken": Out(1),
                "clear": In(1),
                "steps": Out(lane_stream(input_format, folded_layer.simd)),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"The input window: two banks of {self.windows.input_words} words, one to be filled "
            "while layer 1 steps through the other.\n"
            "A write takes one cycle. The first step is offered one cycle after a job begins, and "
            "one a cycle then; the next job may begin behind the last one."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        filled, fill = Signal(name="filled"), Signal(name="fill")
        # The bank that is filled; the other one is read.
        m.d.comb += fill.eq(filled ^ self.first)
        m.d.sync += filled.eq(fill)
        word, stores = self._answer(m)
        position, reads = self._step(m)
        rows = self._memories(m, (stores, word, fill), (reads, position, ~fill))
        step = Signal(self.layout.step_bits, name="step_bits")
        m.d.comb += step.eq(self._shifted(m, rows, position, reads))
        lane_bits, width = self.windows.lane_bits, self.input_format.width
        m.d.comb += self.steps.payload.eq(
            Cat(step[i * lane_bits : i * lane_bits + width] for i in range(self.folded_layer.simd))
        )
        return m

    def _shifted(self, m: Module, rows: Value, position: Value, reads: Value) -> Value:
        """The step that begins at the place of `position` in the rows that were read.

        A stage for each bit of the place, and none wider than what the later ones may show: a
        shift by a number of bits was mapped to twice the look-up tables.
        """
        layout = self.layout
        stages = (layout.units - 1).bit_length()
        if not stages:
            return rows
        place = Signal(stages, name="place_of_step")
        with m.If(reads):
            m.d.sync += place.eq(position[:stages])
        shown = rows
        for stage in reversed(range(stages)):
            by = layout.unit_bits << stage
            shown_bits = min(layout.step_bits + by - layout.unit_bits, len(rows))
            part = Signal(shown_bits, name=f"shifted_by_{by}")
            m.d.comb += part.eq(Mux(place[stage], shown[by : by + shown_bits], shown))
            shown = part
        return shown

    def _answer(self, m: Module) -> tuple[Value, Value]:
        """Answer the bus; number of the word, and whether it is stored."""
        bus, words = self.bus, self.windows.input_words
        bits = (self.windows.input_size // WORD_BYTES - 1).bit_length()
        word = Signal(max(bits, 1))
        is_last, refused, stores = (
            Signal(name="is_last"),
            Signal(name="refused"),
            Signal(name="stores"),
        )
        past_the_last = word >= words if words < 1 << bits else Const(0)
        m.d.comb += [
            word.eq(bus.address[2 : 2 + bits]),
            is_last.eq(word == words - 1),
            refused.eq(
                ~bus.write
                | ~bus.byte_enable.all()
                | past_the_last
                | self.refuses
                | (is_last & self.last_refuses)
            ),
            bus.error.eq(refused),
            bus.ready.eq(bus.valid & (refused | ~self.waits)),
            stores.eq(bus.ready & ~refused),
            self.last_written.eq(stores & is_last),
        ]
        return word, stores

    def _step(self, m: Module) -> tuple[Value, Value]:
        """Place of the step that is read in units, and whether it is read in this cycle."""
        folded_layer, layout = self.folded_layer, self.layout
        step = StepCounter("step", folded_layer.input_steps)
        group = StepCounter("group", folded_layer.neuron_groups)
        reading, offered = Signal(name="reading"), Signal(name="offered")
        reads, group_ends = Signal(name="reads"), Signal(name="group_ends")
        steps_left = Signal(name="steps_left")
        m.d.comb += [
            steps_left.eq(self.first | reading),
            reads.eq(steps_left & (~offered | self.steps.ready)),
            group_ends.eq(reads & step.last),
            self.taken.eq(group_ends & group.last),
            self.steps.valid.eq(offered),
        ]
        m.d.sync += reading.eq(steps_left & ~self.taken)
        step.advance(m, reads)
        group.advance(m, group_ends)
        stride = layout.step_bits // layout.unit_bits
        position = Signal(range(max(layout.rows * layout.units, 2)))
        with m.If(reads):
            m.d.sync += [
                position.eq(Mux(step.last, 0, position + stride)),
                offered.eq(1),
            ]
        with m.Elif(self.steps.ready):
            m.d.sync += offered.eq(0)
        with m.If(self.clear):
            m.d.sync += [reading.eq(0), offered.eq(0), position.eq(0)]
            for counter in (step, group):
                if counter.steps > 1:
                    m.d.sync += counter.index.eq(0)
        return position, reads

    def _memories(
        self, m: Module, write: tuple[Value, Value, Value], read: tuple[Value, Value, Value]
    ) -> Value:
        """The row that was read, with the following one behind it where a step may need it.

        write: whether, word and bank. read: whether, position and bank.
        """
        layout = self.layout
        stores, word, fill = write
        reads, position, bank = read
        column_bits, unit_bits = (layout.row_words - 1).bit_length(), layout.units.bit_length() - 1
        write_row, column = word[column_bits:], word[:column_bits]
        read_row = position[unit_bits:]
        if not layout.crosses:
            return self._memory(
                m,
                "input_memory",
                layout.rows,
                (stores, fill, write_row, column),
                (reads, bank, read_row),
            )
        odd = Signal(name="first_row_is_odd")
        with m.If(reads):
            m.d.sync += odd.eq(read_row[0])
        following = Signal(len(read_row) + 1, name="following_row")
        m.d.comb += following.eq(read_row + 1)
        is_odd = write_row[0]
        evens = self._memory(
            m,
            "even_rows",
            ceil(layout.rows / 2),
            (stores & ~is_odd, fill, write_row[1:], column),
            (reads, bank, following[1:]),
        )
        odds = self._memory(
            m,
            "odd_rows",
            layout.rows // 2,
            (stores & is_odd, fill, write_row[1:], column),
            (reads, bank, read_row[1:]),
        )
        rows = Signal(2 * layout.row_bits, name="rows")
        m.d.comb += rows.eq(Mux(odd, Cat(odds, evens), Cat(evens, odds)))
        return rows

    def _memory(
        self,
        m: Module,
        name: str,
        rows: int,
        write: tuple[Value, Value, Value, Value],
        read: tuple[Value, Value, Value],
    ) -> Value:
        """Two banks of `rows`, written a word at a time and read a row at a time.

        write: whether, bank, row and column. read: whether, bank and row.
        """
        words = self.layout.row_words
        memory = TwoPortMemory(2 * rows, words, WORD_BITS)
        m.submodules[name] = memory
        # Memory ports have the same names in every memory; these are seen from outside.
        enables = Signal(words, name=f"{name}_write_enables")
        row = Signal.like(memory.read_address, name=f"{name}_read_row")
        read_enable = Signal(name=f"{name}_reads")
        data = Signal(self.layout.row_bits, name=f"{name}_row")
        stores, bank, write_row, column = write
        reads, read_bank, read_row = read
        # A last step that does not cross the end of its row has no following one.
        is_there = read_row < rows if rows < 1 << len(read_row) else 1
        m.d.comb += [
            enables.eq(Cat(stores & ((column == i) if words > 1 else 1) for i in range(words))),
            row.eq(Cat(read_bank, read_row)),
            read_enable.eq(reads & is_there),
            memory.write_address.eq(Cat(bank, write_row)),
            memory.write_data.eq(self.bus.write_data.replicate(words)),
            memory.write_enable.eq(enables),
            memory.read_address.eq(row),
            memory.read_enable.eq(read_enable),
            data.eq(memory.read_data),
        ]
        return data
