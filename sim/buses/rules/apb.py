# SPDX-License-Identifier: Apache-2.0
"""The rules of APB4."""

from types import SimpleNamespace

from pulsewright.sim.buses.rules.bus_rules import BusRules, known


class ApbRules(BusRules):
    """ARM IHI 0024: SETUP for one cycle, then ACCESS until PREADY, with the request unchanged.

    PSTRB low in reads. PREADY and PSLVERR low outside ACCESS, and PSLVERR without PREADY, which the
    standard recommends.
    """

    def __init__(self) -> None:
        super().__init__()
        self._request: tuple[int, ...] | None = None

    def reset(self, port: SimpleNamespace) -> None:
        """A cycle in reset."""
        self._request = None

    def cycle(self, port: SimpleNamespace) -> None:
        """A cycle out of reset."""
        known(port.psel, port.penable, port.pready, port.pslverr)
        access = bool(port.psel and port.penable)
        assert access or not port.pready, "PREADY is high outside ACCESS"
        assert port.pready or not port.pslverr, "PSLVERR is high without PREADY"
        if not port.psel:
            assert self._request is None, "a transfer was given up"
            return
        request = known(port.paddr, port.pwrite, port.pwdata, port.pstrb)
        assert port.pwrite or not port.pstrb, "PSTRB is high in a read"
        if self._request is None:
            assert not access, "ACCESS without SETUP"
            self._request = request
            self.requests += 1
            return
        assert access, "SETUP lasts longer than a cycle"
        assert request == self._request, f"request changed: {self._request} to {request}"
        if port.pready:
            known(port.prdata)
            self._request = None
            self.responses += 1
