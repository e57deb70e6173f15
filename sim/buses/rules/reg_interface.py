# SPDX-License-Identifier: Apache-2.0
"""The rules of PULP's register interface."""

from types import SimpleNamespace

from pulsewright.sim.buses.rules.bus_rules import BusRules, known


class RegInterfaceRules(BusRules):
    """An access stays and keeps its values until READY, which means something with VALID only.

    READY and ERROR are low without VALID, and ERROR without READY, which is ours and not the
    interface's.
    """

    def __init__(self) -> None:
        super().__init__()
        self._request: tuple[int, ...] | None = None

    def reset(self, port: SimpleNamespace) -> None:
        """A cycle in reset."""
        self._request = None

    def cycle(self, port: SimpleNamespace) -> None:
        """A cycle out of reset."""
        known(port.valid, port.ready, port.error)
        assert port.valid or not port.ready, "READY is high without VALID"
        assert port.ready or not port.error, "ERROR is high without READY"
        if not port.valid:
            assert self._request is None, "an access was given up"
            return
        request = known(port.addr, port.write, *((port.wdata, port.wstrb) if port.write else ()))
        if self._request is None:
            self.requests += 1
        else:
            assert request == self._request, f"request changed: {self._request} to {request}"
        self._request = request
        if port.ready:
            known(port.rdata)
            self._request = None
            self.responses += 1
