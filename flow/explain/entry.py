# SPDX-License-Identifier: Apache-2.0
"""Something with a name that can be explained."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One key, table, register, field or figure.

    kind: "recipe key", "register" or such. name: as users write it, parts joined by points.
    meaning: sentences. facts: label and value, type and default or such, in the order shown.
    """

    kind: str
    name: str
    meaning: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def first_sentence(self) -> str:
        """Of the meaning, for lists."""
        text = " ".join(self.meaning.split())
        sentence, stop, _ = text.partition(". ")
        return f"{sentence}." if stop else sentence
