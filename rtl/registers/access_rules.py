# SPDX-License-Identifier: Apache-2.0
"""Which accesses to the registers wait for jobs, and which are refused because of them.

An access waits only for what ends without the help of software. A job that streams may stand
still until software takes results out of the FIFO, so what it holds up is refused instead.
"""

from amaranth import Const, Module, Signal, Value

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.rtl.jobs.job_queue import JobQueue
from pulsewright.rtl.jobs.job_request import JobKind, JobRequest
from pulsewright.rtl.jobs.job_runner import JobRunner, can_increment, streams
from pulsewright.rtl.jobs.result_fifo import ResultFifo
from pulsewright.rtl.registers.commands import CommitTrigger
from pulsewright.rtl.registers.register_file import RegisterFile

# The words that describe a job, which have to stay as they are while it waits.
JOB_WORDS = ("JOB", "N0", "N1", "TARGET")


def is_valid(model: IntegerMlp, request: JobRequest) -> Value:
    """True if the engine can do the job."""
    sweep = pulse_sweep(model)
    valid: Value = request.kind == JobKind.INFER
    if sweep is not None:
        in_range = (request.n0 <= request.n1) & (request.n1 <= sweep.maximum)
        if sweep.minimum > 0:
            in_range &= request.n0 >= sweep.minimum
        sweeps = (request.kind == JobKind.CURVE) | (request.kind == JobKind.REACH)
        valid |= sweeps & in_range
    if not can_increment(model):
        valid &= ~request.increments
    return valid


def apply_access_rules(
    m: Module,
    model: IntegerMlp,
    registers: RegisterFile,
    request: JobRequest,
    queue: JobQueue,
    runner: JobRunner,
    fifo: ResultFifo,
) -> None:
    """Drive `wait` and `refuse` of the registers that depend on jobs."""
    write, read = registers.bus.write, ~registers.bus.write
    valid = Signal(name="request_is_valid")
    any_job = Signal(name="any_job")
    any_streams = Signal(name="any_job_streams")
    m.d.comb += [
        valid.eq(is_valid(model, request)),
        # One that waits for a trigger waits for software, as no access may.
        any_job.eq(queue.running | queue.due),
        any_streams.eq(runner.streaming | (queue.due & streams(request))),
    ]

    input_words = registers.register_map.array("INPUT")
    automatic = registers.port("AUTOTRIGGER").value[0]
    for name in (*JOB_WORDS, *(register.name for register in input_words)):
        port = registers.port(name)
        triggers: Value = automatic if name == input_words[-1].name else Const(0, 1)
        frozen = write & queue.waiting
        m.d.comb += [
            port.wait.eq(frozen),
            port.refuse.eq(
                (frozen & (runner.streaming | queue.untriggered)) | (write & triggers & ~valid)
            ),
        ]
    commit = registers.port("COMMIT_TRIGGER")
    commits = CommitTrigger(registers.bus.write_data).commits
    m.d.comb += commit.refuse.eq(write & commits & (~queue.acquired | ~valid))
    for register in registers.register_map.array("RESULT"):
        port = registers.port(register.name)
        m.d.comb += [port.wait.eq(read & any_job), port.refuse.eq(read & any_streams)]
    port, empty = registers.port("RESULT_FIFO"), fifo.level == 0
    m.d.comb += [port.wait.eq(read & empty), port.refuse.eq(read & empty & ~any_streams)]
