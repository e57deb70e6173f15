# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.rtl.registers.register_map import RegisterMap, compile_register_map
from pulsewright.sim.coverage.functional.driver_coverage import DriverCoverage
from pulsewright.sim.coverage.functional.queue import QueueState
from tests.models import random_model
from tests.sim.coverage.functional.conftest import hits, met

IDLE = QueueState()
MODEL = random_model((3, 4, 2), pulses=20, pulse_input=1)


class Simulated:
    """A queue that is in the state that it is put in, and what follows it."""

    def __init__(self, registers: RegisterMap, *, sweeps: bool = True, bytes_: bool = True) -> None:
        self.queue = {name: SimpleNamespace(value=0) for name in QueueState._fields}
        coprocessor = SimpleNamespace(job_queue=SimpleNamespace(**self.queue))
        self.coverage = DriverCoverage(
            registers, coprocessor, sweeps=sweeps, stands_still=sweeps, byte_addresses=bytes_
        )
        self.registers = registers

    def be(self, **bits: int) -> None:
        for name, signal in self.queue.items():
            signal.value = bits.get(name, 0)

    def write(self, name: str, value: int, *, refused: bool = False, be: int = WHOLE_WORD) -> None:
        state = self.coverage.state()
        self.coverage.write(state, self.registers[name].address, value, be, refused=refused)

    def read(self, name: str, value: int = 0) -> None:
        self.coverage.read(
            self.coverage.state(), self.registers[name].address, value, refused=False
        )


def test_nothing_is_known_before_the_first_reset() -> None:
    one = Simulated(compile_register_map(MODEL))
    one.write("COMMIT_TRIGGER", 0, refused=True)
    one.coverage.reset(one.coverage.state())
    assert met("queue") == []
    one.be(running=1, waiting=1, untriggered=1)
    one.coverage.reset(one.coverage.state())
    assert met("queue") == ["one runs, one has no trigger: reset"]


def test_jobs_are_what_their_words_say() -> None:
    one = Simulated(compile_register_map(MODEL))
    one.coverage.reset(None)
    one.write("COMMIT_TRIGGER", 0)
    one.write("JOB", 1 | 1 << 8)
    one.be(running=1)
    one.write("COMMIT_TRIGGER", 1)
    one.write("COMMIT_TRIGGER", 2)
    one.write("COMMIT_TRIGGER", 0, refused=True)
    one.write("AUTOTRIGGER", 1)
    inputs = [register.name for register in one.registers.array("INPUT")]
    for name in inputs:
        one.coverage.queued(one.registers[name].address, 0)
    assert one.coverage.state() is None
    one.read("STATUS")
    # A clear makes inferences of them, which nothing triggers.
    one.write("SOFT_CLEAR", 2)
    one.write(inputs[-1], 0)
    one.write("COMMIT_TRIGGER", 1)
    assert set(met("jobs")) == {
        "inference, triggered with its commit, alone",
        "curve of increments, triggered later, behind another",
        "curve of increments, triggered by its last word, behind another",
        "inference, triggered later, behind another",
    }
    assert sum(hits("jobs").values()) == 4
    # Also refused, an event has met the state.
    assert hits("queue")["one runs: commit and trigger"] == 1


def test_accesses_are_told_apart_by_word_and_answer() -> None:
    one = Simulated(compile_register_map(MODEL))
    one.coverage.reset(None)
    one.write("JOB", 1)
    one.write("JOB", 1, refused=True, be=1)
    one.read("INPUT[0]")
    for address in (0x5C, 0x01):
        one.coverage.read(IDLE, address, 0, refused=True)
        one.coverage.write(IDLE, address, 0, 1, refused=True)
    assert met("accesses") == [
        "JOB, written",
        "JOB, narrow write refused",
        "INPUT[], read",
        "empty address, read refused",
        "misaligned address, read refused",
    ]


def test_causes_are_told_apart_by_their_enables() -> None:
    one = Simulated(compile_register_map(MODEL))
    one.coverage.reset(None)
    one.write("INTERRUPT_ENABLE", 0b001)
    one.read("INTERRUPT_PENDING", 0b011)
    one.write("SOFT_CLEAR", 0)
    one.read("INTERRUPT_PENDING", 0b001)
    one.read("INTERRUPT_PENDING", 0)
    assert met("interrupts") == [
        "job_ended, not enabled",
        "job_ended, enabled",
        "fifo_not_empty, not enabled",
        "none",
    ]


def test_what_is_not_there_is_no_bin() -> None:
    registers = compile_register_map(MODEL, infer_only=True)
    one = Simulated(registers, sweeps=False, bytes_=False)
    one.coverage.reset(None)
    one.write("INPUT[0]", 0)
    names = set(hits("accesses"))
    assert not any(name.startswith(("ACQUIRE", "misaligned")) for name in names)
    assert set(hits("interrupts")) == {
        "job_ended, not enabled",
        "job_ended, enabled",
        "access_refused, not enabled",
        "access_refused, enabled",
        "none",
    }
