# SPDX-License-Identifier: Apache-2.0
"""Operand feeds: turn a producer's beats into the steps of a folded layer.

A layer of K inputs and M neurons takes its K operands `simd` at a time, once for each of its
ceil(M/pe) groups of neurons; `OperandFeed` says which feed a layer gets.
"""

from typing import NamedTuple

from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import data
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.constant_rom import constant_rom
from pulsewright.rtl.engine.shapes import lane_stream, lanes
from pulsewright.rtl.engine.step_counter import StepCounter, select
from pulsewright.rtl.module_component import ModuleComponent


def input_slices(vector: Value, width: int, folded_layer: FoldedLayer) -> list[Value]:
    """The operands of each step of a flat `vector`; lanes past the last input are zero.

    What a last beat holds past the last input is left out.
    """
    vector = vector[: folded_layer.inputs * width]
    padded = folded_layer.input_steps * folded_layer.simd * width
    if len(vector) < padded:
        vector = Cat(vector, Const(0, padded - len(vector)))
    step_bits = folded_layer.simd * width
    return [vector[i * step_bits : (i + 1) * step_bits] for i in range(folded_layer.input_steps)]


class CountedSteps(NamedTuple):
    """Where in its vector a feed is.

    group_ends: the layer takes the last step of a group in this cycle.
    """

    step: StepCounter
    group: StepCounter
    group_ends: Value


class Feed(ModuleComponent):
    """What feeds have in common.

    Attributes:
        beats: `folded_layer.beat` activations each, from the producer.
        operands: `folded_layer.simd` activations a step.
    """

    def __init__(self, folded_layer: FoldedLayer, operand_format: FixedPoint) -> None:
        self.folded_layer = folded_layer
        self.operand_format = operand_format
        super().__init__(
            {
                "beats": In(lane_stream(operand_format, folded_layer.beat)),
                "operands": Out(lane_stream(operand_format, folded_layer.simd)),
            }
        )

    def _count_steps(self, m: Module) -> CountedSteps:
        """Count the steps that the layer takes, and the groups of neurons that they are for."""
        step = StepCounter("step", self.folded_layer.input_steps)
        group = StepCounter("group", self.folded_layer.neuron_groups)
        taken = Signal()
        group_ends = Signal()
        m.d.comb += [
            taken.eq(self.operands.valid & self.operands.ready),
            group_ends.eq(taken & step.last),
        ]
        step.advance(m, taken)
        group.advance(m, group_ends)
        return CountedSteps(step, group, group_ends)


class HeldFeed(Feed):
    """Steps through a vector that the producer holds in one beat until its last step.

    Latency 0 cycles, one step a cycle, ceil(M/pe) * ceil(K/simd) cycles a vector. No storage.
    """

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Steps through a vector that the producer holds until its last step.\n"
            f"Latency 0 cycles, one step a cycle, {self.folded_layer.cycles} cycles a vector."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        step, group, _ = self._count_steps(m)
        vector = self.beats.payload.as_value()
        choices = input_slices(vector, self.operand_format.width, self.folded_layer)
        m.d.comb += [
            self.operands.valid.eq(self.beats.valid),
            self.operands.payload.eq(select(step.index, choices)),
            self.beats.ready.eq(self.operands.ready & step.last & group.last),
        ]
        return m


class DoubleBufferedFeed(Feed):
    """Fills one bank with the producer's beats while the layer works through the other.

    A step of the first group goes as soon as its operands are written: latency 1 cycle after the
    beat that brings them. One step a cycle; the producer never waits if the consumer is the faster.
    Storage 2 * ceil(K/beat) * beat activations.
    """

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Fills one bank with the results of the layer before while the layer behind works "
            "through the other.\n"
            "Latency 1 cycle from the beat that brings the operands of a step to the step; "
            f"one step a cycle, {self.folded_layer.cycles} cycles a vector."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        full = Signal(2)
        write_bank = Signal()
        read_bank = Signal()
        banks, beat = self._fill(m, full, write_bank)
        step, group, group_ends = self._count_steps(m)
        vector_ends = Signal()
        m.d.comb += vector_ends.eq(group_ends & group.last)
        with m.If(vector_ends):
            m.d.sync += [
                full.bit_select(read_bank, 1).eq(0),
                read_bank.eq(~read_bank),
            ]
        there: Value = select(read_bank, [full[0], full[1]])
        if self.folded_layer.input_steps > 1:
            needed = self._needed_beat(m, step)
            there |= (read_bank == write_bank) & (beat.index > needed)
        width = self.operand_format.width
        choices = [input_slices(bank.as_value(), width, self.folded_layer) for bank in banks]
        m.d.comb += [
            self.operands.valid.eq(there),
            self.operands.payload.eq(
                select(read_bank, [select(step.index, slices) for slices in choices])
            ),
        ]
        return m

    def _fill(
        self, m: Module, full: Signal, write_bank: Signal
    ) -> tuple[list[data.View], StepCounter]:
        """Write beats to the bank that is not full: both banks, and the beat that comes next."""
        folded_layer = self.folded_layer
        beat_layout = lanes(self.operand_format, folded_layer.beat)
        bank_layout = data.ArrayLayout(beat_layout, folded_layer.input_beats)
        banks = [Signal(bank_layout, name=f"bank{i}", reset_less=True) for i in range(2)]
        beat = StepCounter("beat", folded_layer.input_beats)
        written = Signal()
        m.d.comb += written.eq(self.beats.valid & self.beats.ready)
        beat.advance(m, written)
        m.d.comb += self.beats.ready.eq(~select(write_bank, [full[0], full[1]]))
        with m.If(written):
            with m.Switch(Cat(beat.index, write_bank)):
                for number in range(2 * folded_layer.input_beats):
                    bank, index = divmod(number, folded_layer.input_beats)
                    with m.Case(bank << len(beat.index) | index):
                        m.d.sync += banks[bank][index].eq(self.beats.payload)
            with m.If(beat.last):
                m.d.sync += [
                    full.bit_select(write_bank, 1).eq(1),
                    write_bank.eq(~write_bank),
                ]
        return banks, beat

    def _needed_beat(self, m: Module, step: StepCounter) -> Value:
        """The last beat whose activations a step takes."""
        folded_layer = self.folded_layer
        needed_beats = [
            (min((i + 1) * folded_layer.simd, folded_layer.inputs) - 1) // folded_layer.beat
            for i in range(folded_layer.input_steps)
        ]
        return constant_rom(
            m, "needed_beat_rom", step.index, needed_beats, range(folded_layer.input_beats)
        )


class MaskedFeed(Feed):
    """Passes beats on as steps, with zeros in the lanes of the last step past the last input.

    For reloadable weights: lanes past the last neuron have no bias that software could store, and
    what they compute must not matter. Latency 0 cycles, one step a cycle.
    """

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Passes beats on as steps, with zeros in the lanes past the last input.\n"
            "Latency 0 cycles, one step a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        folded_layer = self.folded_layer
        step = StepCounter("step", folded_layer.input_steps)
        step.advance(m, self.operands.valid & self.operands.ready)
        kept = folded_layer.inputs - (folded_layer.input_steps - 1) * folded_layer.simd
        m.d.comb += [
            self.operands.valid.eq(self.beats.valid),
            self.beats.ready.eq(self.operands.ready),
        ]
        for lane in range(folded_layer.simd):
            operand = self.beats.payload[lane]
            masked = Mux(step.last, 0, operand) if lane >= kept else operand
            m.d.comb += self.operands.payload[lane].eq(masked)
        return m
