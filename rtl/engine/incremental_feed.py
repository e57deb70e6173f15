# SPDX-License-Identifier: Apache-2.0
"""The feed of an incremental first layer: the steps that changed, as differences."""

from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import data, stream
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.operand_feed import input_slices
from pulsewright.rtl.engine.shapes import lane_stream, lanes
from pulsewright.rtl.engine.step_counter import StepCounter, select
from pulsewright.rtl.module_component import ModuleComponent


def difference_format(operand_format: FixedPoint) -> FixedPoint:
    """The format that holds the difference of any two operands: one bit more, signed."""
    return FixedPoint(width=operand_format.width + 1, frac=operand_format.frac, signed=True)


class StepTag(data.StructLayout):
    """What travels with a step, since an incremental layer leaves steps out.

    Attributes:
        row: number of the step's weights, group * input_steps + step.
        first: the step is the first of its group.
        last: it is the last.
        fresh: the group starts from its bias, not from the accumulators of the vector before.
    """

    def __init__(self, folded_layer: FoldedLayer) -> None:
        super().__init__({"row": range(folded_layer.cycles), "first": 1, "last": 1, "fresh": 1})


def incremental_steps(folded_layer: FoldedLayer, operand_format: FixedPoint) -> stream.Signature:
    """A stream whose beat is `simd` differences and the tag of their step."""
    differences = lanes(difference_format(operand_format), folded_layer.simd)
    return stream.Signature(
        data.StructLayout({"operands": differences, "tag": StepTag(folded_layer)})
    )


class IncrementalFeed(ModuleComponent):
    """Steps through the changed operands of a vector that the producer holds in one beat.

    Gives x - x_before for the steps of which one input changed, once for each group of neurons;
    where nothing changed one step of zeros, so that the groups still hand on their results. After
    reset the vector before counts as zero and no step is left out.

    Attributes:
        beats: vectors, one in each beat.
        operands: `folded_layer.simd` differences a step, and the tag of the step.

    Latency 0 cycles, one step a cycle, ceil(M/pe) * max(changed steps, 1) cycles a vector, all
    ceil(K/simd) steps of a fresh one. Storage K operands.
    """

    def __init__(self, folded_layer: FoldedLayer, operand_format: FixedPoint) -> None:
        self.folded_layer = folded_layer
        self.operand_format = operand_format
        super().__init__(
            {
                "beats": In(lane_stream(operand_format, folded_layer.beat)),
                "operands": Out(incremental_steps(folded_layer, operand_format)),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Steps through the inputs that changed since the vector before, as differences.\n"
            f"Latency 0 cycles, one step a cycle, {self.folded_layer.neuron_groups} * max(changed "
            "steps, 1) cycles a vector."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        vector = self.beats.payload.as_value()
        before = Signal(len(vector), name="vector_before")
        fresh = Signal(init=1)
        new, old = (
            input_slices(one, self.operand_format.width, self.folded_layer)
            for one in (vector, before)
        )
        started = Signal()
        left_over = Signal(self.folded_layer.input_steps)
        changed = Cat(fresh | (a != b) for a, b in zip(new, old, strict=True))
        step, after = self._first_of(m, Mux(started, left_over, changed))

        group = StepCounter("group", self.folded_layer.neuron_groups)
        taken = Signal()
        last = Signal()
        complete = Signal()
        m.d.comb += [
            taken.eq(self.operands.valid & self.operands.ready),
            last.eq(~after.any()),
            complete.eq(self.operands.ready & last & group.last),
        ]
        group.advance(m, taken & last)
        with m.If(taken):
            m.d.sync += [started.eq(~last), left_over.eq(after)]
        with m.If(self.beats.valid & complete):
            m.d.sync += [before.eq(vector), fresh.eq(0)]

        self._drive_differences(m, select(step, new), select(step, old))
        tag = self.operands.payload.tag
        m.d.comb += [
            self.operands.valid.eq(self.beats.valid),
            self.beats.ready.eq(complete),
            tag.row.eq(self._first_row(group) + step),
            tag.first.eq(~started),
            tag.last.eq(last),
            tag.fresh.eq(fresh),
        ]
        return m

    def _first_of(self, m: Module, to_come: Value) -> tuple[Signal, Signal]:
        """The first of the steps of a group that are still to come, and those after it."""
        steps = self.folded_layer.input_steps
        left = Signal(steps)
        lowest = Signal(steps)
        after = Signal(steps)
        step = Signal(range(steps))
        m.d.comb += [
            left.eq(to_come),
            lowest.eq(Cat(left[i] & ~left[:i].any() for i in range(steps))),
            after.eq(left & ~lowest),
            step.eq(_encode(lowest)),
        ]
        return step, after

    def _drive_differences(self, m: Module, new: Value, old: Value) -> None:
        """Hand out the operands of a step less those of the vector before."""
        simd = self.folded_layer.simd
        new_step, old_step = (
            data.View(lanes(self.operand_format, simd), step) for step in (new, old)
        )
        m.d.comb += [
            self.operands.payload.operands[lane].eq(new_step[lane] - old_step[lane])
            for lane in range(simd)
        ]

    def _first_row(self, group: StepCounter) -> Value:
        """Number of the weights of a group's first step."""
        folded_layer = self.folded_layer
        rows = [
            Const(g * folded_layer.input_steps, range(folded_layer.cycles))
            for g in range(folded_layer.neuron_groups)
        ]
        return select(group.index, rows)


def _encode(one_hot: Signal) -> Value:
    """The number of the bit that is set, 0 if none is."""
    count = len(one_hot)
    return Cat(
        Cat(one_hot[i] for i in range(count) if i >> bit & 1).any()
        for bit in range((count - 1).bit_length())
    )
