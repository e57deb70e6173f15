# SPDX-License-Identifier: Apache-2.0
"""Acquire, commit, wait, run: the order of the jobs."""

from amaranth import Module, Signal
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.module_component import ModuleComponent

JOB_ID_BITS = 8


class JobQueue(ModuleComponent):
    """One job runs and one may wait.

    pipelined: a job runs until its vector is taken, and jobs before it are still computed then.
    Their identifiers follow one another, since those of dropped jobs are given again.

    Attributes:
        acquire: reserve the next job; only while neither `acquired` nor `waiting`.
        asked: a job may be committed in this cycle; high with `commit` at least.
        commit: the job is complete, reserved or not; only while none is waiting.
        trigger: the job that waits, or is committed in this cycle, may run.
        done: the running job ends in this cycle.
        clear: drop everything.
        release: drop what does not run: an acquired job and one that waits. With `clear`,
            identifiers begin at 0 again.
        acquired: a job is reserved and not committed.
        waiting: a committed job waits, so the words that describe it must stay.
        untriggered: it waits for a trigger.
        due: it waits for the running one alone.
        running: a job runs.
        prepares: one may begin: known early, so that its words are loaded by this.
        begins: one does begin: the next cycle is its first.
        first: its first cycle, the one after its commit if none ran then.
        job: identifier of the running or the last job, 0 to 255.
        next_job: of the one that can be acquired; means nothing while one waits.
        hold: no job begins after this cycle; there if jobs are pipelined.
    """

    def __init__(self, pipelined: bool = False) -> None:
        self.pipelined = pipelined
        super().__init__(
            {
                **({"hold": In(1)} if pipelined else {}),
                "acquire": In(1),
                "asked": In(1),
                "commit": In(1),
                "trigger": In(1),
                "done": In(1),
                "clear": In(1),
                "release": In(1),
                "acquired": Out(1),
                "waiting": Out(1),
                "untriggered": Out(1),
                "due": Out(1),
                "running": Out(1),
                "prepares": Out(1),
                "begins": Out(1),
                "first": Out(1),
                "job": Out(JOB_ID_BITS),
                "next_job": Out(JOB_ID_BITS),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "The order of the jobs: acquired, committed, triggered, waiting, running; one runs "
            "and one may wait.\n"
            "A job that is committed and triggered while none runs is there in the next cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        committed = Signal()
        triggered = Signal()
        drops = Signal()
        may_begin = committed & triggered
        if self.pipelined:
            may_begin &= ~self.hold
        m.d.comb += [
            self.due.eq(self.waiting & ~self.untriggered),
            drops.eq(self.clear | self.release),
            committed.eq((self.commit | self.waiting) & ~drops),
            triggered.eq(self.trigger | self.due),
            self.prepares.eq((self.asked | self.waiting) & (~self.running | self.done)),
            self.begins.eq(may_begin & (~self.running | self.done)),
        ]
        m.d.sync += [
            self.first.eq(self.begins),
            self.waiting.eq(committed & ~self.begins),
            self.untriggered.eq(committed & ~triggered),
            self.running.eq(self.begins | (self.running & ~self.done & ~self.clear)),
        ]
        m.d.sync += self.acquired.eq((self.acquired | self.acquire) & ~self.commit & ~drops)
        # Nobody sees the identifier of the next job while one waits, so it may stay until then.
        passed = Signal()
        m.d.comb += passed.eq(self.begins | (0 if self.pipelined else drops & self.waiting))
        with m.If(self.clear & self.release):
            m.d.sync += [self.next_job.eq(0), self.job.eq(0)]
        with m.Else():
            with m.If(passed):
                m.d.sync += self.next_job.eq(self.next_job + 1)
            with m.If(self.begins):
                m.d.sync += self.job.eq(self.next_job)
        return m
