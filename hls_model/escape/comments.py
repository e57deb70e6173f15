# SPDX-License-Identifier: Apache-2.0
"""Text inside a comment of C, C++, Verilog or SystemRDL."""

import re

from pulsewright.hls_model.escape.terminal import visible

# Icarus gives up at some 30 000 characters without a line end.
LONGEST_COMMENT = 500

# Of two question marks and a slash C makes a backslash, and that one joins lines.
_TRIGRAPH = re.compile(r"\?(?=\?)")


def comment_text(text: str) -> str:
    """`text` for a comment of either kind, `/* */` or `//`; blanks belong around it.

    It ends no comment, begins none, and joins no line to the next. What is longer than
    `LONGEST_COMMENT` is cut, and dots say so.
    """
    line = visible(text if len(text) <= LONGEST_COMMENT else f"{text[:LONGEST_COMMENT]}...")
    line = line.replace("*/", "* /").replace("/*", "/ *")
    line = _TRIGRAPH.sub("? ", line)
    # GCC joins lines at a backslash with blanks behind it, too.
    return f"{line}." if line.rstrip(" ").endswith("\\") else line
