# SPDX-License-Identifier: Apache-2.0
"""The rules of OBI that a subordinate must hold."""

from collections import deque
from types import SimpleNamespace

from pulsewright.sim.buses.rules.bus_rules import BusRules, known


class ObiRules(BusRules):
    """OBI 1.6; a rule has its number there in front of what is said of it.

    R-5: no response without a request, and none before the cycle after its grant; responses come
    in the order of the requests. R-9: `rid` is the `aid` of its request. R-4.1.1, R-4.1.2: a
    response that is not taken keeps its values and stays. `rvalid` is low in reset.

    Signals: req, gnt, aid, rvalid, rready, rdata, err, rid. Of a port without rready it is 1, and
    the others that are optional 0.
    """

    def __init__(self) -> None:
        super().__init__()
        self._outstanding: deque[int] = deque()
        self._held: tuple[int, ...] | None = None

    def reset(self, port: SimpleNamespace) -> None:
        """A cycle in reset."""
        assert port.rvalid == 0, "rvalid is high in reset"
        self._outstanding.clear()
        self._held = None

    def cycle(self, port: SimpleNamespace) -> None:
        """A cycle out of reset."""
        known(port.req, port.gnt, port.rvalid, port.rready)
        if port.rvalid:
            response = known(port.rdata, port.err, port.rid)
            if self._held is not None:
                assert response == self._held, (
                    f"R-4.1.1: response changed: {self._held} to {response}"
                )
            assert self._outstanding, "R-5: response without a request granted before it"
            assert port.rid == self._outstanding[0], "R-9: rid does not mirror aid"
            self._held = response
            if port.rready:
                self._outstanding.popleft()
                self._held = None
                self.responses += 1
        else:
            assert self._held is None, "R-4.1.2: rvalid was retracted"
        if port.req and port.gnt:
            self._outstanding.append(port.aid)
            self.requests += 1
