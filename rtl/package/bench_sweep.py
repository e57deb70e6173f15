# SPDX-License-Identifier: Apache-2.0
"""Curve and reach jobs of the plain test bench, with what the integer model says of them."""

from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.pulse_sweep import PulseSweep, pulse_sweep

PULSES = 12
MOST_PULSES = 128
REACHES = 6
_LARGEST_WORD = (1 << 31) - 1
_NEVER = -1


class Reach(NamedTuple):
    """target: of a reach job. result, number: what it answers; the number is -1 if none reaches."""

    target: int
    result: int
    number: int


class BenchSweep(NamedTuple):
    """One range of pulse numbers from one input vector.

    row: number of the vector. first, last: pulse numbers. results: (pulse numbers, outputs).
    whole: (pulse numbers, outputs), all of them from whole_first on, or the first of many.
    target: of the job that hits. reached: index of the pulse number that it finds. beyond: a target
    that no result reaches; None if none fits a word.
    """

    row: int
    first: int
    last: int
    results: IntegerArray
    whole_first: int
    whole: IntegerArray
    target: int
    reached: int
    beyond: int | None

    @property
    def differences(self) -> IntegerArray:
        """Of neighbouring results; the first as it is."""
        return np.diff(self.results, axis=0, prepend=0)

    @property
    def farthest(self) -> int:
        """A target that takes all pulse numbers; that no result reaches, if one fits a word."""
        return _LARGEST_WORD if self.beyond is None else self.beyond

    @property
    def reaches(self) -> list[Reach]:
        """Reach jobs from first to last: below and beyond all results, and at some of them."""
        one = self.results[:, 0]
        records = np.flatnonzero(one > np.maximum.accumulate(np.append(one[0] - 1, one[:-1])))
        chosen = records[np.linspace(0, len(records) - 1, REACHES).round().astype(int)]
        indices = sorted({self.reached, *chosen.tolist()})
        found = [Reach(int(one[i]), int(one[i]), self.first + i) for i in indices]
        never = [target for target in (self.beyond, _LARGEST_WORD) if target is not None]
        found += [Reach(target, int(one[-1]), _NEVER) for target in never if target > one.max()]
        return [*found, Reach(-_LARGEST_WORD - 1, int(one[0]), self.first)]

    @property
    def whole_reach(self) -> Reach:
        """The same from whole_first on, of the largest result."""
        index = int(np.argmax(self.whole[:, 0]))
        largest = int(self.whole[index, 0])
        return Reach(largest, largest, self.whole_first + index)


def bench_sweep(model: IntegerMlp, codes: IntegerArray) -> BenchSweep | None:
    """The jobs from the one of the vectors `codes` whose curve reaches its median the latest.

    A target that is reached at once would tell little. None if the network has no pulse sweep.
    """
    sweep = pulse_sweep(model)
    if sweep is None:
        return None
    # Not from the minimum on if there is room, so that N0 is told from a register that is 0.
    last = min(sweep.minimum + PULSES, sweep.maximum)
    first = max(last - PULSES + 1, sweep.minimum)
    candidates = [_from_row(model, sweep, codes, row, first, last) for row in range(len(codes))]
    return max(candidates, key=lambda c: (c.reached, len(np.unique(c.results[:, 0]))))


def _from_row(
    model: IntegerMlp, sweep: PulseSweep, codes: IntegerArray, row: int, first: int, last: int
) -> BenchSweep:
    results = _curve(model, sweep, codes[row], first, last)
    one = results[:, 0]
    target = int(np.sort(one)[len(one) // 2])
    largest = int(one.max())
    return BenchSweep(
        row=row,
        first=first,
        last=last,
        results=results,
        whole_first=sweep.minimum,
        whole=_curve(
            model,
            sweep,
            codes[row],
            sweep.minimum,
            min(sweep.maximum, sweep.minimum + MOST_PULSES - 1),
        ),
        target=target,
        reached=int(np.argmax(one >= target)),
        beyond=largest + 1 if largest < _LARGEST_WORD else None,
    )


def _curve(
    model: IntegerMlp, sweep: PulseSweep, codes: IntegerArray, first: int, last: int
) -> IntegerArray:
    """Results (pulse numbers, outputs) of the vector `codes` with each of these pulse numbers."""
    swept = np.repeat(codes[np.newaxis], last - first + 1, axis=0)
    swept[:, sweep.input_index] = sweep.codes[first - sweep.minimum : last - sweep.minimum + 1]
    return model.infer(swept)
