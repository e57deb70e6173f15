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
        folded_layer, width = self.folded_layer, self.operand_format.width
        vector = self.beats.payload.as_value()
        before = Signal(len(vector), name="vector_before")
        fresh = Signal(init=1)
        new, old = (
            input_slices(vector, width, folded_layer),
            input_slices(before, width, folded_layer),
        )

        # Steps of the present group that are still to come; all that changed when it starts.
        started = Signal()
        left_over = Signal(folded_layer.input_steps)
        left = Signal(folded_layer.input_steps)
        lowest = Signal(folded_layer.input_steps)
        after = Signal(folded_layer.input_steps)
        step = Signal(range(folded_layer.input_steps))
        changed = Cat(fresh | (a != b) for a, b in zip(new, old, strict=True))
        m.d.comb += [
            left.eq(Mux(started, left_over, changed)),
            lowest.eq(Cat(left[i] & ~left[:i].any() for i in range(folded_layer.input_steps))),
            after.eq(left & ~lowest),
            step.eq(_encode(lowest)),
        ]

        group = StepCounter("group", folded_layer.neuron_groups)
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

        payload = self.operands.payload
        step_layout = lanes(self.operand_format, folded_layer.simd)
        new_step = data.View(step_layout, select(step, new))
        old_step = data.View(step_layout, select(step, old))
        m.d.comb += [
            payload.operands[lane].eq(new_step[lane] - old_step[lane])
            for lane in range(folded_layer.simd)
        ]
        rows = [
            Const(g * folded_layer.input_steps, range(folded_layer.cycles))
            for g in range(folded_layer.neuron_groups)
        ]
        m.d.comb += [
            self.operands.valid.eq(self.beats.valid),
            self.beats.ready.eq(complete),
            payload.tag.row.eq(select(group.index, rows) + step),
            payload.tag.first.eq(~started),
            payload.tag.last.eq(last),
            payload.tag.fresh.eq(fresh),
        ]
        return m


def _encode(one_hot: Signal) -> Value:
    """The number of the bit that is set, 0 if none is."""
    count = len(one_hot)
    return Cat(
        Cat(one_hot[i] for i in range(count) if i >> bit & 1).any()
        for bit in range((count - 1).bit_length())
    )
