# SPDX-License-Identifier: Apache-2.0
"""The console of every command: text of users and their files is shown, never obeyed."""

from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from pulsewright.hls_model.escape.terminal import visible


def with_width(text: str) -> str:
    """The text, or its code points where it has no width of its own: accents on nothing.

    A table leaves such a cell out.
    """
    if cell_len(text) or not text:
        return text
    return text.encode("unicode_escape").decode("ascii")


class PlainConsole(Console):
    """A Rich console that takes no text for markup, emoji codes or escape sequences.

    What is printed, and every title and cell of a table, comes through `render_str`.
    """

    def __init__(self, stderr: bool = False, quiet: bool = False) -> None:
        super().__init__(stderr=stderr, quiet=quiet, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """`text`, every character of it to be seen."""
        return super().render_str(with_width(visible(text)), **options)
