# SPDX-License-Identifier: Apache-2.0
"""Curves and reaches of the piecewise-linear engine against one inference a pulse."""

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from amaranth import Value

from pulsewright.hls_model.piecewise_linear.network import piecewise_linear_network
from pulsewright.hls_model.piecewise_linear.reach_cycles import reach_cycle
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.piecewise_linear.engine import PiecewiseLinearEngine
from tests.models import plain_input_map, random_codes, random_model
from tests.rtl.simulation import Simulation, set_together
from tests.rtl.streams import Decision, always, pack, sometimes

WORD = 1 << 31
MODELS: dict[str, dict[str, Any]] = {
    "a1_shape": {"sizes": (6, 24, 1), "pulses": 100},
    "one_neuron": {"sizes": (2, 1, 1), "pulses": 9},
    "one_input": {"sizes": (1, 7, 1), "pulses": 40},
    "two_pulses": {"sizes": (3, 5, 1), "pulses": 2, "pulse_input": 2},
    "large_steps": {"sizes": (4, 30, 1), "pulses": 12, "pulse_input": 1, "extreme": True},
    "many_pulses": {"sizes": (9, 12, 1), "pulses": 300, "input_width": 12, "pulse_input": 8},
    "narrow_weights": {"sizes": (3, 16, 1), "pulses": 60, "weight_width": 2},
    "scaled_channels": {"sizes": (3, 16, 1), "pulses": 60, "per_channel": True},
    "unsigned_inputs": {"sizes": (3, 16, 1), "pulses": 60, "signed_inputs": False},
}


@dataclass
class Job:
    """A vector, its further pulses, and the target of a reach."""

    codes: np.ndarray
    further: int
    target: int | None = None


@dataclass
class Answer:
    """Results, each with its offset; of a reach whether it was. cycles: of the last valid one."""

    values: list[int]
    offsets: list[int]
    reached: bool
    cycles: int


class Bench:
    """An engine that is elaborated once; jobs are done one after the other."""

    def __init__(self, model: IntegerMlp) -> None:
        self.model = model
        self.engine = PiecewiseLinearEngine(model)
        self.simulation = Simulation(self.engine)

    def run(self, jobs: list[Job], take: Decision = always, pause: int = 0) -> list[Answer]:
        answers: list[Answer] = []

        async def testbench(ctx: Any) -> None:
            for job in jobs:
                answers.append(await self._job(ctx, job, take))
                for _ in range(pause):
                    await ctx.tick()

        self.simulation.run(testbench)
        return answers

    async def _job(self, ctx: Any, job: Job, take: Decision) -> Answer:
        engine, answer = self.engine, Answer([], [], reached=False, cycles=0)
        width = self.model.input_format.width
        inputs = [
            (engine.vector.valid, 1),
            (Value.cast(engine.vector.payload), pack(job.codes.tolist(), width)),
            (engine.further, job.further),
            (engine.reaches, job.target is not None),
            (engine.target, job.target or 0),
        ]
        set_together(ctx, inputs)
        for cycle in range(20_000):
            ready = take(cycle)
            ctx.set(engine.result.ready, ready)
            done = False
            if ctx.get(engine.result.valid) and ready:
                answer.values.append(ctx.get(engine.result.payload[0]))
                answer.offsets.append(ctx.get(engine.offset))
                answer.reached = bool(ctx.get(engine.reached))
                answer.cycles = cycle
                done = bool(ctx.get(engine.last))
            taken = ctx.get(engine.vector.valid) and ctx.get(engine.vector.ready)
            await ctx.tick()
            if taken:
                garbage = random.Random(cycle).getrandbits(width * len(job.codes))
                unoffered = [(engine.vector.valid, 0)]
                set_together(ctx, [*unoffered, (Value.cast(engine.vector.payload), garbage)])
            if done:
                return answer
        raise AssertionError("the job never ends")


BENCHES: dict[str, Bench] = {}


def bench(name: str) -> Bench:
    if name not in BENCHES:
        BENCHES[name] = Bench(random_model(requantised=False, **MODELS[name]))
    return BENCHES[name]


