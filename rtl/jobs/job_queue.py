# SPDX-License-Identifier: Apache-2.0
"""Acquire, commit, wait, run: the order of the jobs."""

from amaranth import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

JOB_ID_BITS = 8


class JobQueue(wiring.Component):
    """One job runs and one may wait.

    acquire: reserve the next job (only while it can be acquired: neither `acquired` nor `waiting`).
    commit: the job is complete, reserved or not (only while none is waiting). done: the running job
    ends in this cycle. clear: drop everything.

    acquired: a job is reserved and not committed. waiting: a committed job waits, so that the words
    that describe it must stay. running: a job runs. first: in the first cycle of it; a job that is
    committed while none runs is there in the next cycle. job: identifier of the running or the last
    job. next_job: of the one that can be acquired.
    """

    def __init__(self) -> None:
        super().__init__(
            {
                "acquire": In(1),
                "commit": In(1),
                "done": In(1),
                "clear": In(1),
                "acquired": Out(1),
                "waiting": Out(1),
                "running": Out(1),
                "first": Out(1),
                "job": Out(JOB_ID_BITS),
                "next_job": Out(JOB_ID_BITS),
            }
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = Module()
        following = Signal(JOB_ID_BITS)
        free = ~self.running | self.done
        begins = (self.commit | self.waiting) & free
        m.d.sync += self.first.eq(begins & ~self.clear)
        with m.If(self.clear):
            m.d.sync += [
                self.acquired.eq(0),
                self.waiting.eq(0),
                self.running.eq(0),
                following.eq(self.next_job),
            ]
        with m.Else():
            with m.If(self.acquire):
                m.d.sync += self.acquired.eq(1)
            with m.If(self.commit):
                m.d.sync += [self.acquired.eq(0), self.next_job.eq(self.next_job + 1)]
            with m.If(begins):
                m.d.sync += [self.job.eq(following), following.eq(following + 1)]
            m.d.sync += [
                self.waiting.eq((self.commit | self.waiting) & ~free),
                self.running.eq(begins | (self.running & ~self.done)),
            ]
        return m
