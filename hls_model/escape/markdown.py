# SPDX-License-Identifier: Apache-2.0
"""Text inside a paragraph or a table cell of Markdown."""

import re

from pulsewright.hls_model.escape.terminal import visible

# An underscore inside a word is no emphasis, and names are full of them.
_MARKUP = re.compile(r"[\\`*\[\]<>&|~$!]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")


def markdown_text(text: str) -> str:
    """`text` as it is: no emphasis, code, link, picture, HTML, formula or further table cell."""
    return _MARKUP.sub(lambda match: f"\\{match[0]}", visible(text))
