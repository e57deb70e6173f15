# SPDX-License-Identifier: Apache-2.0
"""The accumulators of a dense layer: sums of a group's steps, and their common scale."""

from typing import NamedTuple

from amaranth import Cat, Module, Mux, Signal, Value
from amaranth.lib.data import ArrayLayout
from amaranth.lib.memory import Memory

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.adder_graph import Addend
from pulsewright.rtl.engine.constant_rom import constant_rom
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.shapes import shape_of
from pulsewright.rtl.engine.step_counter import StepCounter, select


class AccumulatePosition(NamedTuple):
    """Where in its group a beat is that the accumulators load.

    first, last: of the beats of its group. fresh: the group starts from its bias.
    """

    first: Value
    last: Value
    fresh: Value


class Accumulators:
    """`pe` accumulators, and of an incremental layer those of the vector before.

    load: enable of their registers. position: of the beat that they load. group: the group that
    they load, one ahead of what they hold once it is complete; it advances when it is.
    """

    def __init__(
        self,
        layer: DenseLayer,
        folded_layer: FoldedLayer,
        load: Value,
        position: AccumulatePosition,
        group: StepCounter,
    ) -> None:
        self._layer, self._folded_layer = layer, folded_layer
        self._load, self._position, self._group = load, position, group

    def accumulated(self, m: Module, biases: list[Value], sums: list[Addend]) -> list[Value]:
        """Start plus the sums of a group's steps, exact modulo the accumulator's width.

        The start is the bias, or what an incremental layer kept of the vector before.
        """
        shape = shape_of(self._layer.accumulator_format)
        position, incremental = self._position, self._folded_layer.incremental
        lanes = ArrayLayout(shape, len(biases))
        whole = Signal(lanes, name="whole_sums")
        before = lanes(self._kept(m, whole.as_value())) if incremental else None
        accumulators: list[Value] = []
        for lane, (bias, addend) in enumerate(zip(biases, sums, strict=True)):
            start = bias if before is None else Mux(position.fresh, bias, before[lane])
            accumulator = Signal(shape, name=f"accumulator_{lane}", reset_less=True)
            total = Signal(shape, name=f"total_{lane}")
            augend = Signal(shape, name=f"augend_{lane}")
            m.d.comb += [
                augend.eq(Mux(position.first, start, accumulator)),
                total.eq(augend - addend.value if addend.negative else augend + addend.value),
            ]
            if incremental:
                m.d.comb += whole[lane].eq(total)
            with m.If(self._load):
                m.d.sync += accumulator.eq(total)
            accumulators.append(accumulator)
        return accumulators

    def _kept(self, m: Module, whole: Value) -> Value:
        """The sums of the group as the vector before left them; `whole` replaces them.

        In an FPGA the memory is LUT RAM.
        """
        group = self._group
        if group.steps == 1:
            return data_register(m, group.advances, whole, "kept")
        before = Signal(len(whole), name="kept_before")
        m.submodules.kept = memory = Memory(shape=len(whole), depth=group.steps, init=[])
        writer, reader = memory.write_port(), memory.read_port(domain="comb")
        m.d.comb += [
            before.eq(reader.data),
            reader.addr.eq(group.index),
            writer.en.eq(group.advances),
            writer.addr.eq(group.index),
            writer.data.eq(whole),
        ]
        return before

    def aligned(self, m: Module, accumulators: list[Value]) -> list[Value]:
        """Each accumulator times 2**channel_shift of its neuron, at the aligned width.

        The number of the shift is loaded with the accumulator, since the counter of the groups
        has moved on when the accumulator is read.
        """
        if not any(self._layer.channel_shifts):
            return accumulators
        result_shape = shape_of(self._layer.aligned_format)
        aligned: list[Value] = []
        for lane, accumulator in enumerate(accumulators):
            # Lanes past the last neuron hold zero, which any shift leaves zero.
            shifts = self._layer.channel_shifts[lane :: self._folded_layer.pe]
            distinct = sorted(set(shifts))
            # No bit is lost: the aligned format holds every neuron's range after its own shift.
            choices = [_as_wide(accumulator.shift_left(s), result_shape.width) for s in distinct]
            value = choices[0]
            if len(distinct) > 1:
                numbers = [distinct.index(shift) for shift in shifts]
                selected = constant_rom(
                    m, f"channel_shift_rom{lane}", self._group.index, numbers, range(len(distinct))
                )
                number = data_register(m, self._load, selected, f"channel_shift_{lane}")
                value = select(number, choices)
            result = Signal(result_shape, name=f"aligned_{lane}")
            m.d.comb += result.eq(value)
            aligned.append(result)
        return aligned


def _as_wide(value: Value, width: int) -> Value:
    """A signed `value` cut or extended to `width` bits."""
    return Cat(value, value[-1].replicate(max(0, width - len(value))))[:width].as_signed()
