# SPDX-License-Identifier: Apache-2.0
"""The one exception a user is meant to see."""


class PulsewrightError(Exception):
    """Bad input or a missing tool: one sentence that names the value and the remedy.

    The command line prints the sentence and exits with code 2; it never shows a traceback for it.
    """
