# SPDX-License-Identifier: Apache-2.0
"""What a write to COMMIT_TRIGGER or SOFT_CLEAR asks for, coded as hwpe-ctrl's SystemRDL says.

Each of the two lowest bits turns one half off: 0 is both, 1 and 2 are one of them, 3 is neither.
The other bits mean nothing.
"""

from amaranth import Value


class CommitTrigger:
    """A word written to COMMIT_TRIGGER.

    Attributes:
        commits: the acquired job is complete.
        triggers: what is committed may run.
    """

    def __init__(self, word: Value) -> None:
        self.commits = ~word[1]
        self.triggers = ~word[0]


class SoftClear:
    """A word written to SOFT_CLEAR.

    Attributes:
        registers: what software writes gets its reset value.
        state: jobs, engine, result FIFO and pending interrupts are cleared.
    """

    def __init__(self, word: Value) -> None:
        self.registers = ~word[0]
        self.state = ~word[1]
