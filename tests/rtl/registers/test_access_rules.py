# SPDX-License-Identifier: Apache-2.0
"""What waits, what is refused, and that nothing ever hangs."""

from random import Random

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.jobs.job_request import JobKind
from tests.hls_model.exact_reference import model_output
from tests.models import random_codes
from tests.rtl.register_access import ONE_OUTPUT, Bus, with_coprocessor
from tests.rtl.streams import pack

BUSY, QUEUED, ACQUIRED, UNTRIGGERED = 1, 2, 4, 8
COMMIT, TRIGGER = 1, 2
CLEAR_ALL, CLEAR_STATE, CLEAR_REGISTERS = 0, 1, 2
STREAM, INCREMENTS = 1 << 9, 1 << 8
PULSES = 40


def test_a_trigger_without_acquire_is_refused_and_changes_nothing() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        await bus.write("COMMIT_TRIGGER", refused=True)
        assert await bus.read("STATUS") == 0
        assert await bus.read("ACQUIRE") == 0
        await bus.write("COMMIT_TRIGGER")
        await bus.write("COMMIT_TRIGGER", refused=True)
        await bus.results()
        assert await bus.read("COMPLETED_JOBS") == 1

    with_coprocessor(ONE_OUTPUT, body)


def test_a_third_job_is_not_acquired() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        expected = model_output(model, codes)
        await bus.store_inputs(codes[0].tolist())
        assert await bus.trigger() == 0
        await bus.store_inputs(codes[1].tolist())
        assert await bus.trigger() == 1
        assert await bus.read("STATUS") == BUSY | QUEUED
        assert await bus.read("ACQUIRE") == 0xFFFF_FFFF
        await bus.write("COMMIT_TRIGGER", refused=True)
        assert await bus.read("RUNNING_JOB") == 0
        assert await bus.results() == expected[1]
        assert await bus.read("RUNNING_JOB") == 1
        assert await bus.read("COMPLETED_JOBS") == 2

    with_coprocessor(ONE_OUTPUT, body)


def test_words_of_a_job_that_waits_stay_as_they_are() -> None:
    """A write waits until the job runs, and is then for the next one."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 3)
        expected = model_output(model, codes)
        await bus.write("AUTOTRIGGER", 1)
        await bus.store_inputs(codes[0].tolist())
        await bus.store_inputs(codes[1].tolist())
        assert await bus.write("INPUT[0]", pack(codes[2, :4].tolist(), 8)) > 3
        assert await bus.results() == expected[1]
        await bus.write("INPUT[1]", pack(codes[2, 4:].tolist(), 8))
        assert await bus.results() == expected[2]

    with_coprocessor(ONE_OUTPUT, body)


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize(
    ("kind", "n0", "n1"),
    [
        (3, 0, 0),
        (JobKind.CURVE, 5, 4),
        (JobKind.REACH, PULSES - 1, 0),
        (JobKind.CURVE, 0, PULSES),
        (JobKind.CURVE, PULSES, PULSES),
        (JobKind.REACH, 0, 0xFFFF),
    ],
)
def test_a_job_that_is_not_valid_is_refused(kind: int, n0: int, n1: int) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        (row,) = random_codes(model, 1).tolist()
        for name, value in (("JOB", kind), ("N0", n0), ("N1", n1)):
            await bus.write(name, value)
        await bus.read("ACQUIRE")
        await bus.write("COMMIT_TRIGGER", refused=True)
        await bus.write("AUTOTRIGGER", 1)
        await bus.write("INPUT[0]", pack(row[:4], 8))
        await bus.write("INPUT[1]", pack(row[4:], 8), refused=True)
        assert await bus.read("INPUT[1]") == 0
        assert await bus.read("STATUS") == ACQUIRED
        await bus.write("JOB", JobKind.INFER)
        await bus.write("INPUT[1]", pack(row[4:], 8))
        assert await bus.results() == model_output(model, random_codes(model, 1))[0]

    with_coprocessor(ONE_OUTPUT, body, pulses=PULSES)


def test_a_commit_in_the_cycle_after_a_write_knows_whether_the_job_is_valid() -> None:
    """Whatever was written last, and whether it was written, refused or cleared."""

    def is_valid(words: dict[str, int]) -> bool:
        in_range = words["N0"] <= words["N1"] < PULSES
        return words["JOB"] == JobKind.INFER or (words["JOB"] != 3 and in_range)

    async def body(bus: Bus, model: IntegerMlp) -> None:
        random = Random(0)
        reset = {"JOB": 0, "N0": 0, "N1": 0}
        numbers = [0, 1, 2, PULSES - 1, PULSES, 1 << 6, 1 << 7, 0xFFFF]
        words = dict(reset)
        outcomes = []
        await bus.read("ACQUIRE")
        for _ in range(400):
            name = random.choice(list(words))
            words[name] = random.choice(numbers) if name != "JOB" else random.randrange(4)
            await bus.write(name, words[name])
            valid = is_valid(words)
            outcomes.append(valid)
            await bus.write("COMMIT_TRIGGER", COMMIT, refused=not valid)
            if valid:
                # The words of the job that waits for its trigger cannot be made invalid.
                await bus.write("JOB", 3, refused=True)
                await bus.write("N1", PULSES, refused=True)
                await bus.write("COMMIT_TRIGGER", TRIGGER)
                await bus.write("SOFT_CLEAR", CLEAR_STATE)
            elif random.random() < 0.1:
                await bus.write("SOFT_CLEAR", CLEAR_REGISTERS)
                words = dict(reset)
            if valid or words == reset:
                await bus.read("ACQUIRE")
        assert 100 < sum(outcomes) < 300

    with_coprocessor(ONE_OUTPUT, body, pulses=PULSES)


@pytest.mark.parametrize("kind", [JobKind.CURVE, JobKind.REACH])
def test_a_network_without_a_pulse_number_has_no_sweeps(kind: JobKind) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        assert await bus.read("LAYER_CAPABILITY") & 1 << 10 == 0
        await bus.write("JOB", kind)
        await bus.read("ACQUIRE")
        await bus.write("COMMIT_TRIGGER", refused=True)

    with_coprocessor(ONE_OUTPUT, body)


def test_what_a_standing_stream_holds_up_is_refused() -> None:
    """A curve that waits for the FIFO to be drained must not keep the one who drains it."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        await bus.store_inputs(codes[0].tolist())
        await bus.sweep(JobKind.CURVE, 0, PULSES - 1)
        await bus.idle(300)
        await bus.read("RESULT[0]", refused=True)
        await bus.write("JOB", JobKind.INFER)
        await bus.store_inputs(codes[1].tolist())
        await bus.trigger()
        for name in ("JOB", "N0", "N1", "TARGET", "INPUT[0]", "INPUT[1]"):
            before = await bus.read(name)
            await bus.write(name, 0x55, refused=True)
            assert await bus.read(name) == before
        await bus.read("RESULT[0]", refused=True)
        await bus.drain(PULSES)
        assert await bus.results() == model_output(model, codes)[1]
        await bus.read("RESULT_FIFO", refused=True)

    with_coprocessor(ONE_OUTPUT, body, pulses=PULSES)


