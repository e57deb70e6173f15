# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.flow.steps.mutation import named_mutants
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.mutants.mutant import Mutant, Part

MUTANTS = [
    Mutant(number=n, part=Part.JOBS, mode="inv", module="m", cell="c", port="Y", bit=0)
    for n in (1, 2, 3)
]


def test_those_that_are_named_or_all() -> None:
    assert [one.number for one in named_mutants(MUTANTS, (3, 1))] == [1, 3]
    assert list(named_mutants(MUTANTS, ())) == MUTANTS


def test_a_number_that_no_fault_has_is_refused() -> None:
    with pytest.raises(PulsewrightError, match="--only 4: 3 faults are planted, numbered from 1"):
        named_mutants(MUTANTS, (2, 4))
