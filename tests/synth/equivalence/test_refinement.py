# SPDX-License-Identifier: Apache-2.0
import random

import pytest

from pulsewright.synth.equivalence.bit_netlist import Bit, BitNetlist
from pulsewright.synth.equivalence.refinement import pair_by_behaviour
from pulsewright.synth.tools.yosys import Module
from tests.synth.equivalence.gates import gate, module_of

CLOCK, RESET, ENABLE = 2, 3, 4


def flip_flop(data: Bit, held: Bit, reset_value: int) -> Module:
    return {
        "type": f"$_DFF_PP{reset_value}_",
        "parameters": {},
        "attributes": {},
        "port_directions": {"D": "input", "C": "input", "R": "input", "Q": "output"},
        "connections": {"D": [data], "C": [CLOCK], "R": [RESET], "Q": [held]},
    }


def counter(bits: int, first: int, order: random.Random, *, inverted: bool = False) -> BitNetlist:
    """Counts while ENABLE is 1; bit k is held in `first` + k, or its opposite."""
    cells, carry = [], ENABLE
    for at in range(bits):
        held, value, total, following = (first + at + step * bits for step in range(4))
        kind = "$_NOT_" if inverted else "$_BUF_"
        cells += [
            gate(kind, value, held),
            gate("$_XNOR_" if inverted else "$_XOR_", total, value, carry),
            gate("$_AND_", following, value, carry),
            flip_flop(total, held, int(inverted)),
        ]
        carry = following
    order.shuffle(cells)
    inputs = {"clk_i": CLOCK, "rst_i": RESET, "enable_i": ENABLE}
    ports = {name: {"direction": "input", "bits": [bit]} for name, bit in inputs.items()}
    return BitNetlist({**module_of(*cells), "ports": ports})


@pytest.mark.parametrize("inverted", [False, True])
def test_the_bits_of_a_counter_are_told_apart(inverted: bool) -> None:
    """Bit 23 moves once in eight million counts."""
    bits, drawn = 24, random.Random(3)
    specified, mapped = counter(bits, 100, drawn), counter(bits, 1000, drawn, inverted=inverted)
    names = {100 + at: f"count[{at}]" for at in range(bits)}
    pairs = pair_by_behaviour(specified, mapped, names, [])
    assert {pair.specified: pair.mapped for pair in pairs} == {
        100 + at: 1000 + at for at in range(bits)
    }
    assert {pair.inverted for pair in pairs} == {inverted}
    assert {pair.specified: pair.name for pair in pairs} == names


def test_what_the_other_side_does_not_have_stays_alone() -> None:
    drawn = random.Random(4)
    specified, mapped = counter(6, 100, drawn), counter(5, 1000, drawn)
    names = {100 + at: f"count[{at}]" for at in range(6)}
    pairs = pair_by_behaviour(specified, mapped, names, [])
    assert sorted(pair.name for pair in pairs) == [f"count[{at}]" for at in range(5)]
