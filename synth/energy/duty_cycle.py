# SPDX-License-Identifier: Apache-2.0
"""What an inference costs when it is asked for seldom: leakage and an idle clock included."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import sqrt
from typing import NamedTuple


@dataclass(frozen=True)
class DutyCost:
    """A core that computes now and then.

    inference: in pJ, in `cycles` cycles of a clock of `megahertz`. idle_cycle: in pJ, of a cycle in
    which nothing is computed; 0 if the clock is stopped then. leakage: in nW, all the time.
    """

    inference: float
    cycles: float
    megahertz: float
    leakage: float
    idle_cycle: float = 0.0

    @property
    def most_a_second(self) -> float:
        """Inferences a second of a core that never idles."""
        return self.megahertz * 1e6 / self.cycles

    def picojoule(self, a_second: float) -> float:
        """Of one inference, at so many of them a second, with its share of all that is between.

        Raises:
            ValueError: the core cannot do so many, or there are none.
        """
        if not 0 < a_second <= self.most_a_second * (1 + 1e-9):
            raise ValueError(f"{a_second} inferences a second are none, or too many")
        idle_cycles = max(0.0, self.megahertz * 1e6 / a_second - self.cycles)
        # nW / (1/s) = nJ.
        return self.inference + 1000 * self.leakage / a_second + self.idle_cycle * idle_cycles

    @property
    def break_even(self) -> float:
        """Inferences a second at which what is between them costs as much as they do."""
        standing = 1000 * self.leakage + self.idle_cycle * self.megahertz * 1e6
        return standing / (self.inference + self.idle_cycle * self.cycles)


def crossing(one: DutyCost, other: DutyCost) -> float | None:
    """Inferences a second at which two cores with stopped clocks cost the same.

    None if one of them is the cheaper at any rate.
    """
    energy = one.inference - other.inference
    leakage = 1000 * (other.leakage - one.leakage)
    return leakage / energy if energy * leakage > 0 else None


class CheapestCore(NamedTuple):
    """name: of a core. least, most: inferences a second between which it is the cheapest."""

    name: str
    least: float
    most: float


def cheapest_by_rate(costs: Mapping[str, DutyCost], least: float = 1.0) -> list[CheapestCore]:
    """Which of some cores with stopped clocks is the cheapest, by rates from `least` on.

    Rates end where none of the cores can do more. The names are those of `costs`.
    """
    marks = {least} | {cost.most_a_second for cost in costs.values()}
    marks |= {rate for pair in combinations(costs.values(), 2) if (rate := crossing(*pair))}
    found: list[CheapestCore] = []
    for low, high in pairwise(sorted(mark for mark in marks if mark >= least)):
        middle = sqrt(low * high)
        able = {name: one for name, one in costs.items() if one.most_a_second >= middle}
        if not able:
            break
        name = min(able, key=lambda one: able[one].picojoule(middle))
        if found and found[-1].name == name:
            found[-1] = found[-1]._replace(most=high)
        else:
            found.append(CheapestCore(name, low, high))
    return found
