# SPDX-License-Identifier: Apache-2.0
"""The programming methods once more, in Python from their description; results must be equal."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.soc.memristor_curves import Memristors

BUDGET, ROUNDS, TARGETS = 100, 16, (1, 2, 3)


class Trial(NamedTuple):
    current: int
    pulses: int
    reads: int
    cycles: int = 0


class Bench:
    """A fresh device whose pulses and reads are counted."""

    def __init__(self, devices: Memristors, device: int) -> None:
        self.reads_of, self.states_of = devices.reads[device], devices.states[device]
        self.candidate, self.place = 0, 0
        self.pulses = self.reads = 0

    def read(self) -> int:
        self.reads += 1
        return int(self.reads_of[self.candidate][self.place])

    def pulse(self, candidate: int, wanted: int) -> int:
        count = min(max(wanted, 1), BUDGET - self.pulses)
        if self.pulses and candidate != self.candidate:
            present = self.states_of[self.candidate][self.place]
            higher = np.flatnonzero(self.states_of[candidate] >= present)
            self.place = int(higher[0]) if len(higher) else len(self.states_of[candidate])
        elif not self.pulses:
            self.place = 0
        self.place = min(self.place + count, len(self.states_of[candidate]) - 1)
        self.candidate = candidate
        self.pulses += count
        return count


def blind(bench: Bench, target: int, tolerance: int, candidate: int, kind: str) -> Trial:
    now, burst = bench.read(), 1
    while now < target - tolerance and bench.pulses < BUDGET:
        before, count = now, bench.pulse(candidate, burst)
        now = bench.read()
        if kind == "doubling":
            burst = 2 * burst if 4 * (now - before) < target - now else 1
        elif kind == "extrapolated" and now <= before:
            burst += 1
        elif kind == "extrapolated" and now < target:
            burst = min(max((target - now) * count // (now - before), 1), 16)
    return Trial(now, bench.pulses, bench.reads)


def guided(
    bench: Bench, predicted: IntegerArray, target: int, tolerance: int, cycles_a_round: int
) -> Trial:
    """predicted: (candidates, pulses), results of the model."""
    candidates, pulses = predicted.shape
    last, close = pulses - 1, tolerance // 2
    pace = np.ones((candidates, 2), dtype=np.int64)
    before: tuple[int, int, int] | None = None  # candidate, place and pulses of the last burst
    rounds, now = 0, bench.read()
    while rounds < ROUNDS and now < target - tolerance and bench.pulses < BUDGET:
        rounds += 1
        places = [first_at_least(curve, now, last) for curve in predicted]
        if before is not None:
            number, place, count = before
            pace[number] += count, max(places[number] - place, 0)
        rest = target - now
        aim = target if rest <= 2 * tolerance else target - rest // 4
        options = []
        for k, place in enumerate(places):
            if place == last:
                continue
            curve = predicted[k]
            end = place + 1 + first_at_least(curve[place + 1 :], aim - close, last - place - 1)
            miss = abs(int(curve[end]) - aim)
            if miss > close and end > place + 1 and abs(int(curve[end - 1]) - aim) <= miss:
                end, miss = end - 1, abs(int(curve[end - 1]) - aim)
            count = max((end - place) * int(pace[k, 0]) // int(pace[k, 1]), 1)
            options.append((0 if miss <= close else miss, count, k, place))
        if options:
            _, count, k, place = min(options)
            before = (k, place, bench.pulse(k, count))
        else:
            before = None
            bench.pulse(0, 1)
        now = bench.read()
    return Trial(now, bench.pulses, bench.reads, rounds * cycles_a_round)


def first_at_least(curve: IntegerArray, value: int, otherwise: int) -> int:
    hits = np.flatnonzero(curve >= value)
    return int(hits[0]) if len(hits) else otherwise


def predictions(model: IntegerMlp, devices: Memristors) -> IntegerArray:
    """(devices, candidates, pulses)."""
    shape = devices.reads.shape
    numbers = np.tile(np.arange(shape[2]), shape[0] * shape[1])
    settings = np.repeat(devices.parameters.reshape(-1, 5), shape[2], axis=0)
    per_si = [feature.per_si for feature in model.input_map.features]
    values = np.column_stack([numbers, settings]) / per_si
    return model.infer(model.input_map.codes(values))[:, 0].reshape(shape)


def console(model: IntegerMlp, devices: Memristors, cycles_a_round: int) -> list[str]:
    """The lines that the program must print."""
    one = 1 << devices.frac
    tolerance = one // 32
    predicted = predictions(model, devices)

    def all_trials(method: Callable[[int, int], Trial]) -> list[tuple[int, Trial]]:
        goals = [number * one // 4 for number in TARGETS]
        return [(goal, method(d, goal)) for d in range(devices.devices) for goal in goals]

    def single(device: int, target: int, candidate: int, kind: str = "single") -> Trial:
        return blind(Bench(devices, device), target, tolerance, candidate, kind)

    def best(device: int, target: int) -> Trial:
        trials = [single(device, target, k) for k in range(devices.candidates)]
        return min(trials, key=lambda t: (abs(t.current - target) > tolerance, t.pulses))

    methods: dict[str, Callable[[int, int], Trial]] = {
        "guided": lambda d, t: guided(
            Bench(devices, d), predicted[d], t, tolerance, cycles_a_round
        ),
        "blind": lambda d, t: single(d, t, 0),
        "blind_doubling": lambda d, t: single(d, t, 0, "doubling"),
        "blind_extrapolated": lambda d, t: single(d, t, 0, "extrapolated"),
        "blind_best_pulse": best,
    }
    return [line(name, devices, all_trials(method), tolerance) for name, method in methods.items()]


def line(name: str, devices: Memristors, trials: list[tuple[int, Trial]], tolerance: int) -> str:
    errors = [trial.current - target for target, trial in trials]
    reached = sum(abs(error) <= tolerance for error in errors)
    over = sum(error > tolerance for error in errors)
    columns = {
        "pulses": [trial.pulses for _, trial in trials],
        "reads": [trial.reads for _, trial in trials],
        "error_ppm": [abs(error) * 1_000_000 >> devices.frac for error in errors],
        "cycles": [trial.cycles for _, trial in trials],
    }
    numbers = {"devices": devices.devices, "trials": len(trials), "reached": reached}
    numbers |= {"over": over, "short": len(trials) - reached - over}
    numbers |= {f"total_{n}": sum(columns[n]) for n in ("pulses", "reads", "cycles")}
    numbers |= {f"median_{n}": sorted(c)[(len(c) - 1) // 2] for n, c in columns.items()}
    return f"measure {name} " + " ".join(f"{n} {value}" for n, value in numbers.items())
