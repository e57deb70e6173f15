# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

from pulsewright.rtl.jobs.job_queue import JobQueue
from tests.rtl.streams import run


def test_random_traffic_follows_a_list_of_jobs() -> None:
    """The reference is a list: the first job runs, the second waits."""
    queue = JobQueue()
    draw = random.Random(3)

    async def testbench(ctx: Any) -> None:
        jobs: list[int] = []
        acquired, next_job, begun, last = False, 0, False, 0
        for _ in range(3000):
            assert ctx.get(queue.running) == bool(jobs)
            assert ctx.get(queue.waiting) == (len(jobs) == 2)
            assert ctx.get(queue.acquired) == acquired
            assert ctx.get(queue.next_job) == next_job % 256
            assert ctx.get(queue.first) == begun
            assert ctx.get(queue.job) == last % 256
            clear = draw.random() < 0.05
            done = bool(jobs) and not begun and draw.random() < 0.3
            acquire = not acquired and len(jobs) < 2 and draw.random() < 0.4
            commit = len(jobs) < 2 and not acquire and draw.random() < 0.4
            for signal, value in (
                (queue.clear, clear),
                (queue.done, done),
                (queue.acquire, acquire),
                (queue.commit, commit),
            ):
                ctx.set(signal, value)
            await ctx.tick()
            begun = False
            if clear:
                jobs, acquired = [], False
                continue
            running = jobs[:1]
            if done:
                jobs.pop(0)
            if acquire:
                acquired = True
            if commit:
                jobs.append(next_job)
                next_job += 1
                acquired = False
            if jobs and (done or jobs[:1] != running):
                begun, last = True, jobs[0]

    run(queue, testbench)
