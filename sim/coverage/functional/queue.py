# SPDX-License-Identifier: Apache-2.0
"""What was asked of the job queue in each of its states, and which jobs there were."""

from enum import StrEnum
from itertools import product
from typing import Any, NamedTuple

from pulsewright.rtl.jobs.job_request import INCREMENTS, KIND, STREAM, JobKind
from pulsewright.rtl.registers.register_map import RegisterMap
from pulsewright.sim.coverage.functional.database import cover_point
from pulsewright.sim.coverage.functional.point_names import PointName


class QueueState(NamedTuple):
    """running: a job runs. waiting: one is committed behind it. untriggered: it has no trigger.

    acquired: one is acquired and not committed.
    """

    running: bool = False
    waiting: bool = False
    untriggered: bool = False
    acquired: bool = False

    def __str__(self) -> str:
        parts = ["one runs"] if self.running else []
        if self.waiting:
            parts.append("one has no trigger" if self.untriggered else "one waits")
        if self.acquired:
            parts.append("one is acquired")
        return ", ".join(parts) or "idle"


QUEUE_STATES = (
    QueueState(),
    QueueState(acquired=True),
    QueueState(running=True),
    QueueState(running=True, acquired=True),
    QueueState(running=True, waiting=True),
    QueueState(waiting=True, untriggered=True),
    QueueState(running=True, waiting=True, untriggered=True),
)
"""Those that last; a job that waits alone begins by itself."""


class QueueEvent(StrEnum):
    """What may meet a queue in any state."""

    RESET = "reset"
    CLEAR_ALL = "clear of all"
    CLEAR_STATE = "clear of the state"
    CLEAR_REGISTERS = "clear of the registers"
    ACQUIRE = "acquire"
    COMMIT_AND_TRIGGER = "commit and trigger"
    COMMIT = "commit"
    TRIGGER = "trigger"
    INPUT_WRITE = "write of INPUT[]"
    RESULT_READ = "read of RESULT[]"


CLEARS = (QueueEvent.CLEAR_ALL, QueueEvent.CLEAR_STATE, QueueEvent.CLEAR_REGISTERS)
COMMITS = (QueueEvent.COMMIT_AND_TRIGGER, QueueEvent.COMMIT, QueueEvent.TRIGGER)


class Start(StrEnum):
    """How a job gets its trigger."""

    AT_ONCE = "triggered with its commit"
    LATER = "triggered later"
    AUTOMATIC = "triggered by its last word"


def job_name(job: int) -> str | None:
    """What the register JOB asks for, in words; None of kinds that there are not."""
    kind = job & KIND
    if kind == JobKind.INFER:
        return "inference into the FIFO" if job & STREAM else "inference"
    if kind == JobKind.CURVE:
        return "curve of increments" if job & INCREMENTS else "curve"
    return "reach" if kind == JobKind.REACH else None


class QueueCoverage:
    """Samples queue and jobs.

    queue: handle of the job queue in the simulator. sweeps: whether curves and reaches are there.
    stands_still: a curve may be long enough to fill the FIFO and wait, so that states in which one
    runs last as long as one likes.
    """

    def __init__(self, queue: Any, *, sweeps: bool, stands_still: bool) -> None:
        self._queue = queue
        states = [state for state in QUEUE_STATES if stands_still or not state.running]
        events = [f"{state}: {event}" for state, event in product(states, QueueEvent)]
        self._event = cover_point(PointName.QUEUE, events)
        jobs = [JobKind.INFER, STREAM]
        if sweeps:
            jobs += [JobKind.CURVE, JobKind.CURVE | INCREMENTS, JobKind.REACH]
        places = (False, True) if stands_still else (False,)
        starts = list(product(jobs, Start, places))
        self._job = cover_point(PointName.JOBS, [_started(*one) for one in starts])

    def state(self) -> QueueState:
        """Now; reset has been held before."""
        return QueueState(*(int(getattr(self._queue, name).value) == 1 for name in _SIGNALS))

    def event(self, state: QueueState, event: QueueEvent) -> None:
        """Count something that met a state."""
        self._event(f"{state}: {event}")

    def job(self, job: int, start: Start, behind: bool) -> None:
        """Count a job. job: value of the register JOB. behind: another one runs."""
        self._job(_started(job, start, behind))


_SIGNALS = QueueState._fields


def _started(job: int, start: Start, behind: bool) -> str:
    return f"{job_name(job)}, {start}, {'behind another' if behind else 'alone'}"


def queue_event(name: str, data: int, *, write: bool) -> QueueEvent | None:
    """The event that an access to the word `name` is; None of those that are none."""
    if write and name == "SOFT_CLEAR" and data < len(CLEARS):
        return CLEARS[data]
    if write and name == "COMMIT_TRIGGER" and data < len(COMMITS):
        return COMMITS[data]
    if name == "INPUT[]" and write:
        return QueueEvent.INPUT_WRITE
    if name == "RESULT[]" and not write:
        return QueueEvent.RESULT_READ
    return QueueEvent.ACQUIRE if name == "ACQUIRE" and not write else None


def has_queue(registers: RegisterMap) -> bool:
    """Whether there is a queue whose states are told apart here: of jobs that stand still."""
    return not registers.infer_only and registers.data_windows is None
