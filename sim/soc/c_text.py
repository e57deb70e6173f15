# SPDX-License-Identifier: Apache-2.0
"""Integers and arrays as C99."""

from collections.abc import Callable, Iterator, Sequence

SMALLEST_INT32 = -(1 << 31)
VALUES_PER_LINE = 12
WORD_MASK = (1 << 32) - 1


def c_integer(value: int) -> str:
    """A constant of C; the smallest of 32 bits has no literal."""
    return "(-2147483647 - 1)" if value == SMALLEST_INT32 else str(value)


def c_word(value: int) -> str:
    """An integer modulo 2**32 as a uint32_t."""
    return f"0x{value & WORD_MASK:08X}u"


def braces(values: Sequence[object]) -> str:
    """An initialiser of values that are C already."""
    return "{" + ", ".join(str(value) for value in values) + "}"


def c_long(value: int) -> str:
    """A constant of 64 bits."""
    return f"INT64_C({value})"


def c_array(
    kind: str, name: str, values: Sequence[int], spelt: Callable[[int], str] = c_integer
) -> Iterator[str]:
    """Lines of a static constant array of one dimension; spelt: a value as C has it."""
    yield f"static const {kind} {name}[{len(values)}] = {{"
    for start in range(0, len(values), VALUES_PER_LINE):
        line = values[start : start + VALUES_PER_LINE]
        yield f"    {', '.join(spelt(value) for value in line)},"
    yield "};"


def for_each(name: str, count: int) -> str:
    """A macro that expands X(0) X(1) ... X(count - 1)."""
    return f"#define {name}(X) " + " ".join(f"X({i})" for i in range(count))
