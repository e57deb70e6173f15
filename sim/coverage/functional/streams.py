# SPDX-License-Identifier: Apache-2.0
"""Which states the two ends of an engine met, in the same clock cycle."""

from itertools import product

from pulsewright.sim.coverage.functional.database import cover_point
from pulsewright.sim.coverage.functional.point_names import PointName

VECTORS = ("no vector", "a vector waits", "a vector is taken")
RESULTS = ("no result", "a result is held", "a result is taken")


class StreamCoverage:
    """Samples both handshakes in every clock cycle."""

    def __init__(self) -> None:
        bins = [f"{vector}, {result}" for vector, result in product(VECTORS, RESULTS)]
        self._sample = cover_point(PointName.HANDSHAKES, bins)

    def cycle(self, *, offered: bool, accepted: bool, result: bool, taken: bool) -> None:
        """One clock cycle. accepted: ready, of a vector that is offered; taken likewise."""
        vector = VECTORS[offered + (offered and accepted)]
        self._sample(f"{vector}, {RESULTS[result + (result and taken)]}")
