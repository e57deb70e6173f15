# SPDX-License-Identifier: Apache-2.0
"""Sums of shifted operands that share their common pairs of terms."""

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

from pulsewright.hls_model.adder_graph.builder import GraphBuilder

# A term is an operand's number and its left shift in one integer that sorts by shift first.
_OPERAND_BITS = 32
_OPERAND = (1 << _OPERAND_BITS) - 1
_SHIFT_BITS = 6

# Terms of one sum and their signs, 1 or -1.
Terms = dict[int, int]


def term(operand: int, shift: int) -> int:
    """The term operand << shift."""
    return shift << _OPERAND_BITS | operand


class Pattern(NamedTuple):
    """first +/- (second << shift), which a row may hold at any shift and sign."""

    first: int
    second: int
    shift: int
    subtract: bool


# What sharing a pattern is worth, from the pattern and its number of occurrences.
Ranking = Callable[[GraphBuilder, Pattern, int], int]


def by_count(builder: GraphBuilder, pattern: Pattern, count: int) -> int:
    """Additions that the pattern takes part in."""
    return count


def by_saved_bits(builder: GraphBuilder, pattern: Pattern, count: int) -> int:
    """Full adders that making the pattern once saves."""
    widths = builder.widths
    width = max(widths[pattern.first] - pattern.shift, widths[pattern.second]) + 1
    return (count - 1) * width


def _key(one: int, sign: int, other: int, other_sign: int) -> int:
    """A pair of terms as an integer: the pattern that it is an occurrence of."""
    if other < one:
        one, other = other, one
    shift = (other >> _OPERAND_BITS) - (one >> _OPERAND_BITS)
    operands = (one & _OPERAND) << _OPERAND_BITS | (other & _OPERAND)
    return (operands << _SHIFT_BITS | shift) << 1 | (sign != other_sign)


def _pattern(key: int) -> Pattern:
    operands = key >> _SHIFT_BITS + 1
    shift = key >> 1 & (1 << _SHIFT_BITS) - 1
    return Pattern(operands >> _OPERAND_BITS, operands & _OPERAND, shift, subtract=bool(key & 1))


class TermRows:
    """Rows of terms to be added up, each within its budget of levels.

    A row whose sum of 2**level over its terms is at most 2**depth can be added up in `depth`
    levels (Kraft's inequality), so a pair of terms is replaced only where the row's budget of
    that sum allows it.
    """

    def __init__(
        self, builder: GraphBuilder, rows: Sequence[Terms], budgets: Sequence[int]
    ) -> None:
        self._builder = builder
        self.rows = [dict(row) for row in rows]
        self._slack = [
            budget - sum(1 << builder.levels[one & _OPERAND] for one in row)
            for row, budget in zip(rows, budgets, strict=True)
        ]
        # Rows that hold an operand, by the operand's number, each with the operand's terms.
        self._holders: list[dict[int, set[int]]] = [{} for _ in builder.levels]
        for number, row in enumerate(self.rows):
            for one in row:
                self._holders[one & _OPERAND].setdefault(number, set()).add(one)

    def share(self, ranking: Ranking) -> None:
        """Make the most valuable pattern once, over and over, until none occurs twice.

        Ties go to lower levels, then lower shifts, then operands made earlier. A pattern of old
        operands only ever loses occurrences, so the value it was queued with is an upper bound:
        the occurrences are looked up when it is drawn, and it is queued again if they are fewer.
        """
        counts: Counter[int] = Counter()
        for row in self.rows:
            ordered = sorted(row.items())
            counts.update(_key(*one, *other) for one, other in combinations(ordered, 2))
        queue = [self._entry(ranking, key, count) for key, count in counts.items() if count > 1]
        heapq.heapify(queue)
        while queue:
            *_, key, count = heapq.heappop(queue)
            pattern = _pattern(key)
            found = self._occurrences(pattern)
            if len(found) < 2:
                continue
            if len(found) < count:
                heapq.heappush(queue, self._entry(ranking, key, len(found)))
                continue
            for key, count in self._replace(pattern, found).items():
                if count > 1:
                    heapq.heappush(queue, self._entry(ranking, key, count))

    def _entry(self, ranking: Ranking, key: int, count: int) -> tuple[int, int, int, int, int]:
        pattern, levels = _pattern(key), self._builder.levels
        value = ranking(self._builder, pattern, count)
        level = max(levels[pattern.first], levels[pattern.second])
        return -value, level, pattern.shift, key, count

    def _growth(self, pattern: Pattern) -> int:
        """What one replacement adds to a row's sum of 2**level."""
        first, second = (self._builder.levels[one] for one in (pattern.first, pattern.second))
        return (2 << max(first, second)) - (1 << first) - (1 << second)

    def _occurrences(self, pattern: Pattern) -> list[tuple[int, int, int]]:
        """(row, first term, second term) of all that can be replaced together."""
        first, second, shift, subtract = pattern
        growth = self._growth(pattern)
        found = []
        for number in sorted(self._holders[first].keys() & self._holders[second].keys()):
            row, slack = self.rows[number], self._slack[number]
            used: set[int] = set()
            for one in sorted(self._holders[first][number]):
                other = (one & ~_OPERAND) + (shift << _OPERAND_BITS) | second
                if growth > slack:
                    break
                # One operand may stand on both sides: x + 4x + 16x holds x + 4x only once.
                if other not in row or one in used or other in used:
                    continue
                if (row[one] != row[other]) == subtract:
                    used |= {one, other}
                    slack -= growth
                    found.append((number, one, other))
        return found

    def _replace(self, pattern: Pattern, found: list[tuple[int, int, int]]) -> Counter[int]:
        """Put the pattern in the place of its pairs; return the patterns that came with it."""
        operand = self._builder.add(*pattern)
        growth = self._growth(pattern)
        # Final sums come after sharing, so that an operand made here is new.
        self._holders.append({})
        for number, one, other in found:
            row = self.rows[number]
            made = one & ~_OPERAND | operand
            row[made] = row.pop(one)
            row.pop(other)
            self._slack[number] -= growth
            self._holders[operand].setdefault(number, set()).add(made)
            for old in (one, other):
                terms = self._holders[old & _OPERAND][number]
                terms.remove(old)
                if not terms:
                    del self._holders[old & _OPERAND][number]
        counts: Counter[int] = Counter()
        for number, made_terms in self._holders[operand].items():
            row = self.rows[number]
            new = [(one, row[one]) for one in sorted(made_terms)]
            rest = [item for item in row.items() if item[0] not in made_terms]
            counts.update(_key(*one, *other) for one in new for other in rest)
            counts.update(_key(*one, *other) for one, other in combinations(new, 2))
        return counts


def sum_terms(builder: GraphBuilder, terms: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Add up (term, sign) pairs, those of the lowest levels first; (term, sign) of the sum.

    Merging the two lowest levels again and again gives the lowest level that the sum can have.
    """
    queue = [(builder.levels[one & _OPERAND], one, sign) for one, sign in terms]
    heapq.heapify(queue)
    while len(queue) > 1:
        pair = sorted((one, sign) for _, one, sign in (heapq.heappop(queue), heapq.heappop(queue)))
        (one, sign), other = pair
        operand = builder.add(*_pattern(_key(one, sign, *other)))
        heapq.heappush(queue, (builder.levels[operand], one & ~_OPERAND | operand, sign))
    ((_, total, sign),) = queue
    return total, sign


def parts_of(one: int) -> tuple[int, int]:
    """(operand, shift) of a term."""
    return one & _OPERAND, one >> _OPERAND_BITS
