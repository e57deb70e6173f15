# SPDX-License-Identifier: Apache-2.0
"""The one exception a user is meant to see."""

from pulsewright.hls_model.shortened import one_line


class PulsewrightError(Exception):
    """Bad input or a missing tool: one sentence that names the value and the remedy.

    The command line prints the sentence and exits with code 2; it never shows a traceback for it.
    Whatever stands in a file of others, the sentence is one printable line of bounded length.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(one_line(sentence))
