# SPDX-License-Identifier: Apache-2.0
"""Runs one job: sends its vectors through the engine and says what becomes of the results."""

from amaranth import Cat, Const, Module, Mux, Signal, Value, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.shapes import lane_stream, shape_of
from pulsewright.rtl.jobs.job_request import JobKind, JobRequest
from pulsewright.rtl.jobs.pulse_codes import pulse_code
from pulsewright.rtl.module_component import ModuleComponent

NONE_REACHED = (1 << WORD_BITS) - 1


def fifo_width(model: IntegerMlp) -> int:
    """Bits of a word of the result FIFO: a result, or the difference of two."""
    return min(model.output_format.width + 1, WORD_BITS)


class JobRunner(ModuleComponent):
    """Runs the job that `request` describes in the cycle in which `begins` is high.

    Attributes:
        request: the job, in a cycle with `prepares`.
        prepares: `begins` or not, `request` may be loaded; no job runs, or it ends.
        begins: the next cycle is the first of a job.
        first: this cycle is.
        running: from `first` to `done`.
        clear: forget the job.
        done: the job ends in this cycle.
        vector: to the engine.
        result: from the engine.
        streaming: a job runs whose results go to the FIFO.
        push: store `fifo_vector` in the FIFO; only while `fifo_ready`.
        fifo_vector: a vector of results, or of differences, for the FIFO.
        fifo_ready: the FIFO has room; the engine waits otherwise.
        results: the last vector of results.
        reached_n: the register REACHED_N.
        cycles: clock cycles of the last job, those of `first` and `done` included.
        restart: the engine has to forget what is in it, since a reach job needs no more.
        event: the cycle after `done`.

    infer takes the engine's latency + 1 cycles. A curve or reach job has its first vector offered
    in the second cycle, and takes one cycle more: latency + 2 and the engine's interval for each
    further pulse number.
    """

    def __init__(self, model: IntegerMlp) -> None:
        self.model = model
        outputs = model.outputs
        super().__init__(
            {
                "request": In(JobRequest(model)),
                "prepares": In(1),
                "begins": In(1),
                "first": In(1),
                "running": In(1),
                "clear": In(1),
                "done": Out(1),
                "vector": Out(lane_stream(model.input_format, model.sizes[0])),
                "result": In(lane_stream(model.output_format, outputs)),
                "streaming": Out(1),
                "push": Out(1),
                "fifo_vector": Out(outputs * fifo_width(model)),
                "fifo_ready": In(1),
                "results": Out(shape_of(model.output_format)).array(outputs),
                "reached_n": Out(WORD_BITS, init=NONE_REACHED),
                "cycles": Out(WORD_BITS),
                "restart": Out(1),
                "event": Out(1),
                **self.further_ports(),
            }
        )

    def further_ports(self) -> dict[str, wiring.Member]:
        """Ports of an engine that makes a job's further vectors by itself; none of others."""
        return {}

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Runs one job: sends its vectors through the engine and stores or streams the "
            "results.\n"
            "An inference takes the latency of the engine + 1 cycles. A curve or reach job "
            "takes its latency + 2 and its initiation interval for each further pulse number."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        job = data_register(m, self.prepares, self.request, "kept_job")
        streamed = data_register(m, self.prepares, streams(self.request), "job_streams")
        m.d.comb += self.streaming.eq(self.running & streamed)
        self.send(m, job)
        self.receive(m, job)

        counter = Signal(WORD_BITS, reset_less=True)
        m.d.sync += self.event.eq(self.done)
        with m.If(self.prepares):
            m.d.sync += counter.eq(1)
        with m.Elif(self.running):
            m.d.sync += counter.eq(counter + 1)
        with m.If(self.done):
            m.d.sync += self.cycles.eq(counter)
        return m

    def send(self, m: Module, job: JobRequest) -> None:
        """Offer the vectors, one after the other."""
        offering = Signal()
        sweep = pulse_sweep(self.model)
        last = Signal(name="last_offered")
        codes = job.codes
        sweeps: Value = Const(0, 1)
        taken = Signal()
        m.d.comb += [taken.eq(self.vector.valid & self.vector.ready), last.eq(1)]
        if sweep is not None:
            width = self.model.input_format.width
            sweeps = Signal()
            number = Signal.like(self.request.n0, name="number_offered", reset_less=True)
            following = Signal.like(number, name="following")
            moves = Signal()
            m.d.comb += [
                sweeps.eq(job.kind != JobKind.INFER),
                following.eq(number + ~self.first),
                moves.eq(self.first | taken),
                last.eq(~sweeps | (number == job.n1)),
            ]
            with m.If(self.prepares):
                m.d.sync += number.eq(self.request.n0)
            with m.Elif(taken):
                m.d.sync += number.eq(following)
            # Found a cycle ahead, since the engine looks at it in the cycle in which it is offered.
            code = data_register(
                m,
                moves & sweeps,
                pulse_code(m, sweep, following, shape_of(self.model.input_format)),
                "code",
            )
            low = sweep.input_index * width
            codes = Mux(sweeps, Cat(codes[:low], code, codes[low + width :]), codes)
        m.d.comb += [
            self.vector.payload.eq(codes),
            self.vector.valid.eq(offering),
        ]
        with m.If(self.begins):
            m.d.sync += offering.eq(self.request.kind == JobKind.INFER)
        with m.Elif(self.done | self.clear):
            m.d.sync += offering.eq(0)
        with m.Elif(self.first | taken):
            m.d.sync += offering.eq(~(taken & last))

    def receive(self, m: Module, job: JobRequest) -> None:
        """Store the results, look for the last one, and hand them to the FIFO."""
        arrived = Signal()
        last = Signal(name="last_arrives")
        reached = Signal()
        begun = Signal()
        self.watch(m, job, arrived, last, reached)
        m.d.comb += [
            self.result.ready.eq(~self.streaming | self.fifo_ready),
            arrived.eq(self.running & self.result.valid & self.result.ready & ~self.clear),
            self.done.eq(arrived & last),
            self.restart.eq(self.done & reached),
            self.push.eq(arrived & self.streaming),
        ]
        with m.If(self.prepares):
            m.d.sync += begun.eq(0)
        with m.Elif(arrived):
            m.d.sync += begun.eq(1)
        width = fifo_width(self.model)
        for i, (stored, arriving) in enumerate(zip(self.results, self.result.payload, strict=True)):
            with m.If(arrived):
                m.d.sync += stored.eq(arriving)
            before = Signal.like(stored, name=f"before_{i}")
            m.d.comb += before.eq(Mux(job.increments & begun, stored, 0))
            m.d.comb += self.fifo_vector.word_select(i, width).eq(arriving - before)

    def watch(
        self, m: Module, job: JobRequest, arrived: Signal, last: Signal, reached: Signal
    ) -> None:
        """Drive `last`, that this is the last result, and `reached`, and REACHED_N."""
        m.d.comb += last.eq(1)
        if pulse_sweep(self.model) is not None:
            number = Signal.like(self.request.n0, name="number_arriving", reset_less=True)
            reaches = Signal()
            m.d.comb += [
                reaches.eq(job.kind == JobKind.REACH),
                reached.eq(reaches & self._at_target(m)),
                last.eq((job.kind == JobKind.INFER) | reached | (number == job.n1)),
            ]
            with m.If(self.prepares):
                m.d.sync += number.eq(self.request.n0)
            with m.Elif(arrived):
                m.d.sync += number.eq(number + 1)
            self.show_reached(m, self.done & reaches, reached, number)

    def _at_target(self, m: Module) -> Value:
        """True if the first result is the target or more.

        Of a target that no result comes to, or that all do, no more is kept than that: so the
        comparison is as wide as results are.
        """
        result, target = self.result.payload[0], self.request.target
        width = len(result) + (not result.shape().signed)
        outside = target[width - 1 :].any() & ~target[width - 1 :].all()
        low = data_register(m, self.prepares, target[:width].as_signed(), "target")
        never = data_register(m, self.prepares, outside & ~target[-1], "target_is_above")
        always = data_register(m, self.prepares, outside & target[-1], "target_is_below")
        difference = Signal(signed(width + 1), name="above_target")
        m.d.comb += difference.eq(result - low)
        # Its sign is the end of the carries, where a comparison has logic behind them.
        return always | (~never & ~difference[-1])

    def show_reached(self, m: Module, ends: Value, reached: Value, number: Value) -> None:
        """Keep the pulse number of a reach job that `ends` in this cycle, or that there is none."""
        kept = data_register(m, ends, number, "reached_number")
        none = Signal(init=1, name="none_reached")
        m.d.comb += self.reached_n.eq(Mux(none, NONE_REACHED, kept))
        with m.If(ends):
            m.d.sync += none.eq(~reached)


def streams(request: JobRequest) -> Value:
    """True if the results of a job go to the FIFO."""
    infers = request.kind == JobKind.INFER
    return (request.kind == JobKind.CURVE) | (infers & request.stream)


def can_increment(model: IntegerMlp) -> bool:
    """True if the difference of any two results fits a word."""
    return model.output_format.width < WORD_BITS
