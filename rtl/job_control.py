# SPDX-License-Identifier: Apache-2.0
"""Starts one inference, waits for its result, and counts its cycles."""

from amaranth import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out


class JobControl(wiring.Component):
    """One job at a time.

    start: begin a job (ignored while one runs). clear: abandon it.
    busy: a job runs. offer: the input vector is valid for the engine, until `taken`.
    finish: the engine has the result this cycle. store: take it.
    event: one cycle after `finish`, for one cycle. cycles: clock cycles of the last job, counted
    from the first busy cycle to the one that stores the result: engine latency + 1.
    job: identifier of the running or last job; next_job: of the one to come.
    """

    def __init__(self) -> None:
        super().__init__(
            {
                "start": In(1),
                "clear": In(1),
                "busy": Out(1),
                "offer": Out(1),
                "taken": In(1),
                "finish": In(1),
                "store": Out(1),
                "event": Out(1),
                "cycles": Out(32),
                "job": Out(8),
                "next_job": Out(8),
            }
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = Module()
        counter = Signal(32)
        m.d.comb += self.store.eq(self.busy & self.finish & ~self.clear)
        m.d.sync += self.event.eq(self.store)
        with m.If(self.clear):
            m.d.sync += [self.busy.eq(0), self.offer.eq(0)]
        with m.Elif(~self.busy), m.If(self.start):
            m.d.sync += [
                self.busy.eq(1),
                self.offer.eq(1),
                counter.eq(1),
                self.job.eq(self.next_job),
                self.next_job.eq(self.next_job + 1),
            ]
        with m.Else():
            m.d.sync += counter.eq(counter + 1)
            with m.If(self.taken):
                m.d.sync += self.offer.eq(0)
            with m.If(self.finish):
                m.d.sync += [self.busy.eq(0), self.cycles.eq(counter)]
        return m
