# SPDX-License-Identifier: Apache-2.0
from pulsewright.hls_model.nearest import LONGEST_WORD, nearest


def test_the_word_that_is_most_alike() -> None:
    assert nearest("pipelin", ["pipeline", "multipliers"]) == "pipeline"
    assert nearest("xyz", ["pipeline", "multipliers"]) is None
    assert nearest("pipeline", []) is None


def test_a_word_of_any_length_takes_no_time() -> None:
    assert nearest("a" * 10_000_000, ["a" * LONGEST_WORD]) == "a" * LONGEST_WORD
