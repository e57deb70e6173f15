# SPDX-License-Identifier: Apache-2.0
from pulsewright.synth.equivalence.evaluation import Gates
from pulsewright.synth.equivalence.separable import separable_bits
from tests.synth.equivalence.gates import gate, module_of

# 12 = (2 & 3) ^ (4 | 5), and 13 = 12 ^ 5.
GATES = Gates(
    module_of(
        gate("$_AND_", 10, 2, 3),
        gate("$_OR_", 11, 4, 5),
        gate("$_XOR_", 12, 10, 11),
        gate("$_XOR_", 13, 12, 5),
    )
)


def test_the_nearest_that_share_nothing_are_found() -> None:
    assert sorted(separable_bits(GATES.behind([12]), 12, lambda _: True, ())) == [10, 11]


def test_what_is_read_elsewhere_does_not_stand_alone() -> None:
    """Bit 5 is read by two, so that only the AND of others is a function by itself."""
    assert separable_bits(GATES.behind([13]), 13, lambda _: True, ()) == [10]


def test_what_never_changes_is_not_free_but_what_is_known_is_an_end() -> None:
    def is_free(bit: object) -> bool:
        return bit != 10

    assert separable_bits(GATES.behind([12]), 12, is_free, ()) == [11]
    assert sorted(separable_bits(GATES.behind([13]), 13, is_free, {12})) == [12]
