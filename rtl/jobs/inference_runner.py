# SPDX-License-Identifier: Apache-2.0
"""Runs one inference at a time: what is left of jobs where nothing else is asked for."""

from amaranth import Module, Signal
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.engine.shapes import lane_stream, shape_of
from pulsewright.rtl.module_component import ModuleComponent


class InferenceRunner(ModuleComponent):
    """Sends one vector through the engine and keeps its results.

    Attributes:
        codes: input codes side by side; they stay from the cycle after `begins` to `done`.
        begins: the next cycle is the first of an inference; only while none runs.
        clear: forget the inference.
        running: from the cycle after `begins` to `done`.
        done: the inference ends in this cycle.
        vector: to the engine.
        result: from the engine.
        results: the last vector of results.
        event: the cycle after `done`.

    An inference takes the engine's latency + 1 cycles.
    """

    def __init__(self, model: IntegerMlp) -> None:
        vector = lane_stream(model.input_format, model.sizes[0])
        super().__init__(
            {
                "codes": In(model.input_format.width * model.sizes[0]),
                "begins": In(1),
                "clear": In(1),
                "running": Out(1),
                "done": Out(1),
                "vector": Out(vector),
                "result": In(lane_stream(model.output_format, model.outputs)),
                "results": Out(shape_of(model.output_format)).array(model.outputs),
                "event": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Runs one inference at a time: sends its vector through the engine and stores the "
            "results.\n"
            "An inference takes the latency of the engine + 1 cycles."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        offering, ends = Signal(), Signal()
        m.d.comb += [
            self.vector.payload.eq(self.codes),
            self.vector.valid.eq(offering),
            self.result.ready.eq(1),
            self.done.eq(self.running & self.result.valid & ~self.clear),
            ends.eq(self.done | self.clear),
        ]
        m.d.sync += [
            offering.eq(self.begins | (offering & ~self.vector.ready & ~ends)),
            self.running.eq(self.begins | (self.running & ~ends)),
            self.event.eq(self.done),
        ]
        with m.If(self.done):
            m.d.sync += [
                stored.eq(arriving)
                for stored, arriving in zip(self.results, self.result.payload, strict=True)
            ]
        return m
