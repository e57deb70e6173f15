# SPDX-License-Identifier: Apache-2.0
"""What a user gave, as a sentence shows it: on one line, and never whole where it is long."""

from collections.abc import Mapping

from pulsewright.hls_model.visible import visible

LONGEST_VALUE = 80
LONGEST_SENTENCE = 480
# More entries of a list say nothing more.
MOST_ENTRIES = 6


def shortened(value: object, longest: int = LONGEST_VALUE) -> str:
    """`value` as Python writes it, printable, of at most `longest` characters.

    Long texts and lists keep their beginning and say how long they are.
    """
    if isinstance(value, str):
        if len(value) <= longest:
            return cut(visible(repr(value)), longest)
        return f"{visible(repr(value[: longest // 2]))}... ({len(value)} characters)"
    if isinstance(value, Mapping):
        keys = ", ".join(shortened(key, longest // 2) for key in list(value)[:MOST_ENTRIES])
        return cut(f"a table with the keys {keys or 'none'}", longest)
    if isinstance(value, list | tuple):
        entries = [shortened(entry, longest // 2) for entry in value[:MOST_ENTRIES]]
        shown = cut(f"[{', '.join(entries)}", longest)
        more = len(value) - MOST_ENTRIES
        return f"{shown}, ...] ({len(value)} entries)" if more > 0 else f"{shown}]"
    if isinstance(value, int) and abs(value) >= 10**longest:
        return f"an integer of {value.bit_length()} bits"
    return cut(visible(repr(value)), longest)


def cut(text: str, longest: int) -> str:
    """`text` without its middle where it is longer; what is wrong and the remedy are at its ends.

    A text that fits stays as it is.
    """
    if len(text) <= longest:
        return text
    end = (longest - 5) // 2
    return f"{text[: longest - 5 - end]} ... {text[len(text) - end :]}"


def one_line(sentence: str) -> str:
    """A sentence for a terminal: no control characters, and no longer than anyone reads."""
    return cut(visible(sentence), LONGEST_SENTENCE)
