# SPDX-License-Identifier: Apache-2.0
"""What a bench makes of a planted fault."""

from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Protocol

# Arguments that the planted design takes.
MUTANT_ARGUMENT, CYCLES_ARGUMENT = "+mutant={}", "+cycles={}"
# Wall time after which a simulation counts as one that hangs, as in a loop of logic: at least, and
# by that of the design without a fault.
LEAST_SECONDS, TIMES_AS_LONG = 60.0, 20.0


class Verdict(StrEnum):
    """DETECTED: the bench failed. HUNG: it did not end. SURVIVED: it passed."""

    DETECTED = "detected"
    HUNG = "hung"
    SURVIVED = "survived"


class MutantBench(Protocol):
    """A bench that is built once."""

    def opened(self) -> AbstractContextManager["MutantBench"]:
        """Build it, and see that it passes without a fault; verdicts are there in the block.

        Raises:
            PulsewrightError: it cannot be built, or does not pass.
        """

    def verdict(self, number: int) -> Verdict:
        """Run it on the fault of that number, from 1. Calls may run beside each other."""
