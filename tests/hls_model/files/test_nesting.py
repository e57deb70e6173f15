# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.files.nesting import MOST_LEVELS, check_nesting


def nested(levels: int) -> object:
    document: object = 1
    for number in range(levels):
        document = [document] if number % 2 else {"a": document}
    return document


def test_levels_are_counted_and_not_recursed_into() -> None:
    check_nesting(1)
    check_nesting({"a": [1, {"b": 2}], "c": []})
    check_nesting(nested(MOST_LEVELS))
    with pytest.raises(ValueError, match="a table has 1001 keys, at most 1000 are read"):
        check_nesting([{str(number): 1 for number in range(1001)}])
    for levels in (MOST_LEVELS + 1, 100_000):
        with pytest.raises(ValueError, match="nested more than 16 deep"):
            check_nesting(nested(levels))
