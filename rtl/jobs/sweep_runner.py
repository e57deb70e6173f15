# SPDX-License-Identifier: Apache-2.0
"""Runs one job on an engine that makes the vectors of further pulses by itself."""

from amaranth import Cat, Module, Mux, Signal, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.piecewise_linear.network import piecewise_linear_network
from pulsewright.hls_model.piecewise_linear.widths import piecewise_linear_widths
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.shapes import shape_of
from pulsewright.rtl.jobs.job_request import JobKind, JobRequest
from pulsewright.rtl.jobs.job_runner import JobRunner
from pulsewright.rtl.jobs.pulse_codes import pulse_code


class SweepRunner(JobRunner):
    """A `JobRunner` that sends one vector a job, with the pulses that follow it.

    Attributes:
        further, reaches, target, last, reached, offset: of the `PiecewiseLinearEngine`.

    infer takes the engine's latency + 1 cycles, a curve or reach job the cycle of its last result
    + 2.
    """

    def further_ports(self) -> dict[str, wiring.Member]:
        """Those of a `PiecewiseLinearEngine` beside its streams."""
        offset = piecewise_linear_widths(self.model).offset
        return {
            "further": Out(offset),
            "reaches": Out(1),
            "target": Out(signed(WORD_BITS)),
            "last": In(1),
            "reached": In(1),
            "offset": In(offset),
        }

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Runs one job: sends its vector and the pulses that follow to the engine, and stores "
            "or streams the results.\n"
            "An inference takes the latency of the engine + 1 cycles, a curve or reach job the "
            "cycle of its last result + 2."
        )

    def connect_sweep(self, m: Module, engine: wiring.Component) -> None:
        """Join the ports beside the streams to those of the engine."""
        for name, member in self.further_ports().items():
            inner, outer = getattr(self, name), getattr(engine, name)
            m.d.comb += outer.eq(inner) if member.flow is Out else inner.eq(outer)

    def send(self, m: Module, job: JobRequest) -> None:
        """Offer the vector, of a curve or reach job with the code of its first pulse number."""
        offering, sweeps, taken = Signal(), Signal(), Signal()
        sweep = piecewise_linear_network(self.model).sweep
        width = self.model.input_format.width
        low = sweep.input_index * width
        code = data_register(
            m,
            self.first,
            pulse_code(m, sweep, job.n0, shape_of(self.model.input_format)),
            "code",
        )
        m.d.comb += [
            sweeps.eq(job.kind != JobKind.INFER),
            taken.eq(self.vector.valid & self.vector.ready),
            self.vector.payload.eq(
                Mux(sweeps, Cat(job.codes[:low], code, job.codes[low + width :]), job.codes)
            ),
            self.vector.valid.eq(offering),
            self.further.eq(Mux(sweeps, job.n1 - job.n0, 0)),
            self.reaches.eq(job.kind == JobKind.REACH),
            self.target.eq(job.target),
        ]
        with m.If(self.begins):
            m.d.sync += offering.eq(self.request.kind == JobKind.INFER)
        with m.Elif(self.done | self.clear):
            m.d.sync += offering.eq(0)
        with m.Elif(self.first | taken):
            m.d.sync += offering.eq(~taken)

    def watch(
        self, m: Module, job: JobRequest, arrived: Signal, last: Signal, reached: Signal
    ) -> None:
        """The engine tells the last result, and whether it reaches the target."""
        m.d.comb += [last.eq(self.last), reached.eq(self.reached)]
        number = (job.n0 + self.offset)[: len(job.n0)]
        self.show_reached(m, self.done & self.reaches, reached, number)
