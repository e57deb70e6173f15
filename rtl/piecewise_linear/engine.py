# SPDX-License-Identifier: Apache-2.0
"""The engine for piecewise-linear curves: one inference, then an addition a pulse."""

from amaranth import Module, Mux, Signal, Value, signed
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.piecewise_linear.network import piecewise_linear_network
from pulsewright.hls_model.piecewise_linear.widths import piecewise_linear_widths
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.piecewise_linear_timing import PiecewiseLinearTiming
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.shapes import lane_stream
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.piecewise_linear.corrections import Corrections
from pulsewright.rtl.piecewise_linear.neuron_sums import NeuronSums
from pulsewright.rtl.piecewise_linear.output_line import OutputLine
from pulsewright.rtl.piecewise_linear.pulse_walker import PulseWalker
from pulsewright.rtl.piecewise_linear.switch_finder import SwitchFinder


class PiecewiseLinearEngine(ModuleComponent):
    """Takes a vector, gives its output and those of the pulses that follow, or one that reaches.

    Attributes:
        vector: input codes, with that of the first pulse number; held until they are taken.
        further: pulses after the first one, 0 for an inference. With `reaches` and `target` it
            stays from the first valid cycle of the vector to the last result.
        reaches: hand on one result alone, the first that is `target` or more, or else the last.
        target: a signed word, in units of the result.
        result: outputs, one a beat.
        last: the beat is the last one of its vector; there while it is valid.
        reached: it is `target` or more; there with the one result of `reaches`.
        offset: pulses of the beat after the first.

    One vector is in the engine at a time. With A = 2 + ceil(ceil(log2(K + 1)) / 3) stages to an
    accumulator and D = ceil(quotient bits / 2) of the divider, from a vector's first valid cycle:
    its output after M + A + 1 cycles, that of the first further pulse after M + A + D + 5, and one
    a cycle from there on. A reach goes from knot to knot and from one end of a block of 8 pulses to
    the next, one stop a cycle; behind a stop that is past the target, or after which the output may
    have been, it takes 4 cycles back to the stop before and then goes pulse by pulse.

    Raises:
        PulsewrightError: the network is not piecewise linear in the pulse number.
    """

    def __init__(self, model: IntegerMlp) -> None:
        self.model = model
        self.network = piecewise_linear_network(model)
        self.widths = piecewise_linear_widths(model)
        self.timing = PiecewiseLinearTiming(
            inputs=model.sizes[0], neurons=model.sizes[1], quotient=self.widths.quotient
        )
        super().__init__(
            {
                "vector": In(lane_stream(model.input_format, model.sizes[0])),
                "further": In(self.widths.offset),
                "reaches": In(1),
                "target": In(signed(WORD_BITS)),
                "result": Out(lane_stream(model.output_format, 1)),
                "last": Out(1),
                "reached": Out(1),
                "offset": Out(self.widths.offset),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        timing = self.timing
        return (
            f"The engine for piecewise-linear curves: {timing.neurons} hidden neurons, one a "
            "cycle, then one pulse a cycle.\n"
            f"Latency from the first cycle of a vector to that of its output: {timing.latency} "
            f"cycles; to that of the first further pulse: {timing.curve(2)} cycles."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        m.submodules.neurons = neurons = NeuronSums(
            self.network, self.widths, self.timing, self.model.input_format
        )
        m.submodules.finder = finder = SwitchFinder(self.widths, self.timing)
        m.submodules.corrections = corrections = Corrections(self.widths)
        m.submodules.walker = walker = PulseWalker(self.widths)
        m.submodules.line = line = OutputLine(self.network.output_bias, self.widths)
        busy = Signal()
        m.d.comb += [
            neurons.begin.eq(self.vector.valid & ~busy),
            neurons.codes.eq(self.vector.payload),
            self.vector.ready.eq(neurons.taken),
            finder.valid.eq(neurons.valid),
            finder.accumulator.eq(neurons.accumulator),
            finder.constants.eq(neurons.constants),
            corrections.switch.eq(finder.switch),
            corrections.store.eq(finder.found & (finder.switch.pulses <= self.further)),
            line.clear.eq(neurons.begin),
            line.accumulator.eq(neurons.accumulator),
            line.constants.eq(neurons.constants),
            line.adds.eq(neurons.valid),
        ]
        with m.If(neurons.begin):
            m.d.sync += busy.eq(1)
        with m.Elif(self.result.valid & self.result.ready & self.last):
            m.d.sync += busy.eq(0)
        m.d.comb += [
            walker.dense.eq(~self.reaches),
            walker.further.eq(self.further),
            walker.after.eq(self.offset),
            walker.knots.eq(corrections.knots),
            corrections.fetch.eq(walker.fetch),
            corrections.fetch_block.eq(walker.fetch_block),
            corrections.read_pulse.eq(walker.pulse),
            line.correction.eq(corrections.correction),
        ]
        first, stored = self._follow(m, neurons, corrections)
        self._walk(m, corrections, walker, line, first, stored)
        return m

    def _follow(
        self, m: Module, neurons: NeuronSums, corrections: Corrections
    ) -> tuple[Value, Value]:
        """Where neurons are behind their sums: the output is there, the last switch is stored."""
        present: list[Value] = [neurons.valid]
        for stage in range(self.timing.divider_stages + 1):
            present.append(Signal(name=f"neuron_{stage}"))
            m.d.sync += present[-1].eq(present[-2])
        # With the first neuron, since those of a job that ended early may still be on their way.
        m.d.comb += corrections.clear.eq(present[-2] & ~present[-1])
        return present[1] & ~present[0], present[-1] & ~present[-2]

    def _walk(
        self,
        m: Module,
        corrections: Corrections,
        walker: PulseWalker,
        line: OutputLine,
        first: Value,
        stored: Value,
    ) -> None:
        """From the first output to the last: stops, moves of the line, results."""
        sweeping, advances = Signal(), Signal()
        moving, moved = Signal(name="stop_moves"), Signal(name="stop_moved")
        number, jump, has_knot = _taken_stop(m, walker, advances & walker.stops)
        moves = Signal(name="line_moves")
        reaching_number = data_register(m, moves, number, "moved_pulse")
        jumped = data_register(m, moves, jump != 1, "moved_far")
        ends, goes_back = Signal(), Signal(name="goes_back")
        arrives = Signal(name="stop_arrives")
        m.d.comb += [
            advances.eq(~self.result.valid | self.result.ready),
            moves.eq(moving & advances),
            arrives.eq(moved & advances),
            line.moves.eq(moves),
            line.jump.eq(jump),
            line.has_knot.eq(has_knot),
            line.takes.eq(arrives & ~goes_back),
            line.returns.eq(goes_back),
            walker.move.eq(advances),
            walker.restart.eq((stored & sweeping) | goes_back),
            walker.every_pulse.eq(goes_back),
            walker.halt.eq(ends),
            corrections.read.eq(walker.stops & walker.has_knot & advances),
        ]
        with m.If(advances):
            m.d.sync += [moving.eq(walker.stops), moved.eq(moving)]
        with m.If(goes_back | ends):
            m.d.sync += [moving.eq(0), moved.eq(0)]
        is_past = line.following >= self.target
        at = Mux(first, 0, reaching_number)
        m.d.comb += [
            goes_back.eq(arrives & self.reaches & jumped & (is_past | line.may_peak)),
            ends.eq(
                (first | arrives) & ~goes_back & ((self.reaches & is_past) | (at == self.further))
            ),
        ]
        with m.If(first):
            m.d.sync += [sweeping.eq(~ends), self.offset.eq(0)]
        with m.Elif(arrives & ~goes_back):
            m.d.sync += [sweeping.eq(sweeping & ~ends), self.offset.eq(reaching_number)]
        self._hand_on(m, line, first | arrives, advances, ends, goes_back, is_past)

    def _hand_on(
        self,
        m: Module,
        line: OutputLine,
        computed: Value,
        advances: Value,
        ends: Value,
        goes_back: Value,
        is_past: Value,
    ) -> None:
        """Results: of a reach the last one alone."""
        with m.If(advances):
            m.d.sync += self.result.valid.eq(computed & ~goes_back & (ends | ~self.reaches))
        with m.If(computed & ~goes_back):
            m.d.sync += [self.last.eq(ends), self.reached.eq(self.reaches & is_past)]
        m.d.comb += self.result.payload.eq(line.value)


def _taken_stop(m: Module, walker: PulseWalker, takes: Value) -> list[Signal]:
    """Pulse, jump and knot of the stop that was taken last."""
    stop = {"pulse": walker.pulse, "jump": walker.jump, "has_knot": walker.has_knot}
    return [data_register(m, takes, value, f"stop_{name}") for name, value in stop.items()]
