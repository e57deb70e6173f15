# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

from pulsewright.rtl.jobs.job_queue import JobQueue
from tests.rtl.simulation import run


def test_random_traffic_follows_a_list_of_jobs() -> None:
    """The reference is two variables: the job that runs and the one that waits."""
    queue = JobQueue()
    draw = random.Random(3)

    async def testbench(ctx: Any) -> None:
        running: int | None = None
        waiting: int | None = None
        acquired, triggered, begun = False, False, False
        next_job, last = 0, 0
        for _ in range(5000):
            assert ctx.get(queue.running) == (running is not None)
            assert ctx.get(queue.waiting) == (waiting is not None)
            assert ctx.get(queue.untriggered) == (waiting is not None and not triggered)
            assert ctx.get(queue.due) == (waiting is not None and triggered)
            assert ctx.get(queue.acquired) == acquired
            # Those that ask while one waits are told so.
            if waiting is None:
                assert ctx.get(queue.next_job) == next_job % 256
            assert ctx.get(queue.first) == begun
            assert ctx.get(queue.job) == last % 256
            # One access a cycle: a clear, an acquire, or a write to the command.
            clear = draw.random() < 0.03
            release = draw.random() < (0.5 if clear else 0.03)
            free = not (clear or release)
            # What a clear abandons does not end.
            done = running is not None and not begun and not clear and draw.random() < 0.3
            acquire = free and not acquired and waiting is None and draw.random() < 0.4
            free = free and not acquire
            commit = free and waiting is None and draw.random() < 0.4
            trigger = free and draw.random() < 0.6
            for signal, value in (
                (queue.clear, clear),
                (queue.release, release),
                (queue.done, done),
                (queue.acquire, acquire),
                (queue.commit, commit),
                (queue.trigger, trigger),
            ):
                ctx.set(signal, value)
            ctx.set(queue.asked, commit or draw.random() < 0.5)
            begins, prepares = ctx.get(queue.begins), ctx.get(queue.prepares)
            if not begins and prepares:
                assert running is None or done
            await ctx.tick()
            begun = False
            acquired = (acquired or acquire) and not (commit or clear or release)
            if done or clear:
                running = None
            if clear or release:
                waiting = None
            if clear and release:
                next_job, last = 0, 0
            if commit:
                waiting, triggered = next_job, False
                next_job += 1
            triggered = triggered or trigger
            if running is None and waiting is not None and triggered:
                running, waiting, begun = waiting, None, True
                last = running
            assert begins == begun
            assert prepares >= begins

    run(queue, testbench)
