# SPDX-License-Identifier: Apache-2.0
from itertools import product

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.function import parse_function

EQUAL = [
    ("A*B+C", lambda a, b, c: (a and b) or c),
    ("A&B|C", lambda a, b, c: (a and b) or c),
    ("A B + C", lambda a, b, c: (a and b) or c),
    ("(!((C A) + (!C B)))", lambda a, b, c: not (a if c else b)),
    ("!A*B'", lambda a, b, c: not a and not b),
    ("(A+B)'", lambda a, b, c: not (a or b)),
    ("!(A^B^C)", lambda a, b, c: not (a ^ b ^ c)),
    # Exclusive or binds closer than and.
    ("A^B*C", lambda a, b, c: (a ^ b) and c),
    ("1", lambda a, b, c: True),
    ("0*A", lambda a, b, c: False),
]


@pytest.mark.parametrize(("text", "expected"), EQUAL, ids=[text for text, _ in EQUAL])
def test_functions_have_the_values_that_liberty_means(text: str, expected: object) -> None:
    function = parse_function(text)
    verilog = function.verilog(lambda pin: pin.lower())
    rows = np.array(list(product((False, True), repeat=3)))
    columns = dict(zip("ABC", rows.T, strict=True))
    over = function.over(lambda pin: columns[pin], len(rows))
    assert over.tolist() == [bool(expected(*row)) for row in rows.tolist()]  # type: ignore[operator]
    for a, b, c in product((False, True), repeat=3):
        wanted = bool(expected(a, b, c))  # type: ignore[operator]
        assert function.value({"A": a, "B": b, "C": c}) == wanted
        python = verilog.replace("~", " not ").replace("&", " and ").replace("|", " or ")
        python = python.replace("^", " != ").replace("1'b", "")
        assert bool(eval(python, {"a": a, "b": b, "c": c})) == wanted


def test_pins_are_known() -> None:
    assert parse_function("!(A1*A2)+B_N'").pins == {"A1", "A2", "B_N"}


@pytest.mark.parametrize("text", ["", "A+", "(A", "A)", "A # B", "*A", "!", "A''^", "()"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(PulsewrightError, match="is no logic function"):
        parse_function(text)
