# SPDX-License-Identifier: Apache-2.0
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.synth.equivalence.evaluation import Gates
from pulsewright.synth.equivalence.exhaustion import MOST_LEAVES, always
from pulsewright.synth.tools.yosys import Module
from tests.synth.equivalence.gates import gate, module_of


def chain(kind: str, first: int, inputs: int, output: int) -> list[Module]:
    """A function of so many inputs from bit `first`; bits from `output` on are its own."""
    gates = [gate(kind, output, first, first + 1)]
    return reduce(
        lambda some, at: [*some, gate(kind, output + at - 1, output + at - 2, first + at)],
        range(2, inputs),
        gates,
    )


@given(st.integers(2, 18))
def test_all_inputs_have_to_be_one_for_it_to_matter(inputs: int) -> None:
    """One value of all of them is enough to be seen, which random ones would miss."""
    gates = Gates(module_of(*chain("$_AND_", 2, inputs, 1000)))
    assert always(0, gates, 1000 + inputs - 2) is False
    assert always(0, gates, 1000 + inputs - 2, {2: 0}) is True


def test_what_stands_alone_is_one_bit() -> None:
    """s ? x : x is x, whatever the 40 bits behind s."""
    control, last = chain("$_XOR_", 2, 40, 1000), 1000 + 38
    same = [gate("$_MUX_", 2000, 500, 501, last), gate("$_XOR_", 2001, 2000, 500)]
    difference = gate("$_AND_", 2002, 2001, last)
    gates = Gates(module_of(*control, *same, difference))
    assert always(0, gates, 2002) is False
    equal = [gate("$_MUX_", 2000, 500, 500, last), gate("$_XOR_", 2001, 2000, 500)]
    assert always(0, Gates(module_of(*control, *equal)), 2001) is True


def test_a_part_that_is_constant_is_no_free_bit() -> None:
    control, last = chain("$_XOR_", 2, 40, 1000), 1000 + 38
    never = [gate("$_NOT_", 2000, last), gate("$_AND_", 2001, 2000, last)]
    gates = Gates(module_of(*control, *never, gate("$_AND_", 2002, 2001, 500)))
    assert always(0, gates, 2002) is True


def test_what_is_too_much_is_left_open() -> None:
    """Two sums of the same 40 bits, in another order, are always equal; no part stands alone."""
    inputs = 40
    first, second = chain("$_XOR_", 2, inputs, 1000), chain("$_XOR_", 2, inputs, 2000)
    second[0] = gate("$_XOR_", 2000, 2 + inputs - 1, 3)
    second[-1] = gate("$_XOR_", 2000 + inputs - 2, 2000 + inputs - 3, 2)
    last = gate("$_XOR_", 3000, 1000 + inputs - 2, 2000 + inputs - 2)
    assert inputs > MOST_LEAVES
    assert always(0, Gates(module_of(*first, *second, last)), 3000) is None


@pytest.mark.parametrize("value", [0, 1])
def test_what_is_unknown_counts_as_the_value(value: int) -> None:
    gates = Gates(module_of(gate("$_XOR_", 9, "x", 2)))
    assert always(value, gates, 9, {2: 0}) is True
