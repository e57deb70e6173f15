# SPDX-License-Identifier: Apache-2.0
"""What a misspelt word may have meant."""

import difflib
from collections.abc import Iterable

LONGEST_WORD = 80


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like `word`, if one is like it at all."""
    found = difflib.get_close_matches(word[:LONGEST_WORD], list(known), n=1, cutoff=0.5)
    return found[0] if found else None
