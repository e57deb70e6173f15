# SPDX-License-Identifier: Apache-2.0
"""How deep the lists and tables of a file are nested; recursion over them ends in the thousands."""

from collections.abc import Mapping

# No format here has more than eight levels.
MOST_LEVELS = 16
MOST_KEYS = 1000


def check_nesting(document: object) -> None:
    """Refuse a document of lists and tables in each other.

    Raises:
        ValueError: it has more than `MOST_LEVELS` levels, or a table more than `MOST_KEYS` keys.
    """
    level = [document]
    for _ in range(MOST_LEVELS + 1):
        inner: list[object] = []
        for value in level:
            if isinstance(value, Mapping):
                if len(value) > MOST_KEYS:
                    raise ValueError(f"a table has {len(value)} keys, at most {MOST_KEYS} are read")
                inner += value.values()
            elif isinstance(value, list | tuple):
                inner += value
        if not inner:
            return
        level = inner
    raise ValueError(f"its tables and lists are nested more than {MOST_LEVELS} deep")
