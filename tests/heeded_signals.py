# SPDX-License-Identifier: Apache-2.0
"""Processes that tests start and stop by signals."""

import signal


def heed_signals() -> None:
    """For `preexec_fn`: no signal that ends a program is ignored because we ignore it.

    A test runner's workers may ignore Ctrl-C, and all under nohup the end of the terminal; children
    inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
