# SPDX-License-Identifier: Apache-2.0
"""The multipliers and offsets of a requantiser beside the accumulators of a dense unit."""

from amaranth import Const, Module, Shape, Signal, Value

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.requantiser_widths import (
    addends_of,
    requantiser_widths,
    required_requantiser,
    scale_rows,
)
from pulsewright.rtl.engine.constant_rom import packed, registered_rom
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.step_counter import StepCounter


class AccumulatorScaling:
    """Products of accumulators and multipliers, and the addends that go with them.

    group: counts the groups that the accumulators complete. group_ends: they complete one in this
    cycle. scale_load: enable of the stage behind them; not looked at if all multipliers are 1, and
    there is no such stage then. platform: what the design is elaborated for.

    Multipliers stand beside complete accumulators, addends beside what the next stage takes. Rows
    that are all equal are constants, else a table and a register.
    """

    def __init__(
        self,
        layer: DenseLayer,
        folded_layer: FoldedLayer,
        reloadable: bool,
        group: StepCounter,
        group_ends: Value,
        scale_load: Value,
        platform: object = None,
    ) -> None:
        self.layer, self.folded_layer = layer, folded_layer
        self.widths = requantiser_widths(layer, reloadable)
        self._group, self._group_ends, self._scale_load = group, group_ends, scale_load
        self._platform = platform

    def products(self, m: Module, accumulators: list[Value]) -> list[Value]:
        """One for each lane, in registers of the stage `scale` if there are multipliers."""
        if not self.folded_layer.multiplied:
            return accumulators
        width = self.widths.multiplier
        values = required_requantiser(self.layer).multiplier.tolist()
        word = self._row(m, "multiplier", values, width, self._group.index, self._group_ends)
        scaled: list[Value] = []
        for lane, accumulator in enumerate(accumulators):
            multiplier = word[lane * width : (lane + 1) * width]
            product = Signal(Shape(self.widths.product, signed=True), name=f"multiplied_{lane}")
            m.d.comb += product.eq(accumulator * multiplier)
            scaled.append(data_register(m, self._scale_load, product, f"scaled_{lane}"))
        return scaled

    def addends(self, m: Module) -> list[Value]:
        """Offset and rounding of each lane of the group whose products are there."""
        width = self.widths.addend
        index, load = self._group.index, self._group_ends
        if self.folded_layer.multiplied:
            scaled_group = StepCounter("scaled_group", self.folded_layer.neuron_groups)
            scaled_group.advance(m, self._scale_load)
            index, load = scaled_group.index, self._scale_load
        word = self._row(m, "addend", addends_of(self.layer), width, index, load)
        lanes = range(self.folded_layer.pe)
        return [word[lane * width : (lane + 1) * width].as_signed() for lane in lanes]

    def _row(
        self, m: Module, name: str, values: list[int], width: int, index: Value, load: Value
    ) -> Value:
        """The row of a group side by side, loaded when its group arrives."""
        groups, pe = self.folded_layer.neuron_groups, self.folded_layer.pe
        words = [packed(row, width) for row in scale_rows(values, groups, pe)]
        if len(set(words)) == 1:
            return Const(words[0], pe * width)
        return registered_rom(
            m, self._platform, f"{name}_rom", index, load, words, pe * width, f"{name}s"
        )
