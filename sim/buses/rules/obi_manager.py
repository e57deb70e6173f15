# SPDX-License-Identifier: Apache-2.0
"""The rules of OBI that a manager must hold."""

from types import SimpleNamespace

from pulsewright.sim.buses.rules.bus_rules import BusRules, known


class ObiManagerRules(BusRules):
    """OBI 1.6; a rule has its number there in front of what is said of it.

    R-3.1.1, R-3.1.2: a request that is not granted keeps its values and stays. R-7: a byte is
    enabled at least, and in a write those that are stand beside each other.

    Signals: req, gnt, addr, we, be, wdata, aid; aid is 0 of a port without it. Responses are not
    counted.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held: tuple[int, ...] | None = None

    def reset(self, port: SimpleNamespace) -> None:
        """A cycle in reset."""
        self._held = None

    def cycle(self, port: SimpleNamespace) -> None:
        """A cycle out of reset."""
        known(port.req, port.gnt)
        if not port.req:
            assert self._held is None, "R-3.1.2: req was retracted"
            return
        request = known(port.addr, port.we, port.be, port.aid, *((port.wdata,) if port.we else ()))
        if self._held is not None:
            assert request == self._held, f"R-3.1.1: request changed: {self._held} to {request}"
        assert port.be, "R-7: no byte is enabled"
        lowest = port.be & -port.be
        assert not port.we or not (port.be + lowest) & port.be, (
            f"R-7: the bytes {port.be:#b} that are written have a gap"
        )
        self._held = None if port.gnt else request
        self.requests += bool(port.gnt)
