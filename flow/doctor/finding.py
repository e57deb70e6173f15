# SPDX-License-Identifier: Apache-2.0
"""One thing that an installation has or lacks."""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Of something that was looked for."""

    OK = "ok"
    MISSING = "missing"
    TOO_OLD = "too old"
    BROKEN = "does not work"
    NOT_SET = "not set"
    NOT_WRITABLE = "not writable"


class Finding(NamedTuple):
    """version: or place. remedy: a command or a sentence; empty where nothing is to be done.

    for_run: `pulsewright run` needs it.
    """

    kind: str
    name: str
    state: State
    version: str
    purpose: str
    remedy: str = ""
    for_run: bool = False

    @property
    def hinders_run(self) -> bool:
        """True if `pulsewright run` cannot do without a remedy."""
        return self.for_run and self.state not in (State.OK, State.NOT_SET)
