# SPDX-License-Identifier: Apache-2.0
import tomllib
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.flow.inputs.toml_lines import key_lines, line_named_in, line_of

SAMPLE = '''\
# [no] = "header"
name = "a # b" # ]
"odd key" = 'c:\\'
several = [ # [[
  1, 2, # "
  { x = 3 },
]
text = """
[engine]
a = "1\\""""""
raw = \'\'\'
b = [\'\'\'
a.b.c = 1

[engine]
pipeline = "deep"   # last
[[folding]]
pe = 1
[folding.inner]
x = 1
[[folding]]

pe = 2
[[folding.deep]]
y = { z = 1, w.v = 2 }
  [ spaced . "out" ]
end = 2020-01-01 10:00:00'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("odd key",), 3),
        (("several",), 4),
        (("several", 2, "x"), 4),
        (("text",), 8),
        (("raw",), 11),
        (("a", "b", "c"), 13),
        (("engine",), 15),
        (("engine", "pipeline"), 16),
        (("folding",), 17),
        (("folding", 0, "pe"), 18),
        (("folding", 0, "inner", "x"), 20),
        (("folding", 1), 21),
        (("folding", 1, "pe"), 23),
        (("folding", 1, "deep", 0, "y", "w", "v"), 25),
        (("spaced", "out", "end"), 27),
    ],
)
def test_the_line_of_each_kind_of_statement(path: tuple[str | int, ...], line: int) -> None:
    assert key_lines(SAMPLE)[path] == line


def test_every_path_of_the_document_has_a_line() -> None:
    assert set(paths_of(tomllib.loads(SAMPLE))) <= set(key_lines(SAMPLE))


def test_line_ends_of_windows_count_once() -> None:
    assert key_lines(SAMPLE.replace("\n", "\r\n")) == key_lines(SAMPLE)


def paths_of(value: Any, before: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    found = []
    for key, inner in items:
        found += [(*before, key), *paths_of(inner, (*before, key))]
    return found


TEXTS = st.text(
    st.sampled_from([*"ab\"'[]{}#=,.\\ \t\n", "é"]) | st.characters(exclude_categories=["Cs"]),
    max_size=12,
)
VALUES = st.recursive(
    st.booleans() | st.integers(-99, 99) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.booleans())
def test_what_is_above_a_line_does_not_have_its_keys(
    document: dict[str, Any], multiline_strings: bool
) -> None:
    """By tomllib: a path comes into the document with the statement that begins on its line."""
    text = tomli_w.dumps(document, multiline_strings=multiline_strings)
    lines = key_lines(text)
    rows = text.split("\n")
    read = tomllib.loads(text)
    paths = paths_of(read)
    for line in {lines[path] for path in paths}:
        begun = {path for path in paths if lines[path] == line}
        assert begun.isdisjoint(paths_of(tomllib.loads("\n".join(rows[: line - 1]))))
        assert begun <= set(paths_of(first_whole(rows, line)))


def first_whole(rows: list[str], line: int) -> dict[str, Any]:
    """The document up to the end of the statement that begins on `line`."""
    for end in range(line, len(rows) + 1):
        try:
            return tomllib.loads("\n".join(rows[:end]))
        except tomllib.TOMLDecodeError:
            continue
    raise AssertionError(f"no statement from line {line} on ends")


def test_the_nearest_path_that_is_there() -> None:
    lines = key_lines(SAMPLE)
    assert line_of(["folding", 1, "simd"], lines) == 21
    assert line_of(["nothing", "here"], lines) is None
    assert line_of([], lines) is None


def test_the_first_key_that_a_sentence_names() -> None:
    lines = key_lines(SAMPLE)
    assert line_named_in("engine.pipeline = 'x' with a.b.c", lines) == 16
    assert line_named_in("[engine] is for others", lines) == 15
    assert line_named_in("[[folding]] 2 and 3.5 or e.g. this", lines) == 17
    assert line_named_in("nothing. At all", lines) is None