def test_a_read_of_the_fifo_waits_for_a_stream_behind_another_job() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        await bus.store_inputs(codes[0].tolist())
        await bus.trigger()
        await bus.write("JOB", STREAM)
        await bus.store_inputs(codes[1].tolist())
        await bus.trigger()
        assert await bus.drain(1) == model_output(model, codes)[1]

    with_coprocessor(ONE_OUTPUT, body)


def test_two_managers_share_the_queue_by_acquiring() -> None:
    """One who finds the job acquired leaves its words alone; a commit releases it."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        expected = model_output(model, codes)
        assert await bus.read("ACQUIRE") == 0
        await bus.store_inputs(codes[0].tolist())
        assert await bus.read("ACQUIRE") == 0xFFFF_FFFE
        await bus.write("COMMIT_TRIGGER")
        assert await bus.read("ACQUIRE") == 1
        await bus.store_inputs(codes[1].tolist())
        assert await bus.results() == expected[0]
        await bus.write("COMMIT_TRIGGER")
        assert await bus.results() == expected[1]
        assert await bus.read("ACQUIRE") == 2
        await bus.write("SOFT_CLEAR", CLEAR_STATE)
        assert await bus.read("STATUS") == 0
        assert await bus.read("ACQUIRE") == 2
        await bus.write("SOFT_CLEAR", CLEAR_ALL)
        assert await bus.read("ACQUIRE") == 0

    with_coprocessor(ONE_OUTPUT, body)


def test_no_access_waits_for_a_trigger() -> None:
    """It is software that triggers, so what the job holds up is refused, or answered at once."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        expected = model_output(model, codes)
        await bus.store_inputs(codes[0].tolist())
        await bus.trigger()
        assert await bus.results() == expected[0]
        await bus.write("JOB", STREAM)
        await bus.store_inputs(codes[1].tolist())
        await bus.read("ACQUIRE")
        await bus.write("COMMIT_TRIGGER", COMMIT)
        assert await bus.read("STATUS") == QUEUED | UNTRIGGERED
        assert await bus.read("ACQUIRE") == 0xFFFF_FFFF
        for name in ("JOB", "N0", "N1", "TARGET", "INPUT[0]", "INPUT[1]"):
            assert await bus.write(name, 0x55, refused=True) == 0
        await bus.read("RESULT_FIFO", refused=True)
        assert await bus.results() == expected[0]
        await bus.write("COMMIT_TRIGGER", TRIGGER)
        await bus.write("COMMIT_TRIGGER", TRIGGER)
        assert await bus.drain(1) == expected[1]

    with_coprocessor(ONE_OUTPUT, body)


def test_a_clear_of_the_registers_lets_the_job_that_runs_go_on() -> None:
    """In any cycle; the one that waits behind it is what the registers say, and goes."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        expected = model_output(model, codes)
        ended = []
        for delay in range(20):
            before = await bus.read("COMPLETED_JOBS")
            for row in codes.tolist():
                await bus.store_inputs(row)
                await bus.trigger()
            await bus.idle(delay)
            await bus.write("SOFT_CLEAR", CLEAR_REGISTERS)
            assert await bus.read("INPUT[0]") == 0
            results = await bus.results()
            ended.append(await bus.read("COMPLETED_JOBS") - before)
            assert results == expected[ended[-1] - 1], f"after a clear at {delay}"
            assert await bus.read("STATUS") == 0
        assert ended == sorted(ended)
        assert set(ended) == {1, 2}

    with_coprocessor(ONE_OUTPUT, body)


def test_increments_that_leave_a_word_are_refused() -> None:
    """Results of 32 bits: the difference of two has 33."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        assert model.output_format.width == 32
        await bus.write("JOB", JobKind.CURVE | INCREMENTS)
        await bus.read("ACQUIRE")
        await bus.write("COMMIT_TRIGGER", refused=True)
        await bus.write("JOB", JobKind.CURVE)
        await bus.write("COMMIT_TRIGGER")

    sizes, foldings = (6, 8, 8, 1), [(8, 6), (8, 8), (1, 8)]
    with_coprocessor((sizes, foldings), body, requantised=False, input_width=4, pulses=PULSES)
