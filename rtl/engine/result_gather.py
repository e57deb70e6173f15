# SPDX-License-Identifier: Apache-2.0
"""Gathers the groups of a folded output layer into one beat."""

from amaranth import Module, Signal
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.shapes import lane_stream
from pulsewright.rtl.engine.step_counter import StepCounter
from pulsewright.rtl.module_component import ModuleComponent


class ResultGather(ModuleComponent):
    """Collects ceil(M/pe) beats of `pe` results into one beat of M.

    Latency 1 cycle after the last group; throughput one group a cycle, also while the consumer
    takes the vector before. Storage M results.

    Attributes:
        groups: `pe` results a beat, group after group.
        vector: M results in one beat.
    """

    def __init__(self, folded_layer: FoldedLayer, result_format: FixedPoint) -> None:
        self.folded_layer = folded_layer
        super().__init__(
            {
                "groups": In(lane_stream(result_format, folded_layer.pe)),
                "vector": Out(lane_stream(result_format, folded_layer.neurons)),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"Gathers {self.folded_layer.neuron_groups} groups of results into one vector.\n"
            "Latency 1 cycle after the last group; one group a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        full = Signal()
        gathered = Signal.like(self.vector.payload, name="gathered", reset_less=True)
        group = StepCounter("group", self.folded_layer.neuron_groups)
        taken = Signal()
        m.d.comb += taken.eq(self.groups.valid & self.groups.ready)
        group.advance(m, taken)
        m.d.comb += [
            self.groups.ready.eq(~full | self.vector.ready),
            self.vector.valid.eq(full),
            self.vector.payload.eq(gathered),
        ]
        with m.If(taken):
            m.d.sync += full.eq(group.last)
            with m.Switch(group.index):
                for number in range(self.folded_layer.neuron_groups):
                    first = number * self.folded_layer.pe
                    with m.Case(number):
                        m.d.sync += [
                            gathered[first + lane].eq(self.groups.payload[lane])
                            for lane in range(
                                min(self.folded_layer.pe, self.folded_layer.neurons - first)
                            )
                        ]
        with m.Elif(self.vector.ready):
            m.d.sync += full.eq(0)
        return m
