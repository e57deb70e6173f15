# SPDX-License-Identifier: Apache-2.0
"""Text for a terminal, or for one line of anything."""


def visible(text: str) -> str:
    r"""`text` on one line, in which everything is to be seen that is in it.

    Line ends, escape sequences, marks that turn the direction of writing, halves of surrogate pairs
    and whatever else is not printed become `\n`, `\x1b`, `\u202e`, `\udc80`.
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text
    )
