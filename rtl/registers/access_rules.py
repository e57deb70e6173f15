# SPDX-License-Identifier: Apache-2.0
"""Which accesses to the registers wait for jobs, and which are refused because of them.

An access waits only for what ends without the help of software. A job that streams may stand
still until software takes results out of the FIFO, so what it holds up is refused instead.
"""

from amaranth import Cat, Module, Signal, Value

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.rtl.jobs.job_queue import JobQueue
from pulsewright.rtl.jobs.job_request import JobKind, JobRequest
from pulsewright.rtl.jobs.job_runner import JobRunner, can_increment, streams
from pulsewright.rtl.jobs.result_fifo import ResultFifo
from pulsewright.rtl.registers.commands import CommitTrigger
from pulsewright.rtl.registers.physical_inputs import PhysicalInputs, waits_for_codes
from pulsewright.rtl.registers.register_file import RegisterFile

# The words that describe a job, which have to stay as they are while it waits.
JOB_WORDS = ("JOB", "N0", "N1", "TARGET")


def is_valid(model: IntegerMlp, registers: RegisterFile, request: JobRequest) -> Value:
    """True if the engine can do the job that the registers describe.

    request: the same, with no more bits of a pulse number than one within the sweep has.
    """
    sweep = pulse_sweep(model)
    valid: Value = request.kind == JobKind.INFER
    if sweep is not None:
        first, last = registers.port("N0").value, registers.port("N1").value
        above = Cat(first[len(request.n0) :], last[len(request.n1) :]).any()
        in_range = ~above & (request.n0 <= request.n1)
        # Simulators warn of a comparison that always holds.
        if sweep.maximum < (1 << len(request.n1)) - 1:
            in_range &= request.n1 <= sweep.maximum
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
    physical: PhysicalInputs | None,
) -> None:
    """Drive `wait` and `refuse` of the registers.

    physical: the words of physical inputs, if there are any.
    """
    write, read = registers.bus.write, ~registers.bus.write
    valid = Signal(name="request_is_valid")
    any_job = Signal(name="any_job")
    any_streams = Signal(name="any_job_streams")
    m.d.comb += [
        valid.eq(is_valid(model, registers, request)),
        # One that waits for a trigger waits for software, as no access may.
        any_job.eq(queue.running | queue.due),
        any_streams.eq(runner.streaming | (queue.due & streams(request))),
    ]

    input_words = [r.name for r in registers.register_map.array("INPUT")]
    results = [r.name for r in registers.register_map.array("RESULT")]
    commits = CommitTrigger(registers.bus.write_data).commits
    described = _selected(registers, *JOB_WORDS, *input_words)
    starts = _selected(registers, input_words[-1]) & registers.port("AUTOTRIGGER").value[0]
    if physical is not None:
        described |= physical.selected
        starts |= physical.starts
    frozen = write & queue.waiting & described
    commit = _selected(registers, "COMMIT_TRIGGER") & commits
    result = read & _selected(registers, *results)
    none_left = read & _selected(registers, "RESULT_FIFO") & (fifo.level == 0)
    refused = (
        (frozen & (runner.streaming | queue.untriggered))
        | (write & starts & ~valid)
        | (write & commit & (~queue.acquired | ~valid))
        | (result & any_streams)
        | (none_left & ~any_streams)
    )
    waits = frozen | (result & any_job) | none_left
    if physical is not None:
        awaits_codes = Signal(name="awaits_codes")
        m.d.comb += awaits_codes.eq(waits_for_codes(registers, physical))
        waits |= awaits_codes
        # What jobs say of an access is known once those on their way are there.
        refused &= ~awaits_codes
    m.d.comb += [registers.wait.eq(waits), registers.refuse.eq(refused)]


def _selected(registers: RegisterFile, *names: str) -> Value:
    """True if the address is that of one of the registers."""
    return Cat(registers.port(name).selected for name in names).any()
