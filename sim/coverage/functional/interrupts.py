# SPDX-License-Identifier: Apache-2.0
"""Which causes were pending, and whether they were enabled."""

from itertools import product

from pulsewright.rtl.registers.interrupts import INTERRUPTS
from pulsewright.sim.coverage.functional.database import cover_point
from pulsewright.sim.coverage.functional.point_names import PointName

ENABLED = {False: "not enabled", True: "enabled"}


class InterruptCoverage:
    """Samples INTERRUPT_PENDING as it is read, beside what INTERRUPT_ENABLE was written with.

    there: bits of the causes that the coprocessor has.
    """

    def __init__(self, there: int) -> None:
        self._enabled = 0
        causes = [cause for bit, cause in enumerate(INTERRUPTS) if there >> bit & 1]
        bins = [f"{cause}, {enabled}" for cause, enabled in product(causes, ENABLED.values())]
        self._pending = cover_point(PointName.INTERRUPTS, [*bins, "none"])

    def enable(self, value: int) -> None:
        """A write of INTERRUPT_ENABLE, or what is left of it by a clear or a reset."""
        self._enabled = value

    def pending(self, value: int) -> None:
        """A read of INTERRUPT_PENDING."""
        for bit, cause in enumerate(INTERRUPTS):
            if value >> bit & 1:
                self._pending(f"{cause}, {ENABLED[bool(self._enabled >> bit & 1)]}")
        if value == 0:
            self._pending("none")
