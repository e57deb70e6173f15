# SPDX-License-Identifier: Apache-2.0
"""The rules of HWPE-Periph that a target must hold."""

from types import SimpleNamespace

from pulsewright.sim.buses.rules.bus_rules import BusRules, known


class HwpePeriphRules(BusRules):
    """One response for each granted access, read or write, at the earliest the cycle after.

    `r_id` equals `id`; no grant while an access is in flight, but in the cycle of its response;
    `r_valid` low in reset.
    """

    def __init__(self) -> None:
        super().__init__()
        self._outstanding: int | None = None

    def reset(self, port: SimpleNamespace) -> None:
        """A cycle in reset."""
        assert port.r_valid == 0, "r_valid is high in reset"
        self._outstanding = None

    def cycle(self, port: SimpleNamespace) -> None:
        """A cycle out of reset."""
        known(port.req, port.gnt, port.r_valid)
        if port.r_valid:
            known(port.r_data, port.r_id)
            assert self._outstanding is not None, "response without a request granted before it"
            assert port.r_id == self._outstanding, "r_id does not mirror id"
            self._outstanding = None
            self.responses += 1
        if port.gnt:
            assert self._outstanding is None, "a grant while an access is in flight"
            if port.req:
                self._outstanding = port.id
                self.requests += 1