def outputs(model: IntegerMlp, codes: np.ndarray, first: int, further: int) -> list[int]:
    sweep = piecewise_linear_network(model).sweep
    rows = np.tile(codes, (further + 1, 1))
    rows[:, sweep.input_index] = sweep.codes[first : first + further + 1]
    return model.infer(rows)[:, 0].tolist()


def drawn_jobs(model: IntegerMlp, count: int, seed: int) -> list[tuple[Job, list[int]]]:
    """Curves of all lengths with their outputs."""
    sweep = piecewise_linear_network(model).sweep
    draw = random.Random(seed)
    jobs = []
    for row in random_codes(model, count, seed):
        first = draw.choice([0, 0, draw.randrange(len(sweep.codes))])
        most = len(sweep.codes) - 1 - first
        further = draw.choice([most, most, draw.randint(0, most)])
        codes = row.copy()
        codes[sweep.input_index] = sweep.codes[first]
        jobs.append((Job(codes, further), outputs(model, codes, first, further)))
    return jobs


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.quick_cases(3)
def test_a_curve_is_what_inferences_give(name: str, busy: bool) -> None:
    tested = bench(name)
    jobs = drawn_jobs(tested.model, 8, seed=1)
    answers = tested.run([job for job, _ in jobs], sometimes(0.5, seed=3) if busy else always)
    for (job, expected), answer in zip(jobs, answers, strict=True):
        assert answer.values == expected
        assert answer.offsets == list(range(job.further + 1))
        if not busy:
            assert answer.cycles == tested.engine.timing.curve(job.further + 1)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.quick_cases(3)
def test_a_reach_is_the_first_inference_at_the_target(name: str) -> None:
    tested = bench(name)
    draw = random.Random(name)
    jobs: list[Job] = []
    expected: list[tuple[int, int, bool]] = []
    network, sweep = piecewise_linear_network(tested.model), []
    for job, values in drawn_jobs(tested.model, 8, seed=2):
        targets = [draw.choice(values) + draw.randint(-1, 1) for _ in range(3)]
        targets += [max(values), max(values) + 1, -WORD, WORD - 1]
        for target in draw.sample(targets, 4):
            jobs.append(Job(job.codes, job.further, target))
            code = job.codes[network.sweep.input_index]
            first = network.sweep.minimum + network.sweep.codes.tolist().index(code)
            sweep.append((first, first + job.further))
            reached = [offset for offset, value in enumerate(values) if value >= target]
            at = reached[0] if reached else job.further
            expected.append((values[at], at, bool(reached)))
    answers = tested.run(jobs)
    for job, ends, answer in zip(jobs, sweep, answers, strict=True):
        assert job.target is not None
        cycle = reach_cycle(network, tested.engine.timing, job.codes, *ends, job.target)
        assert answer.cycles == cycle <= tested.engine.timing.longest_reach(job.further + 1)
    for answer, (value, offset, reaches) in zip(answers, expected, strict=True):
        assert (answer.values, answer.offsets) == ([value], [offset])
        assert answer.reached == reaches


def peaked_model() -> IntegerMlp:
    """Output 2n, and from pulse 5 on 81 - 18n: 0, 2, 4, 6, 8, -9, -27, .."""
    input_map = plain_input_map(1, 8, pulses=20, signed=False)
    weight_format = FixedPoint(width=8, frac=7, signed=True)
    hidden = DenseLayer(
        weights=[[2], [20]],
        bias=[0, -81],
        input_format=input_map.code_format,
        weight_format=weight_format,
        relu=True,
    )
    output = DenseLayer(
        weights=[[1, -1]],
        bias=[0],
        input_format=hidden.result_format,
        weight_format=weight_format,
        relu=False,
    )
    return IntegerMlp(name="peak", input_map=input_map, layers=(hidden, output))


def test_a_peak_between_two_stops_is_reached() -> None:
    tested = Bench(peaked_model())
    codes = np.array([0])
    values = outputs(tested.model, codes, 0, 19)
    assert values[:6] == [0, 2, 4, 6, 8, -9]
    answers = tested.run([Job(codes, 19, target) for target in (7, 8, 9)])
    assert [(one.reached, one.offsets) for one in answers] == [
        (True, [4]),
        (True, [4]),
        (False, [19]),
    ]
