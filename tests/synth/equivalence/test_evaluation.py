# SPDX-License-Identifier: Apache-2.0
from itertools import product

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.equivalence.evaluation import Evaluator, Gates
from tests.synth.equivalence.gates import gate, module_of

# What Yosys' manual says of its gates.
TRUTH = {
    "$_NOT_": lambda a: not a,
    "$_AND_": lambda a, b: a and b,
    "$_NAND_": lambda a, b: not (a and b),
    "$_OR_": lambda a, b: a or b,
    "$_NOR_": lambda a, b: not (a or b),
    "$_XOR_": lambda a, b: a != b,
    "$_XNOR_": lambda a, b: a == b,
    "$_ANDNOT_": lambda a, b: a and not b,
    "$_ORNOT_": lambda a, b: a or not b,
    "$_MUX_": lambda a, b, s: b if s else a,
    "$_NMUX_": lambda a, b, s: not (b if s else a),
}


@pytest.mark.parametrize("kind", TRUTH)
def test_a_gate_has_its_truth_table(kind: str) -> None:
    inputs = TRUTH[kind].__code__.co_argcount
    rows = list(product((False, True), repeat=inputs))
    evaluator = Evaluator(Gates(module_of(gate(kind, 9, *range(2, 2 + inputs)))), [9])
    assert evaluator.leaves == list(range(2, 2 + inputs))
    columns = {
        2 + at: sum(int(row[at]) << number for number, row in enumerate(rows))
        for at in range(inputs)
    }
    (found,) = evaluator.evaluate(columns, (1 << len(rows)) - 1)
    assert found == sum(int(TRUTH[kind](*row)) << number for number, row in enumerate(rows))


def test_unknown_constants_are_what_one_says() -> None:
    evaluator = Evaluator(Gates(module_of(gate("$_AND_", 9, "x", 2))), [9])
    assert evaluator.evaluate({2: 0b11}, 0b11) == [0]
    assert evaluator.evaluate({2: 0b01}, 0b11, 0b11) == [0b01]


def test_a_loop_is_refused() -> None:
    loop = module_of(gate("$_AND_", 9, 8, 2), gate("$_NOT_", 8, 9))
    with pytest.raises(PulsewrightError, match="depends on itself"):
        Evaluator(Gates(loop), [9])
