# SPDX-License-Identifier: Apache-2.0
"""The console of every command: text of users and their files is shown, never obeyed."""

from typing import Any

from rich.console import Console
from rich.text import Text

from pulsewright.hls_model.escape.terminal import visible


class PlainConsole(Console):
    """A Rich console that takes no text for markup, emoji codes or escape sequences.

    What is printed, and every title and cell of a table, comes through `render_str`.
    """

    def __init__(self, stderr: bool = False, quiet: bool = False) -> None:
        super().__init__(stderr=stderr, quiet=quiet, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """`text`, every character of it to be seen."""
        return super().render_str(visible(text), **options)
