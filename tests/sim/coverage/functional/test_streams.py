# SPDX-License-Identifier: Apache-2.0
from pulsewright.sim.coverage.functional.streams import StreamCoverage
from tests.sim.coverage.functional.conftest import hits, met


def test_both_ends_are_looked_at_together() -> None:
    coverage = StreamCoverage()
    # Ready without something valid moves nothing.
    coverage.cycle(offered=False, accepted=True, result=False, taken=True)
    coverage.cycle(offered=True, accepted=False, result=True, taken=False)
    coverage.cycle(offered=True, accepted=True, result=True, taken=True)
    assert len(hits("handshakes")) == 9
    assert met("handshakes") == [
        "no vector, no result",
        "a vector waits, a result is held",
        "a vector is taken, a result is taken",
    ]
