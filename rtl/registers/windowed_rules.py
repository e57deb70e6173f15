# SPDX-License-Identifier: Apache-2.0
"""Which accesses wait for jobs, and which are refused because of them, where there are windows.

An access waits only for what ends without the help of software. A job that waits for its trigger,
or for room for its results, begins with that help alone, so what it holds up is refused instead.
"""

from amaranth import Module, Signal

from pulsewright.rtl.jobs.job_queue import JobQueue
from pulsewright.rtl.jobs.job_request import JobKind
from pulsewright.rtl.registers.commands import CommitTrigger
from pulsewright.rtl.registers.input_window import InputWindow
from pulsewright.rtl.registers.register_file import RegisterFile
from pulsewright.rtl.registers.result_window import ResultWindow


def apply_windowed_rules(
    m: Module,
    registers: RegisterFile,
    queue: JobQueue,
    inputs: InputWindow,
    results: ResultWindow,
) -> None:
    """Drive what the input window and the registers that depend on jobs wait and refuse by."""
    write = registers.bus.write
    valid = Signal(name="job_is_valid")
    stuck = Signal(name="job_needs_software")
    m.d.comb += [
        valid.eq(registers.port("JOB").value == JobKind.INFER),
        # Jobs that run bring results to be read, and so no room for another one.
        stuck.eq(queue.waiting & (queue.untriggered | results.full)),
    ]
    job, commit = registers.port("JOB"), registers.port("COMMIT_TRIGGER")
    commits = CommitTrigger(registers.bus.write_data).commits
    m.d.comb += [
        inputs.waits.eq(queue.waiting),
        inputs.refuses.eq(stuck),
        inputs.last_refuses.eq(registers.port("AUTOTRIGGER").value[0] & ~valid),
        registers.wait.eq(write & job.selected & queue.waiting),
        registers.refuse.eq(
            write
            & ((job.selected & stuck) | (commit.selected & commits & (~queue.acquired | ~valid)))
        ),
    ]
