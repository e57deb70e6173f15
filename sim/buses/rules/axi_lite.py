# SPDX-License-Identifier: Apache-2.0
"""The rules of AXI4-Lite."""

from types import SimpleNamespace

from pulsewright.sim.buses.rules.bus_rules import BusRules, known

PAYLOADS = {
    "aw": ("awaddr", "awprot"),
    "w": ("wdata", "wstrb"),
    "b": ("bresp",),
    "ar": ("araddr", "arprot"),
    "r": ("rresp", "rdata"),
}
OKAY, SLVERR = 0b00, 0b10


class AxiLiteRules(BusRules):
    """ARM IHI 0022: no `valid` is retracted and no payload changes before it is taken.

    BVALID after AW and W of its write, RVALID after AR; as many responses as requests; responses
    OKAY or SLVERR; every `valid` of the subordinate low in reset.
    """

    def __init__(self) -> None:
        super().__init__()
        self._clear()

    def _clear(self) -> None:
        self._held: dict[str, tuple[int, ...]] = {}
        # Transfers of each channel in earlier cycles.
        self._transfers = dict.fromkeys(PAYLOADS, 0)

    def reset(self, port: SimpleNamespace) -> None:
        """A cycle in reset."""
        assert (port.bvalid, port.rvalid) == (0, 0), "a response is valid in reset"
        self._clear()

    def cycle(self, port: SimpleNamespace) -> None:
        """A cycle out of reset."""
        before = dict(self._transfers)
        for channel, fields in PAYLOADS.items():
            valid, ready = known(getattr(port, f"{channel}valid"), getattr(port, f"{channel}ready"))
            held = self._held.pop(channel, None)
            if not valid:
                assert held is None, f"{channel}valid was retracted"
                continue
            payload = known(*(getattr(port, field) for field in fields))
            assert held in (None, payload), f"{channel} payload changed: {held} to {payload}"
            if ready:
                self._transfers[channel] += 1
            else:
                self._held[channel] = payload
        for channel, forerunners in {"b": ("aw", "w"), "r": ("ar",)}.items():
            if not getattr(port, f"{channel}valid"):
                continue
            for forerunner in forerunners:
                assert before[forerunner] > before[channel], (
                    f"{channel}valid before {forerunner} was taken"
                )
            response = getattr(port, f"{channel}resp")
            assert response in (OKAY, SLVERR), f"{channel}resp is {response}"
        self.requests += self._increase(before, "aw", "ar")
        self.responses += self._increase(before, "b", "r")

    def _increase(self, before: dict[str, int], *channels: str) -> int:
        return sum(self._transfers[channel] - before[channel] for channel in channels)
