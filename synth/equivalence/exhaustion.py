# SPDX-License-Identifier: Apache-2.0
"""Whether a bit is the same for all values of what it depends on, one after the other."""

import random
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pulsewright.synth.equivalence.bit_netlist import Bit
from pulsewright.synth.equivalence.evaluation import Evaluator, Gate, Gates
from pulsewright.synth.equivalence.separable import separable_bits

# 2**28 values of 1000 gates take half a minute.
MOST_LEAVES, AT_ONCE, LEVELS = 28, 14, 4
DRAWN, SEED = 1 << 12, 3
_ALL = (1 << DRAWN) - 1


def always(
    value: int,
    gates: Gates,
    bit: Bit,
    fixed: Mapping[Bit, int] = MappingProxyType({}),
    most_leaves: int = MOST_LEAVES,
) -> bool | None:
    """Whether the bit is `value`, whatever it depends on; None if that is too much to try.

    What is unknown, an x, counts as `value`.

    A part of the function that stands alone and takes both values, such as the enable of a
    register, counts as one bit that may have any value; one that its last gates make constant
    is that.

    fixed: values of some that it depends on. most_leaves: of the others that are tried.

    Raises:
        PulsewrightError: the netlist has a loop of gates.
    """
    order = gates.behind([bit])
    at_random = _random_values(gates, [gate.output for gate in order], fixed, value)
    if at_random.get(bit, _ALL * value) != _ALL * value:
        return False
    known = _constants(gates, order, at_random, fixed)
    if bit in known:
        return known[bit] == value
    ends = separable_bits(order, bit, lambda one: at_random[one] not in (0, _ALL), known)
    case = _Case(value, Evaluator(gates, [bit], ends), known)
    return case.holds() if len(case.leaves) <= most_leaves else None


def _constants(
    gates: Gates, order: list[Gate], at_random: Mapping[Bit, int], fixed: Mapping[Bit, int]
) -> dict[Bit, int]:
    """Bits that a few gates before them make constant, as x & ~x, and those that are fixed."""
    known = dict(fixed)
    for gate in order:
        seen = at_random[gate.output]
        if seen in (0, _ALL) and _is_constant(gates, gate.output, int(seen == _ALL), known):
            known[gate.output] = int(seen == _ALL)
    return known


def _is_constant(gates: Gates, bit: Bit, value: int, known: Mapping[Bit, int]) -> bool:
    ends = [bit]
    for _ in range(LEVELS):
        ends = list(dict.fromkeys(one for end in ends for one in gates.inputs(end, known)))
        stops = [one for one in ends if one != bit]
        case = _Case(value, Evaluator(gates, [bit], stops), known)
        if len(case.leaves) > AT_ONCE:
            return False
        if case.holds():
            return True
    return False


def _random_values(
    gates: Gates, bits: Sequence[Bit], fixed: Mapping[Bit, int], unknown: int
) -> dict[Bit, int]:
    evaluator, drawn = Evaluator(gates, bits), random.Random(SEED)
    values = {bit: drawn.getrandbits(DRAWN) for bit in evaluator.leaves}
    values.update((bit, _ALL * one) for bit, one in fixed.items())
    return dict(zip(bits, evaluator.evaluate(values, _ALL, _ALL * unknown), strict=True))


class _Case:
    """A bit that should have a value.

    leaves: what it depends on and is not fixed.
    """

    def __init__(self, value: int, evaluator: Evaluator, fixed: Mapping[Bit, int]) -> None:
        self._value, self._evaluator, self._fixed = value, evaluator, fixed
        self.leaves = [bit for bit in evaluator.leaves if bit not in fixed]

    def holds(self) -> bool:
        """For all values of the leaves."""
        within, beyond = self.leaves[:AT_ONCE], self.leaves[AT_ONCE:]
        vectors = 1 << len(within)
        mask = (1 << vectors) - 1
        values = {bit: _counting(at, vectors) for at, bit in enumerate(within)}
        for number in range(1 << len(beyond)):
            values.update((bit, mask * (number >> at & 1)) for at, bit in enumerate(beyond))
            if not self._holds(values, mask):
                return False
        return True

    def _holds(self, values: dict[Bit, int], mask: int) -> bool:
        values.update((bit, mask * one) for bit, one in self._fixed.items())
        (found,) = self._evaluator.evaluate(values, mask, mask * self._value)
        return found == mask * self._value


def _counting(at: int, vectors: int) -> int:
    """Bit `at` of the numbers from 0, one a vector."""
    period = 1 << at
    pattern, width = ((1 << period) - 1) << period, 2 * period
    while width < vectors:
        pattern |= pattern << width
        width *= 2
    return pattern
