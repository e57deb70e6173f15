# SPDX-License-Identifier: Apache-2.0
"""Plain identifiers in place of the escaped ones that Yosys writes."""

import re

_ESCAPED = re.compile(r"\\(\S+) ")
_UNNAMED = re.compile(r"net_\w*|port_\d+_\d+_*|_\d+_")
_WORD = re.compile(r"(?<![\\\w$'])[A-Za-z_]\w*")


def plain_names(text: str) -> str:
    """`text` with every escaped identifier renamed, the same one everywhere to the same name.

    `a1.engine` becomes a1_engine, `valid$12` valid_12, `$12` net_12, and a keyword such as `event`
    event_. One table serves the whole text, so that ports keep the names that instances use; a
    name that is taken already gets one underscore more.
    """
    taken = set(_WORD.findall(_ESCAPED.sub(" ", text)))
    renamed: dict[str, str] = {}

    def plain(match: re.Match[str]) -> str:
        old = match.group(1)
        if old not in renamed:
            new = re.sub(r"\W+", "_", old).rstrip("_")
            if new == old:  # A keyword, or it would not be escaped.
                new += "_"
            if old.startswith("$"):
                new = f"net{new}"
            while new in taken:
                new += "_"
            taken.add(new)
            renamed[old] = new
        return renamed[old]

    return _ESCAPED.sub(plain, text)


def is_unnamed(name: str) -> bool:
    """True of what `plain_names`, Amaranth's ports between modules or Yosys had to number."""
    return _UNNAMED.fullmatch(name) is not None
